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
embedded, S = "E" in size, size.get("S", 0)
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


class Sequences(torch.nn.Module):
    """Encoder and decoder with Luong's general attention: nothing is fed back, so that both layers run over whole sequences at once."""

    def __init__(self):
        super().__init__()
        self.source_embedding, self.embedding = torch.nn.Embedding(V, I), torch.nn.Embedding(V, I)
        self.encoder = getattr(torch.nn, kind)(I, H, L, batch_first=True)
        self.bridge = torch.nn.Linear(H, 2 * H)
        self.decoder = getattr(torch.nn, kind)(I, H, L, batch_first=True)
        self.general = torch.nn.Linear(H, H, bias=False)
        self.combine = torch.nn.Linear(2 * H, H, bias=False)
        self.dense = torch.nn.Linear(H, V)

    def forward(self, x):
        memory = self.encoder(self.source_embedding(source))[0]
        h, c = torch.tanh(self.bridge(memory.mean(1))).unsqueeze(0).chunk(2, 2)
        states = self.decoder(self.embedding(x), (h.contiguous(), c.contiguous()))[0]
        weights = torch.softmax(torch.bmm(self.general(states), memory.transpose(1, 2)), 2)
        read = torch.bmm(weights, memory)
        return self.dense(torch.tanh(self.combine(torch.cat((read, states), 2))))


class FedSequences(Sequences):
    """The same with input feeding (Luong et al. 2015): each step reads what the one before gave, so that the decoder runs step by step."""

    def __init__(self):
        super().__init__()
        self.decoder = torch.nn.LSTMCell(I + H, H)

    def forward(self, x):
        memory = self.encoder(self.source_embedding(source))[0]
        state = torch.tanh(self.bridge(memory.mean(1))).chunk(2, 1)
        words, fed, outputs = self.embedding(x), torch.zeros(B, H), []
        keys = torch.matmul(memory, self.general.weight)
        for t in range(T):
            state = self.decoder(torch.cat((words[:, t], fed), 1), state)
            weights = torch.softmax(torch.bmm(keys, state[0].unsqueeze(2)).squeeze(2), 1)
            read = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
            fed = torch.tanh(self.combine(torch.cat((read, state[0]), 1)))
            outputs.append(fed)
        return self.dense(torch.stack(outputs, 1))


network = (FedSequences() if "F" in size else Sequences()) if S else Network()
x = torch.randint(0, V, (B, T)) if embedded else torch.randn(B, T, I)
targets = torch.randint(0, V, (B, T))
source = torch.randint(0, V, (B, S))


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
