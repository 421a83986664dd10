"""Makes counts.json.gz and inner/counts.json.gz: what the synthetic labor market is calibrated on, counted over train
persons of NLSY97 (crc32(person_id) % 100 below 70; inner: below 56). Needs Python 3.10 and the folder of source data:

    python make_counts.py ../../../shared/data

README.md says what is counted. Nobody's career can be read from the counts.
"""

import csv
import gzip
import io
import json
import sys
import zlib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SCHOOL, NOT_WORKING = "In school", "Not working"
EDUCATIONS = [
    "less than high school",
    "high school",
    "some college",
    "associate's degree",
    "bachelor's degree",
    "master's degree",
    "doctorate or professional degree",
]
SEXES = ["female", "male"]
ETHNICITIES = [
    "asian or pacific islander",
    "black or african american",
    "hispanic or latino",
    "other or mixed",
    "white",
]
REGIONS = ["northcentral", "northeast", "south", "west"]
# First age of each band; the last four hold nobody in NLSY97.
BANDS = [0, 17, 18, 19, 20, 22, 25, 30, 42, 55, 62]


def band_of(age):
    return max(i for i, first in enumerate(BANDS) if age >= first)


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


def cells(counter):
    """A counter as one list a cell, the key's parts and then the count, sorted."""
    return [[*key, n] for key, n in sorted(counter.items())]


def counts_of(data, folder, below):
    titles = list(rows_of(data / "nlsy97" / "occupations.csv"))
    position = {row["occupation"]: i for i, row in enumerate(titles)}
    groups = sorted({row["group"] for row in titles if row["group"]})
    # Military and the two states without work have no group in the list: each is its own
    alone = [row["occupation"] for row in titles if not row["group"]]

    transitions = Counter()
    for row in rows_of(folder / "transitions.csv"):
        transitions[position[row["from"]], position[row["to"]]] = int(row["n"])
    margins = Counter()
    for row in rows_of(folder / "occupation_margins.csv"):
        if row["sex"] and row["education"] and row["ethnicity"]:
            key = (SEXES.index(row["sex"]), EDUCATIONS.index(row["education"]), ETHNICITIES.index(row["ethnicity"]))
            margins[(position[row["occupation"]], *key)] += int(row["n"])
    states = Counter()
    for row in rows_of(folder / "state_by_age_sex.csv"):
        state = ["Working", NOT_WORKING, SCHOOL].index(row["state"])
        states[int(row["age"]), SEXES.index(row["sex"]), state] += int(row["n"])
    hazard = [
        [["occupation", NOT_WORKING, SCHOOL].index(row["from_kind"]), int(row["years_in_state"]), int(row["n"]),
         round(int(row["n"]) * float(row["leave_share"]))]
        for row in rows_of(folder / "leaving_hazard.csv")
    ]

    careers = {}
    for row in rows_of(data / "nlsy97" / "nlsy97.csv.gz"):
        if zlib.crc32(row["person_id"].encode()) % 100 < below:
            careers.setdefault(row["person_id"], []).append(row)
    persons, entries, shares, learning, leaving = Counter(), Counter(), Counter(), Counter(), Counter()
    group_of = [groups.index(t["group"]) if t["group"] else len(groups) + alone.index(t["occupation"]) for t in titles]
    for rows in careers.values():
        rows.sort(key=lambda row: int(row["year"]))
        first = rows[0]
        sex, birth = SEXES.index(first["sex"]), int(first["birth_year"])
        persons[sex, ETHNICITIES.index(first["ethnicity"]), REGIONS.index(first["region"])] += 1
        entries[(int(first["year"]) - birth,)] += 1
        for row in rows:
            band = band_of(int(row["year"]) - birth)
            shares[group_of[position[row["occupation"]]], sex, EDUCATIONS.index(row["education"]), band] += 1
        for a, b in zip(rows, rows[1:]):
            if int(b["year"]) - int(a["year"]) > 1:
                continue
            # the step into year b, at b's age and education
            band = band_of(int(b["year"]) - birth)
            before, now = EDUCATIONS.index(a["education"]), EDUCATIONS.index(b["education"])
            learning[before, now, int(a["occupation"] == SCHOOL), band] += 1
            kind = {NOT_WORKING: 1, SCHOOL: 2}.get(a["occupation"], 0)
            leaving[kind, sex, now, band, int(a["occupation"] != b["occupation"])] += 1
    return {
        "source": f"NLSY97, persons with crc32(person_id) % 100 below {below}",
        "persons": len(careers),
        "titles": [row["occupation"] for row in titles],
        "groups": groups + alone,
        "groupOf": group_of,
        "sexes": SEXES,
        "ethnicities": ETHNICITIES,
        "regions": REGIONS,
        "educations": EDUCATIONS,
        "bands": BANDS,
        "transitions": cells(transitions),
        "margins": cells(margins),
        "states": cells(states),
        "hazard": hazard,
        "covariates": cells(persons),
        "entryAges": cells(entries),
        "shares": cells(shares),
        "learning": cells(learning),
        "leaving": cells(leaving),
    }


def write(path, value):
    # neither a name nor a time in the stream: the same counts give the same bytes
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
        stream.write(json.dumps(value, separators=(",", ":")).encode())
    path.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    data = Path(sys.argv[1])
    write(HERE / "counts.json.gz", counts_of(data, data / "calibration", 70))
    write(HERE / "inner" / "counts.json.gz", counts_of(data, data / "calibration" / "inner", 56))
