"""PyTorch as a contestant: `pytorch.py <mode> <part> <threads> <workload…>`. ../protocol.ts says how it speaks, ../workload.ts
what the words mean.

`pytorch.py check` fails with the reason where it would compute far slower than it can.
"""
import json
import os
import sys
import time

import torch


def blas():
    """The library that multiplies its matrices: Debian installs it with the reference BLAS where nothing better is there."""
    try:
        with open("/proc/self/maps") as maps:
            loaded = maps.read()
    except OSError:
        return "its own"
    for name in ("openblas", "mkl", "blis", "atlas"):
        if name in loaded:
            return name
    return "reference" if "libblas" in loaded else "its own"


if sys.argv[1:] == ["check"]:
    sys.exit("it has only the reference BLAS, which is many times slower than OpenBLAS" if blas() == "reference" else 0)

mode, part, _, kind, *words = sys.argv[1:]
size = {word[0]: int(word[1:]) for word in words}
B, T, H, L, V = size["B"], size["T"], size["H"], size.get("L", 1), size.get("V", 65)
embedded = "E" in size
I = size["E"] if embedded else size["I"]

# OpenBLAS has the threads (its environment says how many); a second set of its own would fight for the same cores.
torch.set_num_threads(1)
torch.manual_seed(1)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, I) if embedded else torch.nn.Identity()
        self.recurrent = getattr(torch.nn, kind)(I, H, L, batch_first=True)
        self.dense = torch.nn.Linear(H, V)

    def forward(self, x):
        return self.dense(self.recurrent(self.embedding(x))[0])


network = Network()
x = torch.randint(0, V, (B, T)) if embedded else torch.randn(B, T, I)
targets = torch.randint(0, V, (B, T))


def train():
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(network(x).reshape(-1, V), targets.reshape(-1))
    loss.backward()
    optimizer.step()
    return loss.item()


def infer():
    return network(x)[0, 0, 0].item()


def step():
    global state
    output, state = network.recurrent(x, state)
    return output


if mode == "train":
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
else:
    torch.set_grad_enabled(False)
state = None
run, calls = {"train": (train, 1), "infer": (infer, 1), "step": (step, 100)}[mode]


def take_turn(milliseconds):
    times, values = [], []
    began = now = time.perf_counter()
    while True:
        before = now
        for _ in range(calls):
            value = run()
        now = time.perf_counter()
        times.append((now - before) * 1000 / calls)
        values.append(float(value.flatten()[0]) if mode == "step" else value)
        if (now - began) * 1000 >= milliseconds:
            return {"times": times, "values": values}


def answer(message):
    print(json.dumps(message, separators=(",", ":")), flush=True)


threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
computes_with = f"native, {blas()} BLAS with {threads} threads, 1 of its own"
answer({"introduction": {"version": torch.__version__, "computesWith": computes_with}})
for line in sys.stdin:
    answer({"turn": take_turn(float(line))})
