"""Runs the homework notebook's procedure with other seeds, widths and learning rates.

    python3 test/reference/make-notebook-extra.py > test/reference/notebook-extra.json

Needs NumPy and PyTorch (made with Debian 12's python3-torch 1.13 on x86-64 with AVX2) and Debian's package
dataset-fashion-mnist. The draws are those that notebook.json lists: a subset of 6000; then for each training in
turn weights 1e-6 * randn and single draws of choice(6000).
"""

import gzip
import json
import sys

import numpy as np
import torch

FOLDER = "/usr/share/datasets/fashion-mnist/"
torch.set_num_threads(1)


def read(name, offset):
    with gzip.open(FOLDER + name + "-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


train_x = read("train-images-idx3", 16).reshape(-1, 784)
train_y = read("train-labels-idx1", 8).astype(np.int64)
test_x = read("t10k-images-idx3", 16).reshape(-1, 784)
test_y = read("t10k-labels-idx1", 8).astype(np.int64)


def score(x, y, parameters):
    w1, b1, w2, b2 = parameters
    scores = torch.relu(x @ w1 + b1) @ w2 + b2
    right = int((scores.argmax(1) == y).sum())
    return float(torch.nn.functional.cross_entropy(scores, y)), right


def case(numpy_seed, torch_seed, trainings):
    np.random.seed(numpy_seed)
    torch.manual_seed(torch_seed)
    subset = np.random.choice(60000, size=6000, replace=False)
    x = torch.from_numpy(train_x[subset].astype(np.float32))
    y = torch.from_numpy(train_y[subset])
    mean, std = x.mean(0), x.std(0)
    x = (x - mean) / (std + 1e-6)
    tx = (torch.from_numpy(test_x.astype(np.float32)) - mean) / (std + 1e-6)
    ty = torch.from_numpy(test_y)
    results = []
    for width, learning_rate in trainings:
        parameters = [
            1e-6 * torch.randn(784, width),
            torch.zeros(width),
            1e-6 * torch.randn(width, 10),
            torch.zeros(10),
        ]
        for p in parameters:
            p.requires_grad_(True)
        with torch.no_grad():
            before = [score(x, y, parameters), score(tx, ty, parameters)]
        average, averages = 0.0, []
        for step in range(6000):
            i = np.random.choice(6000)
            w1, b1, w2, b2 = parameters
            scores = torch.relu(x[i : i + 1] @ w1 + b1) @ w2 + b2
            loss = torch.nn.functional.cross_entropy(scores, y[i : i + 1])
            average = 0.99 * average + 0.01 * float(loss)
            if step % 100 == 99:
                averages.append(average)
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for p, g in zip(parameters, gradients):
                    p -= learning_rate * g
        with torch.no_grad():
            after = [score(x, y, parameters), score(tx, ty, parameters)]
        results.append(
            {
                "width": width,
                "learning_rate": learning_rate,
                "right_before_train_test": [right for _, right in before],
                "loss_before_train_test": [loss for loss, _ in before],
                "running_averages": averages,
                "loss_after_train_test": [loss for loss, _ in after],
            }
        )
    return {
        "numpy_seed": numpy_seed,
        "torch_seed": torch_seed,
        "first_indices_of_the_subset": subset[:10].tolist(),
        "trainings_in_order": results,
    }


cases = [case(7, 3, [(20, 0.003), (32, 0.01)]), case(123, 9, [(5, 0.004), (64, 0.0025)])]
json.dump({"made_with": f"torch {torch.__version__}, numpy {np.__version__}", "cases": cases}, sys.stdout, indent=1)
