"""
PyTorch's side of the training benchmark: the same decoder as a user of PyTorch would write it, eager, on the CPU.
Reads the decoder and the batch of a folder, times steps and prints what it measured as one line of JSON.

    python bench/training_step.py FOLDER WARM_UP_SECONDS SECONDS THREADS
"""

import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False)


class Norm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps)


def rotate(x, cos, sin):
    """x [B, H, T, D] turned by its positions."""
    a, b = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-b, a), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (linear(width, width) for _ in range(4))

    def forward(self, x, cos, sin):
        B, T, C = x.shape
        q, k, v = (m(x).view(B, T, self.heads, -1).transpose(1, 2) for m in (self.q_proj, self.k_proj, self.v_proj))
        mixed = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v, is_causal=True)
        return self.o_proj(mixed.transpose(1, 2).reshape(B, T, C))


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.gate_proj, self.up_proj = linear(width, inner), linear(width, inner)
        self.down_proj = linear(inner, width)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = Norm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn = Attention(c["hidden_size"], c["num_attention_heads"])
        self.post_attention_layernorm = Norm(c["hidden_size"], c["rms_norm_eps"])
        self.mlp = FeedForward(c["hidden_size"], c["intermediate_size"])

    def forward(self, h, cos, sin):
        h = h + self.self_attn(self.input_layernorm(h), cos, sin)
        return h + self.mlp(self.post_attention_layernorm(h))


class Decoder(nn.Module):
    """Parameters bear Hugging Face's names; the output layer shares the embedding's weights."""

    def __init__(self, c, T):
        super().__init__()
        self.model = nn.Module()
        self.model.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.model.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.model.norm = Norm(c["hidden_size"], c["rms_norm_eps"])
        half = c["hidden_size"] // c["num_attention_heads"] // 2
        angles = torch.arange(T)[:, None] * c["rope_theta"] ** (-torch.arange(half) / half)
        angles = torch.cat((angles, angles), dim=1)  # [T, D]
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, ids):
        h = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            h = layer(h, self.cos, self.sin)
        return F.linear(self.model.norm(h), self.model.embed_tokens.weight)


def main(folder, warm_up, seconds, threads):
    torch.set_num_threads(int(threads))
    config = json.loads((Path(folder) / "config.json").read_text())
    task = json.loads((Path(folder) / "task.json").read_text())
    B, T = task["B"], task["T"]
    decoder = Decoder(config, T)
    decoder.load_state_dict(load_file(Path(folder) / "model.safetensors"))
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in decoder.parameters() if p.dim() > 1], "weight_decay": task["weightDecay"]},
            {"params": [p for p in decoder.parameters() if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=task["learningRate"],
        betas=(task["beta1"], task["beta2"]),
        eps=task["epsilon"],
        fused=True,
    )
    inputs = torch.tensor(task["inputs"]).view(B, T)
    targets = torch.tensor(task["targets"])
    losses = []

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(decoder(inputs).view(B * T, -1), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), task["clip"])
        optimizer.step()
        losses.append(loss.item())

    def times(at_least):
        """Milliseconds of each step of at least so many seconds, one at the least."""
        taken = []
        end = time.perf_counter() + at_least
        while not taken or time.perf_counter() < end:
            began = time.perf_counter()
            step()
            taken.append(1000 * (time.perf_counter() - began))
        return sorted(taken)

    times(float(warm_up))
    taken = times(float(seconds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "losses": losses[:2],
                "milliseconds": taken[len(taken) // 2],
                "peakMegabytes": peak,
                "version": torch.__version__,
            }
        )
    )


main(*sys.argv[1:])
