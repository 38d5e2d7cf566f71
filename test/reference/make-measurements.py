"""Measures small networks with PyTorch in float64, and prints what src/measurements/measurements.test.ts holds ours against.

    python3 test/reference/make-measurements.py > test/reference/measurements.json

Made with PyTorch 1.13. Networks and examples are those of problems.py, with weights doubled. Of each Hessian (torch.autograd.functional.hessian) the largest eigenvalue is kept, and what its
product with a vector of numbers from the same generator is projected on by another one. The other measurements are of
relu networks whose first hidden units have biases of -100; the network before training has the weights not doubled.
"""

import itertools
import json

import numpy
import torch

from problems import ACTIVATIONS, HIDDEN, OBJECTIVES, noise, random_problem

EXAMPLES, TEST = 70, 9


def forward(weights, biases, activation, inputs):
    preactivations = []
    a = inputs
    for w, b in zip(weights, biases):
        z = a @ w + b if len(b) else a @ w
        preactivations.append(z)
        a = ACTIVATIONS[activation](z)
    return preactivations


def hessian(activation, objective, hidden, bias, regularization, examples):
    weights, biases, inputs, labels, _ = random_problem(hidden, bias, EXAMPLES)
    pairs = zip(weights, biases)
    parts = [torch.tensor(v) for w, b in pairs for v in ((2 * w, b) if bias else (2 * w,))]

    def loss(vector):
        values = [
            v.reshape(p.shape) for v, p in zip(vector.split([p.numel() for p in parts]), parts)
        ]
        ws = values[::2] if bias else values
        bs = values[1::2] if bias else [torch.empty(0)] * len(ws)
        scores = forward(ws, bs, activation, inputs[:examples])[-1]
        penalty = 0.5 * regularization * sum((w**2).sum() for w in ws)
        return OBJECTIVES[objective](scores, labels[:examples]) + penalty

    vector = torch.cat([p.flatten() for p in parts])
    matrix = torch.autograd.functional.hessian(loss, vector).numpy()
    source = noise(1)
    along, onto = ([next(source) for _ in range(len(vector))] for _ in range(2))
    return {
        "activation": activation,
        "objective": objective,
        "hidden": hidden,
        "bias": bias,
        "regularization": regularization,
        "examples": examples,
        "largest": numpy.linalg.eigvalsh(matrix)[-1],
        "projection": float(numpy.array(onto) @ matrix @ numpy.array(along)),
    }


def measured(hidden, bias):
    weights, biases, inputs, labels, _ = random_problem(hidden, bias, EXAMPLES)
    for b in biases[:-1]:
        b[:1] = -100
    tensors = lambda arrays, factor=1: [torch.tensor(factor * v) for v in arrays]
    now = forward(tensors(weights, 2), tensors(biases), "relu", inputs)
    before = forward(tensors(weights), tensors(biases), "relu", inputs)
    scores = now[-1]
    at_label = scores.gather(1, labels[:, None])[:, 0]
    others = scores.scatter(1, labels[:, None], float("-inf")).max(1).values
    return {
        "hidden": hidden,
        "bias": bias,
        "weight norms": [numpy.linalg.norm(2 * w) for w in weights],
        "distance": [numpy.linalg.norm(w) for w in weights],
        "dead units": [(z <= 0).all(0).double().mean().item() for z in now[:-1]],
        "preactivations": [
            *(z.abs().mean().item() for z in now),
            *((z - z0).abs().mean().item() for z, z0 in zip(now, before)),
        ],
        "margin": [(at_label - others).min().item()],
        "brier score": [OBJECTIVES["squared error of softmax"](scores[:TEST], labels[:TEST]).item()],
        "predictions": torch.softmax(scores[:TEST], 1).flatten().tolist(),
    }


hessians = [
    hessian(activation, objective, hidden, bias, regularization, EXAMPLES)
    for objective, hidden, activation, bias, regularization in itertools.product(
        OBJECTIVES, HIDDEN, ACTIVATIONS, [True, False], [0, 0.01]
    )
    if hidden or activation == "relu"
]
hessians += [hessian("tanh", "cross-entropy", [4, 3], True, 0.01, 11)]
networks = [measured(hidden, bias) for hidden, bias in itertools.product(HIDDEN, [True, False])]
rows = lambda cases: ",\n".join(json.dumps(case) for case in cases)
print(f'{{"made_with": "torch {torch.__version__}",')
print(f'"hessians": [\n{rows(hessians)}\n],\n"networks": [\n{rows(networks)}\n]}}')
