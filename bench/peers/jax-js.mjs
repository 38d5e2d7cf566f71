// jax-js on its wasm device: one compiled function for a step, gradients by the library.

import { createRequire } from "node:module";
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { microsecondsPerStep, milliseconds, serve } from "../kernel/protocol.mjs";
import {
  CHECKED_STEPS,
  CLASSES,
  INPUTS,
  initialWeights,
  LEARNING_RATE,
  oneHot,
  order,
  test,
  train,
} from "./problem.mjs";

const CHUNK = 25;

await init("wasm");
defaultDevice("wasm");

const hot = oneHot(train);
const sets = [train, test].map((set) => ({
  x: np.array(set.x).reshape([set.examples, INPUTS]),
  hot: np.array(oneHot(set)).reshape([set.examples, CLASSES]),
}));

// Every function takes ownership of the arrays that it is given; `.ref` keeps one.

function scores({ w1, b1, w2, b2 }, x) {
  return np.matmul(nn.relu(np.matmul(x, w1).add(b1)), w2).add(b2);
}

/** Sum of the objectives of the rows of x. */
function objective(parameters, x, y) {
  return np.sum(nn.logSoftmax(scores(parameters, x)).mul(y)).mul(-1);
}

const step = jit((parameters, x, y) => {
  const { w1, b1, w2, b2 } = parameters;
  const kept = { w1: w1.ref, b1: b1.ref, w2: w2.ref, b2: b2.ref };
  const [loss, gradient] = valueAndGrad(objective)(kept, x, y);
  const move = (parameter, slope) => parameter.sub(slope.mul(LEARNING_RATE));
  const moved = {
    w1: move(w1, gradient.w1),
    b1: move(b1, gradient.b1),
    w2: move(w2, gradient.w2),
    b2: move(b2, gradient.b2),
  };
  return [moved, loss];
});

const score = jit((parameters, x, y) => {
  const found = scores(parameters, x);
  const loss = np.sum(nn.logSoftmax(found.ref).mul(y.ref)).mul(-1);
  const right = np.sum(np.equal(np.argmax(found, 1), np.argmax(y, 1)).astype(np.int32));
  return [loss, right];
});

const networks = new Map();

function networkOf(width) {
  let network = networks.get(width);
  if (!network) {
    const [first, second] = initialWeights(width);
    network = {
      w1: np.array(first).reshape([INPUTS, width]),
      b1: np.zeros([width]),
      w2: np.array(second).reshape([width, CLASSES]),
      b2: np.zeros([CLASSES]),
    };
    networks.set(width, network);
  }
  return network;
}

/** Mean objective of `count` steps from the start of the order. */
function steps(width, count) {
  let total = 0;
  for (const i of order.subarray(0, count)) {
    const x = np.array(train.x.slice(i * INPUTS, (i + 1) * INPUTS)).reshape([1, INPUTS]);
    const y = np.array(hot.slice(i * CLASSES, (i + 1) * CLASSES)).reshape([1, CLASSES]);
    const [moved, loss] = step(networkOf(width), x, y);
    networks.set(width, moved);
    total += loss.dataSync()[0];
  }
  return total / count;
}

function evaluate(width) {
  const { w1, b1, w2, b2 } = networkOf(width);
  return sets.map(({ x, hot: y }) => {
    const kept = { w1: w1.ref, b1: b1.ref, w2: w2.ref, b2: b2.ref };
    return score(kept, x.ref, y.ref).map((value) => value.dataSync()[0]);
  });
}

const { version } = createRequire(import.meta.url)("./node_modules/@jax-js/jax/package.json");

await serve(
  { version },
  {
    check({ width }) {
      const objective = steps(width, CHECKED_STEPS);
      return { objective, right: evaluate(width).map(([, right]) => right) };
    },
    async steps({ width, seconds }) {
      const chunk = () => {
        steps(width, CHUNK);
        return CHUNK;
      };
      return { value: await microsecondsPerStep(seconds, chunk) };
    },
    evaluation: async ({ width }) => ({ value: await milliseconds(() => evaluate(width)) }),
  },
);
