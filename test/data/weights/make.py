"""Weights that PyTorch has drawn, as files that a study may begin with, and what PyTorch computes from them.

python3 make.py writes the .npz and .safetensors beside it, the data set that they are trained on (data.npz), and
expected.json: of each file the digest of its parameters (docs/numerics.md), and the objectives on the training set before
training and after each of two passes of SGD with batch size 1, in order (then prettier formats it). Made with PyTorch 1.13.1 and NumPy 1.24.2.
"""

import hashlib
import json
import struct

import numpy as np
import torch

RATE = 0.05
DTYPES = {"F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16}


def data():
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(36, 5, generator=generator)
    y = torch.randint(0, 3, (36,), generator=generator)
    arrays = {"x_train": x[:24], "y_train": y[:24], "x_test": x[24:], "y_test": y[24:]}
    np.savez("data.npz", **{name: array.numpy().astype("u1" if name[0] == "y" else "f4") for name, array in arrays.items()})
    return arrays


def network(hidden, activation, bias, seed):
    torch.manual_seed(seed)
    sizes = [5, *hidden, 3]
    modules = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        modules += [torch.nn.Linear(inputs, outputs, bias=bias), activation()]
    return torch.nn.Sequential(*modules[:-1])


def layers(model):
    return [module for module in model if isinstance(module, torch.nn.Linear)]


def save_npz(model, name, dtype="f4", order="C"):
    arrays = {}
    for place, layer in enumerate(layers(model), 1):
        arrays[f"w{place}"] = np.asarray(layer.weight.detach().numpy().T.astype(dtype), order=order)
        if layer.bias is not None:
            arrays[f"b{place}"] = layer.bias.detach().numpy().astype(dtype)
    np.savez(name, **arrays)


def save_safetensors(model, name, dtype="F32", before=0):
    """Its state dict as safetensors.torch.save_file writes it; `before` modules stand in front of it."""
    header, values = {}, b""
    for key, tensor in model.state_dict().items():
        place, kind = key.split(".")
        tensor = tensor.to(DTYPES[dtype]).contiguous()
        raw = (tensor.view(torch.int16) if dtype == "BF16" else tensor).numpy().tobytes()
        header[f"{int(place) + before}.{kind}"] = {
            "dtype": dtype,
            "shape": list(tensor.shape),
            "data_offsets": [len(values), len(values) + len(raw)],
        }
        values += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(name, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + values)


def rounded(model, dtype):
    """As it is read from numbers of this type."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(DTYPES[dtype]).float())
    return model


def digest(model):
    digested = hashlib.sha256()
    for layer in layers(model):
        digested.update(layer.weight.detach().numpy().T.astype("<f4").tobytes())
        if layer.bias is not None:
            digested.update(layer.bias.detach().numpy().astype("<f4").tobytes())
    return digested.hexdigest()


def objectives(model, x, y):
    """In float64, from the float32 parameters."""
    model = model.double()
    x = x.double()
    whole = lambda: torch.nn.functional.cross_entropy(model(x), y).item()
    found = [whole()]
    for _ in range(2):
        for example in range(len(x)):
            model.zero_grad()
            torch.nn.functional.cross_entropy(model(x[example : example + 1]), y[example : example + 1]).backward()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter -= RATE * parameter.grad
        found.append(whole())
    return found


def main():
    arrays = data()
    expected = {}

    def add(name, save, hidden, activation, bias=True, dtype="F32"):
        module = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[activation]
        model = network(hidden, module, bias, seed=len(expected))
        if dtype == "F64":
            # None of these numbers is a float32.
            model = model.double()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter *= 1 + 2**-30
        save(model, name)
        model = rounded(model, dtype)
        study = {"hidden": hidden, "activation": activation, "bias": bias}
        expected[name] = {**study, "digest": digest(model)}
        expected[name]["objectives"] = objectives(model, arrays["x_train"], arrays["y_train"])

    add("tanh.npz", save_npz, [6, 4], "tanh")
    add("tanh.safetensors", save_safetensors, [6, 4], "tanh")
    add("fortran-f8.npz", lambda model, name: save_npz(model, name, "f8", "F"), [6], "relu", dtype="F64")
    add("half.npz", lambda model, name: save_npz(model, name, "f2"), [6], "relu", dtype="F16")
    add("double.safetensors", lambda model, name: save_safetensors(model, name, "F64"), [6], "relu", dtype="F64")
    add("half.safetensors", lambda model, name: save_safetensors(model, name, "F16"), [6], "relu", dtype="F16")
    add("brain.safetensors", lambda model, name: save_safetensors(model, name, "BF16"), [6], "relu", dtype="BF16")
    add("flattened.safetensors", lambda model, name: save_safetensors(model, name, before=1), [6], "relu")
    add("no-bias.npz", save_npz, [6, 4], "relu", bias=False)
    add("no-bias.safetensors", save_safetensors, [6, 4], "relu", bias=False)
    add("regression.safetensors", save_safetensors, [], "relu")
    with open("expected.json", "w") as file:
        file.write(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main()
