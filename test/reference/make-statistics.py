#!/usr/bin/env python3
"""Makes test/reference/statistics.json: intervals of SciPy for src/analysis/statistics/.

Run from the repository's root with NumPy and SciPy (1.17 made what is kept):

    python3 test/reference/make-statistics.py | npx prettier --parser json > test/reference/statistics.json
"""

import hashlib
import json

import numpy as np
import scipy
from scipy import stats

random = np.random.RandomState(13)
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]


def named(name):
    return np.random.RandomState(np.frombuffer(hashlib.sha256(name.encode()).digest(), "<u4"))


def shares():
    counts = [(0, 1), (1, 1), (0, 6), (3, 6), (5, 6), (12, 12), (7, 20), (19, 32), (32, 32), (170, 200), (1, 1000), (777, 1000)]
    for k, n in counts:
        for level in LEVELS:
            wilson = stats.binomtest(k, n).proportion_ci(level, method="wilson")
            # binomtest's own exact interval is solved to 2e-12 only; Clopper and Pearson's ends are quantiles of beta.
            side = (1 - level) / 2
            low = stats.beta.ppf(side, k, n - k + 1) if k > 0 else 0
            high = stats.beta.ppf(1 - side, k + 1, n - k) if k < n else 1
            yield {"k": k, "n": n, "level": level, "wilson": [wilson.low, wilson.high], "exact": [low, high]}


def medians():
    """The narrowest pair of order statistics whose coverage by the binomial distribution is enough."""
    for n in [1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 32, 50, 100]:
        values = np.round(random.lognormal(3, 0.5, n), 3)
        made = {"values": values.tolist(), "median": float(np.median(values)), "at": []}
        for level in LEVELS:
            enough = [j for j in range(1, n // 2 + 1) if 1 - 2 * stats.binom.cdf(j - 1, n, 0.5) >= level]
            j = max(enough, default=1)
            low, high = np.sort(values)[[j - 1, n - j]]
            kind = "interval" if enough else "range"
            coverage = max(0, 1 - 2 * stats.binom.cdf(j - 1, n, 0.5))
            made["at"].append({"level": level, "kind": kind, "interval": [low, high], "coverage": coverage})
        yield made


def bootstraps():
    """The stream of the name, and its k-th smallest and largest mean and maximum of 2000."""
    for n, level in [(1, 0.95), (6, 0.95), (10, 0.9), (33, 0.99)]:
        values = np.round(random.lognormal(0, 1, n), 3)
        name = f"widthwise/1/{n}/0/bootstrap"
        made = {"study_seed": n, "level": level, "values": values.tolist()}
        for key, statistic in [("mean", np.mean), ("largest", np.max)]:
            stream = named(name)
            draws = np.sort([statistic(values[stream.randint(0, n, n)]) for _ in range(2000)])
            k = int(np.floor(2001 * (1 - level) / 2))
            made[key] = [float(draws[k - 1]), float(draws[-k])]
        yield made


def power_laws():
    for n, exponent, noise in [(3, -0.5, 0.1), (4, -1, 0.3), (7, 0.7, 0.01), (40, 2, 1)]:
        x = np.round(np.exp(random.uniform(0, 8, n)), 3)
        y = np.round(3 * x**exponent * np.exp(noise * random.standard_normal(n)), 9)
        fit = stats.linregress(np.log(x), np.log(y))
        yield {
            "points": np.stack([x, y], 1).tolist(),
            "exponent": fit.slope,
            "factor": float(np.exp(fit.intercept)),
            "at": [
                {"level": level, "interval": [fit.slope - half, fit.slope + half]}
                for level in LEVELS
                for half in [stats.t.ppf((1 + level) / 2, n - 2) * fit.stderr]
            ],
        }


def differences():
    for n in [2, 3, 6, 10, 32, 100]:
        a = np.round(random.standard_normal(n), 6)
        b = np.round(a + 0.2 + 0.3 * random.standard_normal(n), 6)
        test = stats.ttest_rel(a, b)
        intervals = [(level, test.confidence_interval(level)) for level in LEVELS]
        yield {
            "a": a.tolist(),
            "b": b.tolist(),
            "mean": float(np.mean(a - b)),
            "at": [{"level": level, "interval": [float(found.low), float(found.high)]} for level, found in intervals],
        }


print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "numpy": np.__version__},
            "shares": list(shares()),
            "medians": list(medians()),
            "bootstraps": list(bootstraps()),
            "power_laws": list(power_laws()),
            "differences": list(differences()),
        }
    )
)
