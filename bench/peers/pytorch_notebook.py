"""PyTorch as the homework's notebook writes it: a plain loop, one example at a time, NumPy's choice for the draw,
autograd for the gradients, a running average of the objective."""

import numpy as np
import torch

from protocol import blas, serve


class Network:
    CHUNK = 100

    def __init__(self, problem, width):
        self.learning_rate = problem.learning_rate
        self.sets = [
            (torch.from_numpy(x), torch.from_numpy(y))
            for x, y in ((problem.train_x, problem.train_y), (problem.test_x, problem.test_y))
        ]
        self.parameters = [torch.from_numpy(p).requires_grad_(True) for p in problem.parameters(width)]
        self.average = 0.0
        # The order of the check: the same stream of draws that the others get as an array.
        np.random.seed(problem.order_seed)

    def scores(self, x):
        w1, b1, w2, b2 = self.parameters
        return torch.relu(x @ w1 + b1) @ w2 + b2

    def train(self, count):
        x, y = self.sets[0]
        total = 0.0
        for _ in range(count):
            i = np.random.choice(len(x))
            loss = torch.nn.functional.cross_entropy(self.scores(x[i : i + 1]), y[i : i + 1])
            objective = loss.item()
            self.average = 0.99 * self.average + 0.01 * objective
            total += objective
            gradients = torch.autograd.grad(loss, self.parameters)
            with torch.no_grad():
                for parameter, gradient in zip(self.parameters, gradients):
                    parameter -= self.learning_rate * gradient
        return total / count

    def evaluate(self):
        with torch.no_grad():
            return [self.score(x, y) for x, y in self.sets]

    def score(self, x, y):
        scores = self.scores(x)
        loss = torch.nn.functional.cross_entropy(scores, y)
        return loss.item(), (scores.argmax(1) == y).sum().item()


serve(f"{torch.__version__}, {'MKL' if torch.backends.mkl.is_available() else blas()}", Network)
