"""Predictions from exported weights, by NumPy and by PyTorch: what a user of an export would write.

predict.py FOLDER RULE reads weights.npz, weights.safetensors and data.npz (uint8 images (n, d) and labels of the training
subset and the test set), standardizes with the mean and deviation of the files, and prints as JSON how many predictions
are right, and whether mean and deviation are those of the training subset, computed by the rule as docs/numerics.md says.
"""

import json
import struct
import sys

import numpy as np
import torch


def statistics(images, rule):
    """Mean and deviation of the training subset."""
    if rule in ("unit", "none"):
        return np.zeros(images.shape[1], "f4"), np.full(images.shape[1], 255 if rule == "unit" else 1, "f4")
    if rule == "whole":
        values = images.astype(np.float64).ravel()
        mean = np.cumsum(values)[-1] / len(values)
        std = np.sqrt(np.cumsum((values - mean) ** 2)[-1] / (len(values) - 1)).astype(np.float32)
        return tuple(np.full(images.shape[1], value, "f4") for value in (mean, std + np.float32(1e-6)))
    train = images.astype(np.int64)
    n = len(train)
    sums, squares = train.sum(axis=0), (train * train).sum(axis=0)
    mean = (sums / n).astype(np.float32)
    std = np.sqrt((n * squares - sums * sums) / (n * (n - 1))).astype(np.float32)
    return mean, std + np.float32(1e-6)


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


def with_numpy(weights, images):
    x = (images.astype(np.float32) - weights["mean"]) / weights["deviation"]
    layers = sum(name.startswith("w") for name in weights.files)
    for layer in range(1, layers + 1):
        x = x @ weights[f"w{layer}"] + weights[f"b{layer}"]
        if layer < layers:
            x = np.maximum(x, 0)
    return x.argmax(axis=1)


def with_torch(state, images):
    state = dict(state)
    mean, deviation = state.pop("mean"), state.pop("deviation")
    modules = []
    for layer in range(len(state) // 2):
        outputs, inputs = state[f"{2 * layer}.weight"].shape
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*modules[:-1])
    model.load_state_dict(state)
    with torch.no_grad():
        x = (torch.from_numpy(images).float() - mean) / deviation
        return model(x).argmax(dim=1).numpy()


folder, rule = sys.argv[1:]
data = np.load(f"{folder}/data.npz")
weights = np.load(f"{folder}/weights.npz")
state, metadata = read_safetensors(f"{folder}/weights.safetensors")
right = {"numpy": [], "torch": []}
for part in ("train", "test"):
    images, labels = data[f"{part}_images"], data[f"{part}_labels"]
    right["numpy"].append(int((with_numpy(weights, images) == labels).sum()))
    right["torch"].append(int((with_torch(state, images) == labels).sum()))
expected = statistics(data["train_images"], rule)
same_inputs = {
    "numpy": all(map(np.array_equal, expected, (weights["mean"], weights["deviation"]))),
    "torch": all(map(np.array_equal, expected, (state["mean"].numpy(), state["deviation"].numpy()))),
}
print(json.dumps({"right": right, "same_inputs": same_inputs, "metadata": metadata}))
