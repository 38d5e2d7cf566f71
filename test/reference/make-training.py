"""Trains small networks with PyTorch's autograd in float64, and prints what src/kernel/pytorch.test.ts holds ours against.

    python3 test/reference/make-training.py > test/reference/training.json

Made with PyTorch 1.13. Starts and examples are those of test/support/problems.ts, whose generator is written again here.
Of each training three numbers are kept: the sum of its steps' objectives, the sum of the final parameters each times a
number from the same generator, and the mean loss at the end.
"""

import itertools
import json

import numpy
import torch

torch.set_default_dtype(torch.float64)

INPUTS, CLASSES, EXAMPLES = 5, 3, 100
STEPS = 120
ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "linear": lambda z: z,
    "square": torch.square,
}
OBJECTIVES = {
    "cross-entropy": lambda scores, y: torch.nn.functional.cross_entropy(scores, y),
    "squared error": lambda scores, y: squared_error(scores, y),
    "squared error of softmax": lambda scores, y: squared_error(torch.softmax(scores, 1), y),
}
HIDDEN = [[], [4], [4, 3], [4, 3, 5]]


def squared_error(values, labels):
    targets = torch.nn.functional.one_hot(labels, CLASSES)
    return ((values - targets) ** 2).sum(1).mean()


def noise(seed):
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**31 - 1


def problem(hidden, bias):
    source = noise(EXAMPLES * 7919 + INPUTS)
    floats = lambda count, size: numpy.array(
        [size * next(source) for _ in range(count)], dtype=numpy.float32
    ).astype(numpy.float64)
    sizes = [INPUTS, *hidden, CLASSES]
    weights = [2 * floats(i * o, 0.3).reshape(i, o) for i, o in zip(sizes, sizes[1:])]
    biases = [floats(o if bias else 0, 0.1) for o in sizes[1:]]
    inputs = floats(EXAMPLES * INPUTS, 1).reshape(EXAMPLES, INPUTS)
    labels = [int((next(source) + 1) * 0.5 * CLASSES) for _ in range(EXAMPLES)]
    order = [int((next(source) + 1) * 0.5 * EXAMPLES) for _ in range(STEPS)]
    parameters = [[torch.tensor(v, requires_grad=True) for v in kind] for kind in (weights, biases)]
    return parameters, torch.tensor(inputs), torch.tensor(labels), order


def train(activation, objective, hidden, bias, regularization, rates=None):
    (weights, biases), inputs, labels, order = problem(hidden, bias)

    def loss(rows):
        a = inputs[rows]
        for layer, (w, b) in enumerate(zip(weights, biases)):
            a = a @ w + b if bias else a @ w
            if layer < len(hidden):
                a = ACTIVATIONS[activation](a)
        return OBJECTIVES[objective](a, labels[rows])

    rates = rates or {kind: [1] * len(weights) for kind in ("weights", "biases")}
    groups = [*zip(weights, rates["weights"]), *(zip(biases, rates["biases"]) if bias else [])]
    optimizer = torch.optim.SGD([{"params": [p], "lr": 0.02 * rate} for p, rate in groups], lr=1)
    objectives = 0.0
    for example in order:
        optimizer.zero_grad()
        value = loss([example]) + 0.5 * regularization * sum((w**2).sum() for w in weights)
        value.backward()
        optimizer.step()
        objectives += value.item()
    source = noise(1)
    projection = sum(
        next(source) * value
        for w, b in zip(weights, biases)
        for value in [*w.flatten().tolist(), *b.tolist()]
    )
    return [objectives, projection, loss(range(EXAMPLES)).item()]


def factors(hidden):
    layers = range(len(hidden) + 1)
    return {"weights": [1.5 - 0.4 * l for l in layers], "biases": [0.5 + 0.3 * l for l in layers]}


cases = [
    {
        "activation": activation,
        "objective": objective,
        "hidden": hidden,
        "bias": bias,
        "regularization": regularization,
        "wanted": train(activation, objective, hidden, bias, regularization),
    }
    for objective, hidden, activation, bias, regularization in itertools.product(
        OBJECTIVES, HIDDEN, ACTIVATIONS, [True, False], [0, 0.01]
    )
    if hidden or activation == "relu"
]
cases += [
    {
        "activation": activation,
        "objective": "cross-entropy",
        "hidden": hidden,
        "bias": bias,
        "regularization": regularization,
        "rates": factors(hidden),
        "wanted": train(
            activation, "cross-entropy", hidden, bias, regularization, factors(hidden)
        ),
    }
    for hidden, activation, bias, regularization in itertools.product(
        HIDDEN, ["relu", "tanh"], [True, False], [0, 0.01]
    )
]
lines = ",\n".join(json.dumps(case) for case in cases)
print(f'{{"made_with": "torch {torch.__version__}", "cases": [\n{lines}\n]}}')
