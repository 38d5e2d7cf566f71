"""The small networks and examples that PyTorch is given here: those of test/support/problems.ts, whose generator is written again."""

import numpy
import torch

torch.set_default_dtype(torch.float64)

INPUTS, CLASSES = 5, 3
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


def random_problem(hidden, bias, examples):
    """Weights (in, out) and biases as arrays, inputs and labels, and a draw of the index of an example."""
    source = noise(examples * 7919 + INPUTS)
    floats = lambda count, size: numpy.array(
        [size * next(source) for _ in range(count)], dtype=numpy.float32
    ).astype(numpy.float64)
    draw = lambda below: int((next(source) + 1) * 0.5 * below)
    sizes = [INPUTS, *hidden, CLASSES]
    weights = [floats(i * o, 0.3).reshape(i, o) for i, o in zip(sizes, sizes[1:])]
    biases = [floats(o if bias else 0, 0.1) for o in sizes[1:]]
    inputs = floats(examples * INPUTS, 1).reshape(examples, INPUTS)
    labels = [draw(CLASSES) for _ in range(examples)]
    return weights, biases, torch.tensor(inputs), torch.tensor(labels), lambda: draw(examples)
