// The draws of a trial against the contract (docs/numerics.md, "Random streams"), each from its own stream.

import { expect, test } from "vitest";
import { namedStream, type Purpose } from "../random/named.ts";
import { atOnce } from "../base/parts.ts";
import { sha256 } from "../base/sha256.node.ts";
import { trialDraws } from "./streams.ts";
import type { TrialSpecification } from "../model/trial.ts";

const SHAPE = { inputs: 5, hidden: [4], classes: 3 };

function draws(model: Partial<TrialSpecification["model"]> = {}) {
  const specification: TrialSpecification = {
    numerics: 1,
    data: { dataset: "00".repeat(32), train_examples: 30 },
    model: { hidden: [4], init_std: 0.1, ...model },
    training: { learning_rate: 0.05, regularization: 0 },
    streams: { kind: "named", study_seed: 2, seed: 7 },
  };
  return trialDraws(specification, SHAPE, 40, sha256);
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
