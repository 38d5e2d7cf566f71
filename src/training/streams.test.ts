// The draws of a trial against the contract (docs/numerics.md, "Random streams"), each from its own stream.

import { expect, test } from "vitest";
import { namedStream, type Purpose } from "../random/named.ts";
import { atOnce } from "../base/parts.ts";
import { sha256 } from "../base/sha256.node.ts";
import { trialDraws } from "./streams.ts";
import type { TrialSpecification } from "../model/trial.ts";

const SHAPE = { inputs: 5, hidden: [4], classes: 3 };

const SPECIFICATION: TrialSpecification = {
  numerics: 1,
  data: { dataset: "00".repeat(32), train_examples: 30 },
  model: { hidden: [4], init_std: 0.1 },
  training: { learning_rate: 0.05, regularization: 0 },
  streams: { kind: "named", study_seed: 2, seed: 7 },
};

function draws(changes: Partial<TrialSpecification["model"]> = {}) {
  const model = { ...SPECIFICATION.model, ...changes };
  return trialDraws({ ...SPECIFICATION, model }, SHAPE, 40, sha256);
}

const stream = (purpose: Purpose) => namedStream(sha256, 2, 7, purpose);

test("named streams: subset, initial weights and order from the streams of their names", () => {
  const { subset, start } = draws();
  expect(subset).toEqual(stream("subset").choiceWithoutReplacement(40, 30));
  const { parameters, order, pass, average } = atOnce(start());
  expect({ pass, average }).toEqual({ pass: 0, average: 0 });
  expect(order).toEqual(stream("order").snapshot());
  const normals = stream("init");
  const { fround } = Math;
  const wanted = [5 * 4, 4 * 3].map((size) =>
    Float32Array.from({ length: size }, () => fround(0.1) * fround(normals.standardNormal())),
  );
  expect(parameters.weights).toEqual(wanted);
  expect(parameters.biases).toEqual([new Float32Array(4), new Float32Array(3)]);
});

test("one standard deviation a layer", () => {
  const plain = atOnce(draws({ init_std: 1 }).start()).parameters.weights;
  const scaled = atOnce(draws({ init_std: [0.3, 0.7] }).start()).parameters.weights;
  const { fround } = Math;
  expect(scaled).toEqual([
    plain[0].map((value) => fround(0.3) * value),
    plain[1].map((value) => fround(0.7) * value),
  ]);
});

test.each([true, false])(
  "torch: uniform in ±1/√fan_in, W then b, layer by layer; bias %s",
  (bias) => {
    const shape = { ...SHAPE, ...(!bias && { bias: false as const }) };
    const specification = { ...SPECIFICATION, model: { hidden: [4], init: "torch" as const } };
    const { parameters } = atOnce(trialDraws(specification, shape, 40, sha256).start());
    const uniforms = stream("init");
    const wanted = (count: number, inputs: number) =>
      Float32Array.from(
        { length: count },
        () => (2 * uniforms.random() - 1) * (1 / Math.sqrt(inputs)),
      );
    [5, 4].forEach((inputs, layer) => {
      const outputs = [4, 3][layer];
      expect(parameters.weights[layer]).toEqual(wanted(inputs * outputs, inputs));
      expect(parameters.biases[layer]).toEqual(wanted(bias ? outputs : 0, inputs));
    });
  },
);

test("perturbation 3: away from zero where its stream draws 1, else towards it, matrix after matrix", () => {
  const plain = atOnce(draws().start()).parameters;
  const moved = atOnce(draws({ perturbation: 3 }).start()).parameters;
  const directions = namedStream(sha256, 0, 3, "perturbation");
  plain.weights.forEach((matrix, layer) => {
    const odd = directions.randints(2, matrix.length);
    matrix.forEach((weight, at) => {
      // Bits of float32 ascend with the magnitude, whatever the sign.
      const bits = (value: number) => new Int32Array(Float32Array.of(value).buffer)[0];
      expect(bits(moved.weights[layer][at]) - bits(weight)).toBe(odd[at] === 1 ? 1 : -1);
    });
  });
  expect(moved.biases).toEqual(plain.biases);
});

test("a perturbation leaves weights that are zero: they have no last place towards zero", () => {
  const { weights } = atOnce(draws({ init_std: 0, perturbation: 1 }).start()).parameters;
  expect(weights).toEqual(atOnce(draws({ init_std: 0 }).start()).parameters.weights);
  expect(weights.flatMap((matrix) => [...matrix]).every((weight) => weight === 0)).toBe(true);
});

test("given parameters: nothing is drawn, and those who train from them have their own", () => {
  const weights = [new Float32Array(20).fill(0.5), new Float32Array(12).fill(-2)];
  const given = { weights, biases: [new Float32Array(4).fill(3), Float32Array.of(1, -0, 7)] };
  const start = (digest: string, perturbation?: number) => {
    const model = {
      ...{ hidden: [4], init: { parameters: digest } },
      ...(perturbation !== undefined && { perturbation }),
    };
    const known = new Map([["3f", given]]);
    return atOnce(trialDraws({ ...SPECIFICATION, model }, SHAPE, 40, sha256, known).start());
  };
  const { parameters, order } = start("3f");
  expect(parameters).toEqual(given);
  expect(order).toEqual(stream("order").snapshot());
  // A perturbation moves the copy, away from zero or towards it.
  const moved = start("3f", 3).parameters;
  const directions = namedStream(sha256, 0, 3, "perturbation").randints(2, 20);
  expect([...moved.weights[0]].map((value) => value > 0.5)).toEqual(
    [...directions].map((direction) => direction === 1),
  );
  expect(moved.biases).toEqual(given.biases);
  expect(start("3f").parameters).toEqual(parameters);
  expect(new Set(given.weights[0])).toEqual(new Set([0.5]));
  expect(() => start("4e")).toThrow("the initial parameters 4e are not at hand");
});
