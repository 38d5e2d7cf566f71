"""PyTorch without autograd: gradients written out, updates in place, matrices laid out for the rank-1 updates."""

import numpy as np
import torch

from protocol import blas, serve


class Network:
    CHUNK = 100

    def __init__(self, problem, width):
        self.problem = problem
        self.sets = [
            (torch.from_numpy(x), torch.from_numpy(y))
            for x, y in ((problem.train_x, problem.train_y), (problem.test_x, problem.test_y))
        ]
        w1, b1, w2, b2 = problem.parameters(width)
        # (width, inputs) and (classes, width)
        self.w1, self.w2 = (torch.from_numpy(np.ascontiguousarray(w.T)) for w in (w1, w2))
        self.b1, self.b2 = torch.from_numpy(b1), torch.from_numpy(b2)
        self.labels = problem.train_y.tolist()
        self.order = problem.order.tolist()

    @torch.no_grad()
    def train(self, count):
        x = self.sets[0][0]
        w1, b1, w2, b2, labels = self.w1, self.b1, self.w2, self.b2, self.labels
        rate = -self.problem.learning_rate
        total = 0.0
        for i in self.order[:count]:
            row = x[i]
            label = labels[i]
            z = torch.addmv(b1, w1, row)
            a = z.relu()
            scores = torch.addmv(b2, w2, a)
            log_p = scores.log_softmax(0)
            total -= log_p[label].item()
            d2 = log_p.exp_()
            d2[label] -= 1
            d1 = (d2 @ w2).mul_(z > 0)
            w2.addr_(d2, a, alpha=rate)
            b2.add_(d2, alpha=rate)
            w1.addr_(d1, row, alpha=rate)
            b1.add_(d1, alpha=rate)
        return total / count

    @torch.no_grad()
    def evaluate(self):
        return [self.score(x, y) for x, y in self.sets]

    def score(self, x, y):
        hidden = torch.addmm(self.b1, x, self.w1.T).relu_()
        scores = torch.addmm(self.b2, hidden, self.w2.T)
        loss = torch.nn.functional.cross_entropy(scores, y)
        return loss.item(), (scores.argmax(1) == y).sum().item()


serve(f"{torch.__version__}, {'MKL' if torch.backends.mkl.is_available() else blas()}", Network)
