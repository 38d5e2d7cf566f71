#!/usr/bin/env python3
"""Makes src/random/rng-extra.json: draws of NumPy and torch that test/reference/rng.json does not have.

Run from the repository's root with NumPy (legacy RandomState: any version since 1.17) and PyTorch:

    python3 test/reference/make-rng-extra.py | npx prettier --parser json > src/random/rng-extra.json

NumPy's values never change (NEP 19). torch's are those of a processor with AVX2; others round differently.
"""

import hashlib
import json
import sys

import numpy as np
import torch

SIZES = [1, 15, 1, 17, 3, 31, 2, 100, 5, 16, 33, 0, 1, 15, 48]


def sha256(values, dtype):
    return hashlib.sha256(np.asarray(values).astype(dtype).tobytes()).hexdigest()


def numpy_state(random):
    _, key, position, has_gauss, gauss = random.get_state()
    return {
        "key_sha256_uint32le": sha256(key, "<u4"),
        "position": int(position),
        "cached_normal": gauss if has_gauss else None,
    }


def numpy_seeded(seed):
    """All kinds of draws mixed from one RandomState, with the state after each kind."""
    random = np.random.RandomState(seed)
    made = {"seed": seed}
    made["three_normals"] = [random.standard_normal() for _ in range(3)]
    made["state_after_three_normals"] = numpy_state(random)
    made["randint_by_bound"] = [
        [bound, [int(random.randint(0, bound, dtype=np.int64)) for _ in range(8)]]
        for bound in [1, 2, 3, 10, 2**16, 2**16 + 1, 2**31, 2**31 + 1, 2**32 - 1, 2**32]
    ]
    made["permutation_1"] = random.permutation(1).tolist()
    made["choice_100_7_without_replacement"] = random.choice(100, 7, replace=False).tolist()
    made["doubles"] = random.random_sample(3).tolist()
    made["two_normals"] = random.standard_normal(2).tolist()
    many = [int(random.choice(6000)) for _ in range(50000)]
    made["choice_6000_50000_times_sha256_int64le"] = sha256(many, "<i8")
    made["state_at_the_end"] = numpy_state(random)
    return made


def torch_seeded(seed):
    """torch.randn of small and large sizes by turns from one generator."""
    generator = torch.Generator().manual_seed(seed)
    calls = []
    for size in SIZES:
        values = torch.randn(size, generator=generator).tolist()
        calls.append({"size": size, "values": [float(f"{v:.9g}") for v in values]})
    return {"seed": seed, "calls": calls}


def named(study_seed, seed, purpose):
    name = f"widthwise/1/{study_seed}/{seed}/{purpose}"
    words = np.frombuffer(hashlib.sha256(name.encode("ascii")).digest(), "<u4")
    random = np.random.RandomState(words)
    return {
        "study_seed": study_seed,
        "seed": seed,
        "purpose": purpose,
        "choice_60000_first3_without_replacement": random.choice(60000, 3, replace=False).tolist(),
        "randint_6000": [int(random.randint(6000)) for _ in range(5)],
        "normals": [random.standard_normal() for _ in range(3)],
    }


def uint32s(random, count):
    return random.randint(0, 2**32, size=count, dtype=np.int64).tolist()


json.dump(
    {
        "made_with": {
            "script": "test/reference/make-rng-extra.py",
            "numpy": np.__version__,
            "torch": torch.__version__,
        },
        "init_by_array": [
            {"words": words, "uint32": uint32s(np.random.RandomState(words), 5)}
            for words in [[0x123, 0x234, 0x345, 0x456], [7], [2**32 - 1] * 3, list(range(1, 701))]
        ],
        "numpy": [numpy_seeded(seed) for seed in [3, 1234567, 2**32 - 1]],
        "torch": [torch_seeded(seed) for seed in [3, 1234567, 2**32 - 1]],
        "named": [
            named(0, 0, "subset"),
            named(0, 0, "init"),
            named(0, 0, "order"),
            named(0, 0, "perturbation"),
            named(1, 0, "order"),
            named(0, 1, "order"),
            named(2**53 - 1, 12345678901, "init"),
        ],
    },
    sys.stdout,
    indent=1,
)
sys.stdout.write("\n")
