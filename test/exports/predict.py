"""Predictions from exported weights, by NumPy and by PyTorch: what a user of an export would write.

predict.py FOLDER reads weights.npz, weights.safetensors and data.npz (uint8 images (n, d) and labels of the training
subset and the test set), standardizes as docs/numerics.md says, and prints as JSON how many predictions are right.
"""

import json
import struct
import sys

import numpy as np
import torch


def standardized(data):
    """The training and the test images, both with the training subset's statistics."""
    train = data["train_images"].astype(np.int64)
    n = len(train)
    sums, squares = train.sum(axis=0), (train * train).sum(axis=0)
    mean = (sums / n).astype(np.float32)
    std = np.sqrt((n * squares - sums * sums) / (n * (n - 1))).astype(np.float32)
    for images in (data["train_images"], data["test_images"]):
        yield (images.astype(np.float32) - mean) / (std + np.float32(1e-6))


def read_safetensors(path):
    """The format in ten lines, for Debian has no package that reads it."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        values = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(values[begin:end], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors, metadata


def with_numpy(weights, x):
    layers = len(weights.files) // 2
    for layer in range(1, layers + 1):
        x = x @ weights[f"w{layer}"] + weights[f"b{layer}"]
        if layer < layers:
            x = np.maximum(x, 0)
    return x.argmax(axis=1)


def with_torch(state, x):
    modules = []
    for layer in range(len(state) // 2):
        outputs, inputs = state[f"{2 * layer}.weight"].shape
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*modules[:-1])
    model.load_state_dict(state)
    with torch.no_grad():
        return model(torch.from_numpy(x)).argmax(dim=1).numpy()


folder = sys.argv[1]
data = np.load(f"{folder}/data.npz")
weights = np.load(f"{folder}/weights.npz")
state, metadata = read_safetensors(f"{folder}/weights.safetensors")
right = {"numpy": [], "torch": []}
for images, labels in zip(standardized(data), (data["train_labels"], data["test_labels"])):
    right["numpy"].append(int((with_numpy(weights, images) == labels).sum()))
    right["torch"].append(int((with_torch(state, images) == labels).sum()))
print(json.dumps({"right": right, "metadata": metadata}))
