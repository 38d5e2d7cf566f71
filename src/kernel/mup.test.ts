// μP's trajectories as PyPI's `mup` makes them in float64, from test/reference/make-mup.py: the reference within 1e-10.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exact } from "../../test/support/kernels.ts";
import { noise, randomProblem } from "../../test/support/problems.ts";
import type { OptimizerChoice } from "../model/optimizers/choice.ts";
import { mup } from "../model/parametrizations/mup.ts";
import { functionsOf } from "../model/parts.ts";

interface Case {
  optimizer: keyof typeof OPTIMIZERS;
  width: number;
  depth: number;
  base_width: number;
  learning_rate: number;
  batch: number;
  passes: number;
  /** Sum of the steps' objectives, projection of the final parameters, mean loss at the end. */
  wanted: number[];
}

const OPTIMIZERS = {
  sgd: undefined,
  momentum: { kind: "sgd", momentum: 0.9 },
  adam: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-20 },
} as const satisfies Record<string, OptimizerChoice | undefined>;

const { cases } = JSON.parse(
  readFileSync(new URL("../../test/reference/mup.json", import.meta.url), "utf8"),
) as { cases: Case[] };

const EXAMPLES = 100;

describe("μP", () => {
  test.each(cases)(
    "$optimizer, $depth hidden layers of $width, base width $base_width",
    ({ optimizer: name, width, depth, base_width, learning_rate, batch, passes, wanted }) => {
      const shape = { inputs: 5, hidden: Array<number>(depth).fill(width), classes: 3 };
      const { start, data, index } = randomProblem(shape, EXAMPLES, 1);
      const doubled = { ...start, weights: start.weights.map((w) => w.map((value) => 2 * value)) };
      const optimizer = OPTIMIZERS[name];
      const scaling = mup({ base_width });
      const rates = Array.from({ length: depth + 1 }, (_, layer) =>
        scaling.rates(shape, layer, optimizer?.kind ?? "sgd"),
      );
      const trained = exact.train(
        shape,
        doubled,
        data,
        Array.from({ length: passes * EXAMPLES }, index),
        {
          ...{ learningRate: learning_rate, regularization: 0, stepping: { batch, optimizer } },
          ...{ passes },
          layerRates: {
            weights: rates.map(({ weights }) => weights),
            biases: rates.map(({ biases }) => biases),
          },
        },
        functionsOf({ model: { activation: "tanh" }, training: {} }),
      );
      const { parameters, objectives } = trained;
      const next = noise(1);
      const projection = parameters.weights
        .flatMap((matrix, layer) => [...matrix, ...parameters.biases[layer]])
        .reduce((sum, value) => sum + next() * value, 0);
      const functions = functionsOf({ model: { activation: "tanh" }, training: {} });
      const { loss } = exact.evaluate(shape, parameters, data, functions);
      const found = [objectives.reduce((a, b) => a + b, 0), projection, loss / EXAMPLES];
      found.forEach((value, at) => {
        expect(Math.abs(value - wanted[at])).toBeLessThan(1e-9);
      });
    },
  );
});
