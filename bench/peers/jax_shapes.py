"""The trainings of ../kernel/shapes.mjs by JAX: a pass of batches as one `lax.scan` under `jit`, parameters updated in place.

A second argument is how many steps a round of the loop makes (`unroll`), 1 where it is left out.
"""

import functools
import json
import os
import sys

import jax
import jax.numpy as jnp
import numpy as np

from protocol import serve

UNROLL = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def objective(parameters, x, y):
    *hidden, (w, b) = parameters
    for weights, biases in hidden:
        x = jax.nn.relu(x @ weights + biases)
    return -jnp.take_along_axis(jax.nn.log_softmax(x @ w + b), y[:, None], 1).mean()


def momentum(parameters, gradients, state, rate):
    (v,) = state
    v = jax.tree.map(lambda v, g: 0.9 * v + g, v, gradients)
    return jax.tree.map(lambda p, v: p - rate * v, parameters, v), (v,)


def adam(parameters, gradients, state, rate):
    m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    step, scale = rate / (1 - 0.9**t), 1 / jnp.sqrt(1 - 0.999**t)
    moved = jax.tree.map(
        lambda p, m, v: p - step * m / (jnp.sqrt(v) * scale + 1e-8), parameters, m, v
    )
    return moved, (m, v, t)


@functools.partial(jax.jit, static_argnums=5, donate_argnums=(0, 1))
def train(parameters, state, x, y, batches, update, rate):
    def step(carried, rows):
        parameters, state = carried
        value, gradients = jax.value_and_grad(objective)(parameters, x[rows], y[rows])
        return update(parameters, gradients, state, rate), value

    (parameters, state), values = jax.lax.scan(step, (parameters, state), batches, unroll=UNROLL)
    return parameters, state, values


class Network:
    """Counts examples, where the others count steps: a chunk is a pass."""

    def __init__(self, problem, index):
        read = lambda what, dtype: np.fromfile(
            os.path.join(problem.folder, f"shape-{index}-{what}"), dtype
        )
        with open(os.path.join(problem.folder, "shapes.json")) as file:
            shape = json.load(file)[index]
        sizes = shape["sizes"]
        self.x = jnp.asarray(read("inputs.f32", np.float32).reshape(-1, sizes[0]))
        self.y = jnp.asarray(read("labels.u8", np.uint8).astype(np.int32))
        order = read("order.u32", np.uint32).astype(np.int32)
        self.CHUNK = len(order) // shape["batch"] * shape["batch"]
        self.CHECKED = self.CHUNK
        self.batches = jnp.asarray(order[: self.CHUNK].reshape(-1, shape["batch"]))
        self.rate = shape["learningRate"]
        self.parameters = [
            (jnp.asarray(read(f"weights-{layer + 1}.f32", np.float32).reshape(i, o)), jnp.zeros(o))
            for layer, (i, o) in enumerate(zip(sizes, sizes[1:]))
        ]
        zeros = lambda: jax.tree.map(jnp.zeros_like, self.parameters)
        self.update, self.state = {
            "momentum": lambda: (momentum, (zeros(),)),
            "adam": lambda: (adam, (zeros(), zeros(), jnp.zeros(()))),
        }[shape["optimizer"]]()

    def train(self, count):
        self.parameters, self.state, values = train(
            self.parameters, self.state, self.x, self.y, self.batches, self.update, self.rate
        )
        return values.mean().item()

    def evaluate(self):
        return []


serve(jax.__version__, Network)
