"""NumPy with BLAS: gradients written out, rank-1 updates in place by sger, which SciPy hands through."""

import math

import numpy as np
import scipy
from scipy.linalg.blas import saxpy, sgemv, sger

from protocol import blas, serve


class Network:
    CHUNK = 100

    def __init__(self, problem, width):
        self.problem = problem
        # (inputs, width) and (width, classes), column by column: BLAS's order, so that nothing is copied.
        w1, b1, w2, b2 = problem.parameters(width)
        self.w1, self.w2 = np.asfortranarray(w1), np.asfortranarray(w2)
        self.b1, self.b2 = b1, b2
        self.labels = problem.train_y.tolist()
        self.order = problem.order.tolist()

    def train(self, count):
        x, labels = self.problem.train_x, self.labels
        w1, b1, w2, b2 = self.w1, self.b1, self.w2, self.b2
        rate = -self.problem.learning_rate
        total = 0.0
        for i in self.order[:count]:
            row = x[i]
            label = labels[i]
            z = sgemv(1.0, w1, row, 1.0, b1, trans=1)
            a = np.maximum(z, 0)
            scores = sgemv(1.0, w2, a, 1.0, b2, trans=1)
            top = scores.max()
            p = np.exp(scores - top)
            s = float(p.sum())
            total += math.log(s) + float(top - scores[label])
            p /= s
            p[label] -= 1
            d1 = sgemv(1.0, w2, p) * (z > 0)
            sger(rate, a, p, a=w2, overwrite_a=1)
            saxpy(p, b2, a=rate)
            sger(rate, row, d1, a=w1, overwrite_a=1)
            saxpy(d1, b1, a=rate)
        return total / count

    def evaluate(self):
        problem = self.problem
        return [
            self.score(problem.train_x, problem.train_y),
            self.score(problem.test_x, problem.test_y),
        ]

    def score(self, x, y):
        hidden = x @ self.w1
        hidden += self.b1
        np.maximum(hidden, 0, out=hidden)
        scores = hidden @ self.w2
        scores += self.b2
        top = scores.max(1)
        loss = np.log(np.exp(scores - top[:, None]).sum(1)) + top - scores[np.arange(len(y)), y]
        return float(loss.mean()), int((scores.argmax(1) == y).sum())


serve(f"{np.__version__}, SciPy {scipy.__version__}, {blas()}", Network)
