"""
Hugging Face's side of the scoring benchmark: all titles behind a prompt, as a user of transformers would score them. The
prompt is run once, its key/value cache repeated for a batch of titles, the titles padded and sorted by length.
Prints what it measured as one line of JSON.

    python bench/scoring.py FOLDER MODEL THREADS
"""

import copy
import json
import resource
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import LlamaForCausalLM

BATCHES = (16, 64, 172, 344)


@torch.no_grad()
def score(model, prompt, titles, batch):
    """[J] log-probabilities of the titles behind the prompt."""
    first = model(torch.tensor([prompt]), use_cache=True)
    start = torch.log_softmax(first.logits[0, -1], -1)
    order = sorted(range(len(titles)), key=lambda j: len(titles[j]))
    result = [0.0] * len(titles)
    for begin in range(0, len(titles), batch):
        chosen = order[begin : begin + batch]
        longest = max(len(titles[j]) for j in chosen)
        ids = torch.zeros(len(chosen), longest, dtype=torch.long)
        for row, j in enumerate(chosen):
            ids[row, : len(titles[j])] = torch.tensor(titles[j])
        cache = copy.deepcopy(first.past_key_values)
        cache.batch_repeat_interleave(len(chosen))
        logs = torch.log_softmax(model(ids[:, :-1], past_key_values=cache, use_cache=True).logits, -1)
        following = logs.gather(2, ids[:, 1:, None])[..., 0]
        for row, j in enumerate(chosen):
            n = len(titles[j])
            result[j] = (start[titles[j][0]] + following[row, : n - 1].sum()).item()
    return result


def main(folder, model_folder, threads):
    torch.set_num_threads(int(threads))
    task = json.loads((Path(folder) / "task.json").read_text())
    model = LlamaForCausalLM.from_pretrained(model_folder, dtype=torch.float32).eval()
    prompts, titles = task["prompts"], task["titles"]
    score(model, prompts[0], titles, 64)
    best = None
    for batch in BATCHES:
        began = time.perf_counter()
        logs = [score(model, prompt, titles, batch) for prompt in prompts]
        milliseconds = 1000 * (time.perf_counter() - began) / len(prompts)
        if best is None or milliseconds < best["milliseconds"]:
            best = {"milliseconds": milliseconds, "batch": batch}
    print(
        json.dumps(
            {
                **best,
                "logs": logs[0],
                "version": transformers.__version__,
                "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main(*sys.argv[1:])
