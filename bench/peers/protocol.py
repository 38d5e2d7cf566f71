"""What a runner in Python says: the twin of ../kernel/protocol.mjs, which describes the lines.

A peer calls `serve(version, Network)`. `Network(problem, width)` has

    train(count)  makes `count` steps and returns the mean of their objectives before each update
    evaluate()    returns (objective, right) of the training and of the test set
    CHUNK         steps in one call of train, at most problem.examples
    CHECKED       steps that are compared, where they are not problem.checked_steps

Of ../kernel/shapes.mjs a runner is asked by `shape`, which then stands in the place of `width`.
"""

import json
import os
import sys
import time

import numpy as np


class Problem:
    """The arrays that ../kernel/problem.mjs wrote."""

    def __init__(self, folder):
        with open(os.path.join(folder, "problem.json")) as file:
            constants = json.load(file)
        self.folder = folder
        self.examples = constants["EXAMPLES"]
        self.inputs = constants["INPUTS"]
        self.classes = constants["CLASSES"]
        self.learning_rate = constants["LEARNING_RATE"]
        self.order_seed = constants["ORDER_SEED"]
        self.checked_steps = constants["CHECKED_STEPS"]
        self.train_x = self._read("train.f32", np.float32).reshape(-1, self.inputs)
        self.test_x = self._read("test.f32", np.float32).reshape(-1, self.inputs)
        self.train_y = self._read("train-labels.u8", np.uint8).astype(np.int64)
        self.test_y = self._read("test-labels.u8", np.uint8).astype(np.int64)
        self.order = self._read("order.u32", np.uint32).astype(np.int64)

    def parameters(self, width):
        """W1 (inputs, width), b1, W2 (width, classes), b2 of the start, all float32."""
        w1, w2 = (self._read(f"weights-{width}-{layer}.f32", np.float32) for layer in (1, 2))
        return (
            w1.reshape(self.inputs, width),
            np.zeros(width, np.float32),
            w2.reshape(width, self.classes),
            np.zeros(self.classes, np.float32),
        )

    def _read(self, name, dtype):
        return np.fromfile(os.path.join(self.folder, name), dtype)


def serve(version, make_network):
    problem = Problem(sys.argv[1])
    networks = {}
    say({"version": version})
    for line in sys.stdin:
        request = json.loads(line)
        which = request["shape" if "shape" in request else "width"]
        try:
            if which not in networks:
                networks[which] = make_network(problem, which)
            say(answer(request, problem, networks[which]))
        except Exception as error:
            say({"error": f"{type(error).__name__}: {error}"})


def answer(request, problem, network):
    task = request["task"]
    if task == "check":
        objective = float(network.train(getattr(network, "CHECKED", problem.checked_steps)))
        return {"objective": objective, "right": [int(right) for _, right in network.evaluate()]}
    if task == "steps":
        return {"value": microseconds_per_step(request["seconds"], network)}
    began = time.perf_counter()
    network.evaluate()
    return {"value": 1e3 * (time.perf_counter() - began)}


def microseconds_per_step(seconds, network):
    began = time.perf_counter()
    steps = 0
    while True:
        network.train(network.CHUNK)
        steps += network.CHUNK
        elapsed = time.perf_counter() - began
        if elapsed >= seconds:
            return 1e6 * elapsed / steps


def blas():
    """The BLAS that this process has loaded, as far as the system tells."""
    try:
        with open("/proc/self/maps") as file:
            libraries = file.read()
    except OSError:
        return "BLAS"
    return "OpenBLAS" if "openblas" in libraries else "plain BLAS" if "/libblas" in libraries else "BLAS"


def say(answer):
    print(json.dumps(answer), flush=True)
