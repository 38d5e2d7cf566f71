"""Trains small networks under μP with PyPI's `mup`, in float64, and prints what src/kernel/mup.test.ts holds ours against.

    pip install mup==1.0.0 && python3 test/reference/make-mup.py > test/reference/mup.json

Made with PyTorch 1.13. Starts, examples and what is kept of a training are those of make-training.py. The readout of `mup`
divides its outputs by the width's ratio, so its weights are ours times that, and their ε another one: Adam's is so small here that
it is none.
"""

import itertools
import json

import mup
import torch

from problems import CLASSES, INPUTS, noise, random_problem

EXAMPLES = 100
BASE, PASSES, BATCH = 8, 8, 7
LEARNING_RATES = {"sgd": 0.02, "momentum": 0.01, "adam": 0.003}


class Network(torch.nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        sizes = [INPUTS, *[width] * depth]
        self.hidden = torch.nn.ModuleList(torch.nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))
        self.readout = mup.MuReadout(width, CLASSES)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.tanh(layer(x))
        return self.readout(x)

    def layers(self):
        return [*self.hidden, self.readout]


def train(optimizer, width, depth):
    weights, biases, inputs, labels, index = random_problem([width] * depth, True, EXAMPLES)
    network = Network(width, depth)
    mup.set_base_shapes(network, Network(BASE, depth), delta=Network(BASE + 1, depth))
    ratios = [1] * depth + [width / BASE]
    with torch.no_grad():
        for layer, w, b, ratio in zip(network.layers(), weights, biases, ratios):
            layer.weight.copy_(2 * ratio * torch.tensor(w.T))
            layer.bias.copy_(torch.tensor(b))
    rate = LEARNING_RATES[optimizer]
    steps = (
        mup.MuAdam(network.parameters(), lr=rate, eps=1e-20)
        if optimizer == "adam"
        else mup.MuSGD(network.parameters(), lr=rate, momentum=0.9 if optimizer == "momentum" else 0)
    )
    loss = lambda rows: torch.nn.functional.cross_entropy(network(inputs[rows]), labels[rows])
    objectives = 0.0
    for _ in range(PASSES):
        order = [index() for _ in range(EXAMPLES)]
        for begin in range(0, EXAMPLES, BATCH):
            steps.zero_grad()
            value = loss(order[begin : begin + BATCH])
            value.backward()
            steps.step()
            objectives += value.item()
    source = noise(1)
    projection = sum(
        next(source) * value
        for layer, ratio in zip(network.layers(), ratios)
        for value in [*(layer.weight.T / ratio).flatten().tolist(), *layer.bias.tolist()]
    )
    return [objectives, projection, loss(range(EXAMPLES)).item()]


if __name__ == "__main__":
    cases = [
        {
            **{"optimizer": optimizer, "width": width, "depth": depth, "base_width": BASE},
            **{"learning_rate": LEARNING_RATES[optimizer], "batch": BATCH, "passes": PASSES},
            "wanted": train(optimizer, width, depth),
        }
        for optimizer, depth, width in itertools.product(LEARNING_RATES, [1, 2], [8, 24, 33])
    ]
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"made_with": "mup 1.0.0, torch {torch.__version__}", "cases": [\n{lines}\n]}}')
