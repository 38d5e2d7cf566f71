"""Trains small networks with PyTorch's autograd in float64, and prints what src/kernel/pytorch.test.ts holds ours against.

    python3 test/reference/make-training.py examples > test/reference/training.json
    python3 test/reference/make-training.py batches > test/reference/batches.json
    python3 test/reference/make-training.py large > test/reference/large-batches.json

Made with PyTorch 1.13. Starts and examples are those of problems.py.
Of each training three numbers are kept: the sum of its steps' objectives, the sum of the final parameters each times a
number from the same generator, and the mean loss at the end. `examples` are 120 steps of one example each; `batches` are
passes over `examples` draws, until 100 steps are made, whose last batch may be shorter; a step's objective has the penalty
of its pass's start.
"""

import itertools
import json
import sys

import torch

from problems import ACTIVATIONS, HIDDEN, OBJECTIVES, noise, random_problem

EXAMPLES = 100
STEPS, LEAST_STEPS = 120, 100


def problem(hidden, bias):
    """With weights doubled."""
    weights, biases, inputs, labels, index = random_problem(hidden, bias, EXAMPLES)
    doubled = [2 * w for w in weights]
    parameters = [[torch.tensor(v, requires_grad=True) for v in kind] for kind in (doubled, biases)]
    return parameters, inputs, labels, index


def single_examples(index):
    """A training's batches, and whether their objectives' penalty is measured anew."""
    return (([index()], True) for _ in range(STEPS))


def passes(index, examples, batch):
    """Likewise."""
    for _ in range(-(-LEAST_STEPS // -(-examples // batch))):
        order = [index() for _ in range(examples)]
        for begin in range(0, examples, batch):
            yield order[begin : begin + batch], begin == 0


def optimizer_of(choice, learning_rate, weights, biases):
    """What `choice`, as a specification has it, means; both are pairs of a tensor and the factor on its rate."""
    settings = dict(choice or {"kind": "sgd"})
    kind = settings.pop("kind")
    decay = settings.pop("weight_decay", 0)
    groups = lambda pairs, **others: [
        {"params": [p], "lr": learning_rate * rate, **others} for p, rate in pairs
    ]
    if kind == "sgd":
        return torch.optim.SGD(groups(weights + biases), lr=1, **settings)
    return torch.optim.AdamW(
        groups(weights, weight_decay=decay) + groups(biases, weight_decay=0),
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
    )


def train(
    activation,
    objective,
    hidden,
    bias,
    regularization,
    rates=None,
    optimizer=None,
    learning_rate=0.02,
    batches=single_examples,
):
    (weights, biases), inputs, labels, index = problem(hidden, bias)

    def loss(rows):
        a = inputs[rows]
        for layer, (w, b) in enumerate(zip(weights, biases)):
            a = a @ w + b if bias else a @ w
            if layer < len(hidden):
                a = ACTIVATIONS[activation](a)
        return OBJECTIVES[objective](a, labels[rows])

    rates = rates or {kind: [1] * len(weights) for kind in ("weights", "biases")}
    stepped = optimizer_of(
        optimizer,
        learning_rate,
        list(zip(weights, rates["weights"])),
        list(zip(biases, rates["biases"])) if bias else [],
    )
    objectives = 0.0
    for rows, measured in batches(index):
        stepped.zero_grad()
        mean = loss(rows)
        penalty = 0.5 * regularization * sum((w**2).sum() for w in weights)
        (mean + penalty).backward()
        stepped.step()
        if measured:
            told = penalty
        objectives += (mean + told).item()
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


def example_cases():
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
    return cases


OPTIMIZERS = [
    (None, 0.02),
    ({"kind": "sgd", "momentum": 0.9}, 0.004),
    ({"kind": "sgd", "momentum": 0.8, "nesterov": True}, 0.006),
    ({"kind": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, 0.004),
    ({"kind": "adam", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weight_decay": 0.1}, 0.006),
]


def batch_cases():
    """Small batches with every activation, depth, objective and optimizer; what is costly with every pair of these."""
    networks = [
        (hidden, activation)
        for hidden in HIDDEN
        for activation in (ACTIVATIONS if hidden else ["relu"])
    ]
    objectives = list(OBJECTIVES)
    combinations = [
        (network, objective, optimizer, batch, 50)
        for network, objective, optimizer, batch in itertools.product(
            networks, objectives, OPTIMIZERS, [1, 3, 16]
        )
        if optimizer[0] or batch > 1
    ]
    combinations += [
        (network, objectives[at % 3], optimizer, 100, [230, 100][(at + which) % 2])
        for (at, network), (which, optimizer) in itertools.product(
            enumerate(networks), enumerate(OPTIMIZERS)
        )
        if (at + which) % 3 == 0
    ]
    # A first layer of blocks of 16 examples.
    combinations += [
        (([40, 4], activation), objectives[which % 3], optimizer, batch, 50)
        for (which, optimizer), (activation, batch) in itertools.product(
            enumerate(OPTIMIZERS), [("relu", 2), ("tanh", 3), ("relu", 5), ("linear", 16)]
        )
    ]
    for at, ((hidden, activation), objective, (optimizer, rate), batch, examples) in enumerate(
        combinations
    ):
        case = {
            "activation": activation,
            "objective": objective,
            "hidden": hidden,
            "bias": at % 7 % 2 == 0,
            "regularization": [0, 0.01, 0.05][at % 11 % 3],
            **({"rates": factors(hidden)} if at % 13 % 3 == 0 else {}),
            **({"optimizer": optimizer} if optimizer else {}),
            "learning_rate": rate,
        }
        batches = lambda index: passes(index, examples, batch)
        yield {**case, "batch": batch, "examples": examples, "wanted": train(**case, batches=batches)}


def large_cases():
    """Batches of 100, of 230 examples and of as many as there are: everything with everything."""
    networks = [
        (hidden, activation)
        for hidden in HIDDEN
        for activation in (ACTIVATIONS if hidden else ["relu"])
    ]
    combinations = itertools.product(networks, OBJECTIVES, OPTIMIZERS, [230, 100], [True, False])
    for at, ((hidden, activation), objective, (optimizer, rate), examples, bias) in enumerate(
        combinations
    ):
        case = {
            "activation": activation,
            "objective": objective,
            "hidden": hidden,
            "bias": bias,
            "regularization": [0, 0.01, 0.05][at % 11 % 3],
            **({"rates": factors(hidden)} if at % 13 % 3 == 0 else {}),
            **({"optimizer": optimizer} if optimizer else {}),
            "learning_rate": rate,
        }
        batches = lambda index: passes(index, examples, 100)
        yield {**case, "batch": 100, "examples": examples, "wanted": train(**case, batches=batches)}


if __name__ == "__main__":
    kinds = {"examples": example_cases, "batches": batch_cases, "large": large_cases}
    cases = kinds[sys.argv[1]]()
    lines = ",\n".join(json.dumps(case) for case in cases)
    print(f'{{"made_with": "torch {torch.__version__}", "cases": [\n{lines}\n]}}')
