"""Bias and variance of made-up probabilities by NumPy, which src/analysis/bias-variance.test.ts holds ours against.

    python3 test/reference/make-bias-variance.py > test/reference/bias-variance.json

Variance is the sample variance over models (ddof=1), bias squared the squared error of their mean less variance / models
(Yang et al., ICML 2020, appendix), and the risk the mean squared error of the models, all summed over classes.
"""

import json

import numpy

cases = []
for seed, (models, examples, classes) in enumerate([(2, 4, 3), (5, 6, 4)]):
    source = numpy.random.default_rng(seed)
    predictions = source.dirichlet(numpy.ones(classes), (models, examples)).round(6)
    labels = source.integers(classes, size=examples)
    y = numpy.eye(classes)[labels]
    variance = predictions.var(0, ddof=1).sum(1).mean()
    bias = ((predictions.mean(0) - y) ** 2).sum(1).mean() - variance / models
    cases.append(
        {
            "classes": classes,
            "labels": labels.tolist(),
            "predictions": predictions.reshape(models, -1).tolist(),
            "variance": variance,
            "bias_squared": bias,
            "risk": ((predictions - y) ** 2).sum(2).mean(),
        }
    )
print(json.dumps(cases))
