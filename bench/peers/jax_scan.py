"""JAX at its best for this: a whole pass of steps as one `lax.scan` under `jit`, parameters updated in place.

A second argument is how many steps a round of the loop makes (`unroll`), 1 where it is left out.
"""

import functools
import sys

import jax
import jax.numpy as jnp

from protocol import serve

UNROLL = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def scores_of(parameters, x):
    w1, b1, w2, b2 = parameters
    return jax.nn.relu(x @ w1 + b1) @ w2 + b2


def objective(parameters, x, y):
    return -jax.nn.log_softmax(scores_of(parameters, x))[y]


@functools.partial(jax.jit, donate_argnums=0)
def train(parameters, x, y, order, learning_rate):
    def step(parameters, i):
        value, gradients = jax.value_and_grad(objective)(parameters, x[i], y[i])
        updated = jax.tree.map(lambda p, g: p - learning_rate * g, parameters, gradients)
        return updated, value

    return jax.lax.scan(step, parameters, order, unroll=UNROLL)


@jax.jit
def score(parameters, x, y):
    scores = scores_of(parameters, x)
    loss = -jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], 1).mean()
    return loss, (scores.argmax(1) == y).sum()


class Network:
    CHUNK = 6000

    def __init__(self, problem, width):
        self.sets = [
            (jnp.asarray(x), jnp.asarray(y))
            for x, y in ((problem.train_x, problem.train_y), (problem.test_x, problem.test_y))
        ]
        self.order = problem.order
        self.learning_rate = problem.learning_rate
        self.parameters = tuple(jnp.asarray(p) for p in problem.parameters(width))

    def train(self, count):
        order = jnp.asarray(self.order[:count])
        self.parameters, objectives = train(self.parameters, *self.sets[0], order, self.learning_rate)
        return objectives.mean().item()

    def evaluate(self):
        return [tuple(map(float, score(self.parameters, x, y))) for x, y in self.sets]


serve(jax.__version__, Network)
