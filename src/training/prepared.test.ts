// What a trial sees against NumPy: part, subset, labels and inputs (test/reference/make-prepared.py), bytes and floats.

import { describe, expect, test } from "vitest";
import reference from "../../test/reference/prepared.json" with { type: "json" };
import { sha256 } from "../base/sha256.node.ts";
import { hex } from "../base/sha256.ts";
import type { Dataset } from "../data/dataset.ts";
import { standardizeInto } from "../data/standardize.ts";
import {
  specificationOf,
  type ExampleChoices,
  type NotebookStreams,
  type TrialSpecification,
} from "../model/trial.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { preparedDataset } from "./prepared.ts";
import { standardization } from "./standardization.ts";
import { trialDraws } from "./streams.ts";

const EXAMPLES = 41;
const SIZE = 6;

const source = new NumpyRandomState(5);
const bytes = Uint8Array.from(source.randints(256, EXAMPLES * SIZE));
const floats = Float32Array.from(bytes, () => 4 * source.random() - 1);
const labels = Uint8Array.from(source.randints(5, EXAMPLES));

function dataset(values: Uint8Array | Float32Array): Dataset {
  const set = { examples: EXAMPLES, size: SIZE, values, labels };
  return { name: "drawn", classes: 5, train: set, test: set, digest: "" };
}

function specification(
  train_examples: number,
  choices: ExampleChoices,
  streams: TrialSpecification["streams"] = { kind: "named", study_seed: 3, seed: 11 },
): TrialSpecification {
  return specificationOf({
    data: { dataset: "", train_examples, ...choices },
    model: { hidden: [2], init_std: 1 },
    training: { learning_rate: 1, regularization: 0 },
    streams,
  });
}

const SHAPE = { inputs: SIZE, hidden: [2], classes: 5 };
const draw = (...asked: Parameters<typeof specification>) =>
  trialDraws(specification(...asked), SHAPE, EXAMPLES, sha256);

describe("as NumPy has it:", () => {
  test.each(reference)("$train_examples examples of $kind with $choices", (wanted) => {
    const set = dataset(wanted.kind === "bytes" ? bytes : floats);
    const { train_examples } = wanted;
    const choices = wanted.choices as ExampleChoices;
    const { subset, labels: learned } = draw(train_examples, choices);
    expect([...(subset ?? labels.keys())]).toEqual(wanted.subset);
    expect([...learned(set)]).toEqual(wanted.labels);
    const inputs = standardization(specification(train_examples, choices), set, sha256);
    expect([...inputs.mean]).toEqual(wanted.mean);
    expect([...inputs.deviation]).toEqual(wanted.deviation);
    const rows = new Float32Array(train_examples * SIZE);
    standardizeInto(rows, set.train, subset, inputs);
    expect([...rows.subarray(0, SIZE)]).toEqual(wanted.first_row);
    expect(hex(sha256(new Uint8Array(rows.buffer)))).toBe(wanted.rows_sha256);

    const { train, test } = preparedDataset(specification(train_examples, choices), set, sha256);
    expect(train).toEqual({
      ...{ examples: train_examples, size: SIZE, values: rows },
      labels: Uint8Array.from(wanted.labels),
    });
    const tests = new Float32Array(EXAMPLES * SIZE);
    standardizeInto(tests, set.test, null, inputs);
    expect(test).toEqual({ ...set.test, values: tests });
  });
});

test("parts are the same for every seed, and all of them are the whole training set", () => {
  const partOf = (index: number, seed: number) => {
    const streams = { kind: "named", study_seed: 3, seed } as const;
    return draw([13, 14, 14][index], { part: { of: 3, index } }, streams).subset ?? [];
  };
  expect(partOf(1, 11)).toEqual(partOf(1, 12));
  const all = [0, 1, 2].flatMap((index) => [...partOf(index, 11)]);
  expect(all.sort((a, b) => a - b)).toEqual([...labels.keys()]);
});

test("with the notebook's streams there is nothing of this", () => {
  const streams: NotebookStreams = { kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] };
  const plain = specification(41, { standardize: "per feature" }, streams);
  for (const choices of [
    { part: { of: 2, index: 0 } },
    { label_noise: { share: 0.1 } },
    { standardize: "whole" },
  ] as const) {
    const [name] = Object.keys(choices);
    const refusal = `${name} needs named streams: write streams:`;
    expect(() => specification(41, choices, streams)).toThrow(refusal);
    const handmade = { ...plain, data: { ...plain.data, ...choices } };
    expect(() => trialDraws(handmade, SHAPE, EXAMPLES, sha256)).toThrow(refusal);
  }
});
