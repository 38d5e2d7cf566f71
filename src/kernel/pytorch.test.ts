// Every kind of training as PyTorch's autograd makes it in float64, from test/reference/make-training.py: the reference within
// 1e-10, the kernel within 1e-4.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exact, kernels, rounded } from "../../test/support/kernels.ts";
import { noise, randomProblem } from "../../test/support/problems.ts";
import type { RatesByKind } from "../model/layer-rates.ts";
import type { Shape } from "../model/network.ts";
import { functionsOf, type MODEL_PARTS, type TRAINING_PARTS } from "../model/parts.ts";

interface Case {
  activation: keyof (typeof MODEL_PARTS)["activation"]["table"];
  objective: keyof (typeof TRAINING_PARTS)["objective"]["table"];
  hidden: number[];
  bias: boolean;
  regularization: number;
  rates?: RatesByKind;
  /** Sum of the steps' objectives, projection of the final parameters, mean loss at the end. */
  wanted: number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../test/reference/training.json", import.meta.url), "utf8"),
) as { cases: Case[] };

const EXAMPLES = 100;
const STEPS = 120;

describe.each([
  { implementation: exact, tolerance: 1e-10 },
  { implementation: rounded, tolerance: 1e-4 },
  ...kernels.map((implementation) => ({ implementation, tolerance: 1e-4 })),
])("$implementation.name within $tolerance of PyTorch", ({ implementation, tolerance }) => {
  test.each(cases)(
    "$activation, $objective, hidden $hidden, bias $bias, λ $regularization, rates $rates",
    ({ activation, objective, hidden, bias, regularization, rates, wanted }) => {
      const shape: Shape = { inputs: 5, hidden, classes: 3, ...(!bias && { bias }) };
      const { start, data, index } = randomProblem(shape, EXAMPLES, 1);
      const doubled = { ...start, weights: start.weights.map((w) => w.map((value) => 2 * value)) };
      const order = Array.from({ length: STEPS }, index);
      const functions = functionsOf({ model: { activation }, training: { objective } });
      const options = { learningRate: 0.02, regularization, layerRates: rates };
      const trained = implementation.train(shape, doubled, data, order, options, functions);
      const { parameters, objectives } = trained;
      const next = noise(1);
      const projection = parameters.weights
        .flatMap((matrix, layer) => [...matrix, ...parameters.biases[layer]])
        .reduce((sum, value) => sum + next() * value, 0);
      const { loss } = implementation.evaluate(shape, parameters, data, functions);
      const found = [objectives.reduce((a, b) => a + b, 0), projection, loss / EXAMPLES];
      found.forEach((value, at) => {
        // A sum of so many objectives is as near as each of them.
        const scale = at === 0 ? STEPS : 1;
        expect(Math.abs(value - wanted[at]) / scale).toBeLessThan(tolerance);
      });
    },
  );
});
