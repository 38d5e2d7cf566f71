import { describe, expect, test } from "vitest";
import { NumpyRandomState } from "../random/numpy.ts";
import { noisyLabels } from "./label-noise.ts";
import type { LabelNoise } from "../model/trial.ts";

const CLASSES = 4;

function dataset(labels: readonly number[], classes = CLASSES) {
  const examples = labels.length;
  const train = {
    examples,
    size: 1,
    values: new Uint8Array(examples),
    labels: Uint8Array.from(labels),
  };
  return { name: "mine", classes, train };
}

/** A stream that has these uniforms and no others, and 2³² − 1 each time that bits are wanted. */
function stream(...uniforms: number[]) {
  const random = () => {
    const next = uniforms.shift();
    if (next === undefined) throw new Error("an example draws one uniform");
    return next;
  };
  return { random, randint: (n: number) => n - 1 };
}

describe("a share of the labels", () => {
  test("is that of the smallest uniforms, the earliest in the source where these are equal", () => {
    const set = dataset([0, 0, 0, 0, 0]);
    const uniforms = [0.5, 0.2, 0.5, 0.1, 0.5];
    // (0 + 1 + (2³² − 1) mod 3) mod 4
    const wrong = 1 + ((2 ** 32 - 1) % 3);
    // The subset's order decides nothing: example 0 goes before 2 and 4.
    const subset = Uint32Array.of(4, 3, 0, 2);
    expect([...noisyLabels(set, subset, { share: 0.5 }, stream(...uniforms))]).toEqual([
      ...[0, wrong, wrong, 0],
    ]);
  });

  test.each([
    [0.1, 0],
    [0.125, 1],
    [0.374, 1],
    [0.375, 2],
    [1, 4],
  ])("%s of 4 are %i", (share, wrong) => {
    const set = dataset([0, 1, 2, 3]);
    const noisy = noisyLabels(set, null, { share }, new NumpyRandomState(0));
    expect(noisy.filter((label, index) => label !== index)).toHaveLength(wrong);
  });
});

test("a redrawn label may be what it was, and is so where the uniform is no smaller", () => {
  const set = dataset([3, 0, 0]);
  const noise: LabelNoise = { probability: 0.3, kind: "redrawn" };
  expect([...noisyLabels(set, null, noise, stream(0.29, 0.3, 0.1))]).toEqual([3, 0, 3]);
});

test.each<(level: number) => LabelNoise>([
  (share) => ({ share }),
  (probability) => ({ probability, kind: "redrawn" }),
])("more noise keeps what less has made wrong", (noise) => {
  const clean = Array.from({ length: 500 }, (_, n) => n % CLASSES);
  const set = dataset(clean);
  const levels = [0, 0.1, 0.4, 0.9, 1].map((level) =>
    noisyLabels(set, null, noise(level), new NumpyRandomState(3)),
  );
  expect([...levels[0]]).toEqual(clean);
  levels.slice(1).forEach((more, at) => {
    levels[at].forEach((label, index) => {
      if (label !== clean[index]) expect(more[index]).toBe(label);
    });
  });
  expect(levels[4].filter((label, index) => label === clean[index]).length).toBeLessThan(160);
});

test("of two classes, the other one is wrong", () => {
  const noisy = noisyLabels(dataset([0, 1], 2), null, { share: 1 }, stream(0, 0));
  expect([...noisy]).toEqual([1, 0]);
});

test("one class has no other", () => {
  expect(() => noisyLabels(dataset([0], 1), null, { share: 0.5 }, stream(0))).toThrow(
    "data set mine has 1 class; label noise needs another one",
  );
});
