#!/usr/bin/env python3
"""Makes prepared.json: part, subset, noisy labels and standardizing as docs/numerics.md has them.

Run from the repository's root with NumPy: python3 test/reference/make-prepared.py | npx prettier --parser json > test/reference/prepared.json
"""

import hashlib
import json

import numpy as np

STUDY_SEED, SEED, CLASSES = 3, 11, 5
source = np.random.RandomState(5)
bytes_, floats = source.randint(0, 256, (41, 6)), (4 * source.random_sample((41, 6)) - 1).astype("f4")
labels = source.randint(0, CLASSES, 41)


def stream(seed, purpose):
    name = f"widthwise/1/{STUDY_SEED}/{seed}/{purpose}".encode()
    return np.random.RandomState(np.frombuffer(hashlib.sha256(name).digest(), "<u4"))


def subset(n, part):
    of, index = (part["of"], part["index"]) if part else (1, 0)
    all_ = stream(0, "part").permutation(41) if part else np.arange(41)
    all_ = all_[index * 41 // of : (index + 1) * 41 // of]
    return all_ if n == len(all_) else all_[stream(SEED, "subset").choice(len(all_), n, False)]


def noisy(chosen, noise):
    random, y = stream(SEED, "noise"), labels.copy()
    uniforms, draws = zip(*((random.random_sample(), int(random.randint(0, 2**32, dtype="u4"))) for _ in y))
    if "share" in noise:
        wrong = sorted(chosen, key=lambda i: (uniforms[i], i))[: int(np.floor(noise["share"] * len(chosen) + 0.5))]
        y[wrong] = [(y[i] + 1 + draws[i] % (CLASSES - 1)) % CLASSES for i in wrong]
    elif "probability" in noise:
        y = np.array([draws[i] % CLASSES if uniforms[i] < noise["probability"] else y[i] for i in range(41)])
    return y[chosen]


def statistics(x, rule):
    if rule in ("unit", "none"):
        return np.zeros(6, "f4"), np.full(6, 255 if rule == "unit" else 1, "f4")
    if rule == "per feature" and x.dtype == int:
        n, squares = len(x), (x * x).sum(0)
        mean, variance = x.sum(0) / n, (n * squares - x.sum(0) ** 2) / (n * (n - 1))
    else:
        x = x.astype("f8") if rule == "per feature" else x.astype("f8").reshape(-1, 1)
        mean = np.cumsum(x, 0)[-1] / len(x)
        variance = np.cumsum((x - mean) ** 2, 0)[-1] / (len(x) - 1)
    return (np.resize(a, 6) for a in (mean.astype("f4"), np.sqrt(variance).astype("f4") + np.float32(1e-6)))


def prepared(kind, n, part, noise, rule):
    chosen, x = subset(n, part), bytes_ if kind == "bytes" else floats
    mean, deviation = statistics(x[chosen], rule)
    rows = (x[chosen].astype("f4") - mean) / deviation
    assert rows.dtype == np.float32
    choices = {"part": part, "label_noise": noise, "standardize": rule}
    return {
        **{"kind": kind, "train_examples": n, "choices": {key: value for key, value in choices.items() if value}},
        **{"subset": chosen.tolist(), "labels": noisy(chosen, noise or {}).tolist()},
        **{"mean": mean.tolist(), "deviation": deviation.tolist()},
        **{"rows_sha256": hashlib.sha256(rows.tobytes()).hexdigest(), "first_row": rows[0].tolist()},
    }


CASES = [
    ("bytes", 41, None, {"share": 0.3}, "per feature"),
    ("bytes", 20, {"of": 2, "index": 1}, {"share": 0.125}, "whole"),
    ("bytes", 10, {"of": 4, "index": 3}, {"probability": 0.5, "kind": "redrawn"}, "unit"),
    ("bytes", 7, {"of": 3, "index": 0}, {"share": 1}, "none"),
    ("floats", 41, {"of": 1, "index": 0}, {"probability": 1, "kind": "redrawn"}, "per feature"),
    ("floats", 13, {"of": 3, "index": 1}, {"share": 0.5}, "per feature"),
    ("floats", 30, None, {"share": 0.05}, "whole"),
    ("floats", 8, {"of": 5, "index": 2}, None, "none"),
]
print(json.dumps([prepared(*case) for case in CASES]))
