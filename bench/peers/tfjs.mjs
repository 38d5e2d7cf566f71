// TensorFlow.js on its wasm backend: an optimizer's step for each example, gradients by the library.

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
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

await tf.setBackend("wasm");
await tf.ready();

const optimizer = tf.train.sgd(LEARNING_RATE);
const hot = oneHot(train);
const sets = [train, test].map((set) => ({
  x: tf.tensor2d(set.x, [set.examples, INPUTS]),
  hot: tf.tensor2d(oneHot(set), [set.examples, CLASSES]),
  y: tf.tensor1d(Int32Array.from(set.y), "int32"),
}));

/** @type {Map<number, tf.Variable[]>} */
const networks = new Map();

/** @param {number} width */
function networkOf(width) {
  let network = networks.get(width);
  if (!network) {
    const [first, second] = initialWeights(width);
    network = [
      tf.variable(tf.tensor2d(first, [INPUTS, width])),
      tf.variable(tf.zeros([width])),
      tf.variable(tf.tensor2d(second, [width, CLASSES])),
      tf.variable(tf.zeros([CLASSES])),
    ];
    networks.set(width, network);
  }
  return network;
}

function scores([w1, b1, w2, b2], x) {
  const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1));
  return tf.add(tf.matMul(hidden, w2), b2);
}

/** Mean objective of `count` steps from the start of the order. */
function steps(width, count) {
  const network = networkOf(width);
  let total = 0;
  for (const i of order.subarray(0, count)) {
    tf.tidy(() => {
      const x = tf.tensor2d(train.x.subarray(i * INPUTS, (i + 1) * INPUTS), [1, INPUTS]);
      const y = tf.tensor2d(hot.subarray(i * CLASSES, (i + 1) * CLASSES), [1, CLASSES]);
      const loss = optimizer.minimize(
        () => tf.mul(-1, tf.sum(tf.mul(y, tf.logSoftmax(scores(network, x))))),
        true,
        network,
      );
      total += loss.dataSync()[0];
    });
  }
  return total / count;
}

function evaluate(width) {
  const network = networkOf(width);
  return sets.map((set) =>
    tf.tidy(() => {
      const found = scores(network, set.x);
      const loss = tf.neg(tf.mean(tf.sum(tf.mul(set.hot, tf.logSoftmax(found)), 1)));
      const right = tf.sum(tf.cast(tf.equal(tf.argMax(found, 1), set.y), "int32"));
      return [loss.dataSync()[0], right.dataSync()[0]];
    }),
  );
}

await serve(
  { version: tf.version.tfjs },
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
