#!/usr/bin/env python3
"""Makes src/data/sets/reference.json: generated data sets by other means.

Run from the repository's root with NumPy and PyPI's mnist1d:

    python3 test/reference/make-data-sets.py | npx prettier --parser json > src/data/sets/reference.json

Values of mnist-1d are the package's own, in float64; its defaults' digests are over them as float32. The others are
made here from their rules in docs/numerics.md.
"""

import hashlib
import json
import sys
from importlib.metadata import version

import numpy as np
from mnist1d.data import ObjectView, get_dataset_args, make_dataset

MNIST_1D = [
    {"seed": 0},
    {"seed": 2**32 - 1, "num_samples": 29, "train_split": 0.55},
    {"template_len": 37, "padding": [0, 11], "final_seq_length": 48, "shuffle_seq": True},
    {"padding": [9, 9], "max_translation": 1, "final_seq_length": 21, "iid_noise_scale": 0},
    {"padding": [60, 36], "max_translation": 200, "corr_noise_scale": 1.5, "seed": 7},
    {"template_len": 0, "padding": [0, 4], "scale_coeff": -3, "seed": 8},
    {"scale_coeff": 0, "corr_noise_scale": 0, "iid_noise_scale": 0, "shear_scale": 0, "seed": 9},
    {"template_len": 60, "shear_scale": -5, "final_seq_length": 1, "shuffle_seq": True},
    {"template_len": 29, "padding": [2, 30], "final_seq_length": 59, "corr_noise_scale": 0},
]


def sha256(array, dtype):
    return hashlib.sha256(array.astype(dtype).tobytes()).hexdigest()


def rounded(array):
    return [float(f"{value:.9g}") for value in array.ravel()]


def mnist_1d(settings):
    few = {"num_samples": 20, "final_seq_length": 10} | settings
    made = make_dataset(ObjectView(get_dataset_args(as_dict=True) | few))
    return {
        "settings": few,
        "x": rounded(made["x"]),
        "y": made["y"].tolist(),
        "x_test": rounded(made["x_test"]),
        "y_test": made["y_test"].tolist(),
    }


def mnist_1d_by_default():
    made = make_dataset(get_dataset_args())
    train = (made["x"].astype("<f4"), made["y"])
    return both(train, (made["x_test"].astype("<f4"), made["y_test"]), 10)


def stream(seed, what):
    name = f"widthwise/1/0/{seed}/data/{what}".encode("ascii")
    return np.random.RandomState(np.frombuffer(hashlib.sha256(name).digest(), "<u4"))


def digests(x, y):
    return {"x_first": rounded(x[0][:3]), "x_sha256": sha256(x, x.dtype), "y_sha256": sha256(y, "u1")}


def both(train, test, classes):
    """Each set as (x, y), x of the type that it is kept in; and the digest of the whole."""
    (x, y), (x_test, y_test) = train, test
    kind = "uint8" if x.dtype == np.uint8 else "float32"
    facts = f"widthwise/data/1/{kind}/{len(x)}/{len(x_test)}/{x.shape[1]}/{classes}\n".encode("ascii")
    numbers = [x, y.astype("u1"), x_test, y_test.astype("u1")]
    return {
        "train": digests(x, y),
        "test": digests(x_test, y_test),
        "digest": hashlib.sha256(facts + b"".join(a.tobytes() for a in numbers)).hexdigest(),
    }


def gaussian_clusters(settings):
    s = {"train": 1000, "test": 1000, "inputs": 20, "classes": 10, "separation": 1, "seed": 0} | settings
    means = stream(s["seed"], "gaussian-clusters/means").randn(s["classes"], s["inputs"])

    def draw(which):
        y = np.arange(s[which]) % s["classes"]
        normals = stream(s["seed"], f"gaussian-clusters/{which}").randn(s[which], s["inputs"])
        return (s["separation"] * means[y] + normals).astype("<f4"), y

    return {"settings": settings, **both(draw("train"), draw("test"), s["classes"])}


def teacher(settings):
    s = {"hidden": [8], "seed": 0} | settings
    widths = [s["inputs"], *s["hidden"], s["classes"]]
    random = stream(s["seed"], "teacher/weights")
    layers = [random.randn(i, o) * np.sqrt(2 / i) for i, o in zip(widths, widths[1:])]

    def draw(which):
        x = stream(s["seed"], f"teacher/{which}").randn(s[which], s["inputs"]).astype("<f4")
        a = x.astype("f8")
        for layer, w in enumerate(layers):
            a = np.maximum(a, 0) if layer > 0 else a
            sums = np.zeros((len(x), w.shape[1]))
            for k in range(len(w)):
                sums += a[:, k : k + 1] * w[k]
            a = sums
        return x, a.argmax(axis=1)

    return {"settings": settings, **both(draw("train"), draw("test"), s["classes"])}


def modular_addition(settings):
    s = {"modulus": 97, "train_share": 0.5, "seed": 0} | settings
    p = s["modulus"]
    a, b = np.divmod(stream(s["seed"], "modular-addition/pairs").permutation(p * p), p)
    x = np.concatenate([np.eye(p, dtype="u1")[a], np.eye(p, dtype="u1")[b]], axis=1)
    y = (a + b) % p
    n = int(np.floor(s["train_share"] * p * p + 0.5))
    return {"settings": settings, **both((x[:n], y[:n]), (x[n:], y[n:]), p)}


SMALL_TEACHER = {"train": 300, "test": 100, "inputs": 20, "classes": 10}
json.dump(
    {
        "made_with": {
            "script": "test/reference/make-data-sets.py",
            **{name: version(name) for name in ["mnist1d", "numpy", "scipy"]},
        },
        "mnist-1d by default": mnist_1d_by_default(),
        "mnist-1d": [mnist_1d(settings) for settings in MNIST_1D],
        "gaussian-clusters": [
            gaussian_clusters(settings)
            for settings in [
                {},
                {"train": 7, "test": 5, "inputs": 3, "classes": 4, "separation": 0, "seed": 2**32 - 1},
                {"train": 50, "test": 30, "inputs": 1, "classes": 256, "separation": 2.5, "seed": 3},
            ]
        ],
        "teacher": [
            teacher(settings)
            for settings in [
                SMALL_TEACHER,
                SMALL_TEACHER | {"hidden": [], "seed": 5},
                SMALL_TEACHER | {"hidden": [16, 3, 8], "inputs": 7, "classes": 3, "seed": 6},
            ]
        ],
        "modular-addition": [
            modular_addition(settings)
            for settings in [
                {},
                {"modulus": 2, "train_share": 0.6, "seed": 1},
                {"modulus": 256, "train_share": 0.3, "seed": 2},
            ]
        ],
    },
    sys.stdout,
)
