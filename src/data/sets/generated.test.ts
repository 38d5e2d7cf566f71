import fc from "fast-check";
import { describe, expect, test } from "vitest";
import mnist1dReference from "../../../test/reference/mnist1d.json" with { type: "json" };
import { InputError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { hex } from "../../base/sha256.ts";
import type { LabelledExamples } from "../dataset.ts";
import { loadDataset } from "../load.node.ts";
import reference from "./reference.json" with { type: "json" };
import { DATASETS } from "./table.ts";

type Name = "mnist-1d" | "gaussian-clusters" | "teacher" | "modular-addition";

async function make(name: Name, settings: object) {
  const entry = DATASETS[name];
  if (!("generate" in entry)) throw new Error(`${name} is not generated`);
  return entry.generate({ name, ...settings }, { sha256, pause: () => Promise.resolve() });
}

async function digestOf(name: Name, settings: object): Promise<string> {
  const { dataset } = await loadDataset({ name, ...settings });
  expect(dataset.name).toBe(name);
  return dataset.digest;
}

function largestDifference(values: ArrayLike<number>, wanted: readonly number[]): number {
  expect(values.length).toBe(wanted.length);
  return wanted.reduce((most, value, at) => Math.max(most, Math.abs(values[at] - value)), 0);
}

/** As the reference has them: made by NumPy, in little-endian. */
function digests({ size, values, labels }: LabelledExamples) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return {
    x_first: [...values.subarray(0, Math.min(size, 3))].map((x) => Number(x.toPrecision(9))),
    x_sha256: hex(sha256(bytes)),
    y_sha256: hex(sha256(labels)),
  };
}

describe("mnist-1d has the numbers of the package mnist1d", () => {
  test("with its defaults", async () => {
    const { train, test } = await make("mnist-1d", {});
    const wanted = mnist1dReference.default;
    expect([train, test].map(({ examples, size }) => [examples, size])).toEqual(wanted.shapes);
    for (const [set, rows, labels, sum] of [
      [train, wanted.x_first_rows, wanted.y_first_60, wanted.sum_abs],
      [test, wanted.x_test_first_rows, wanted.y_test_first_20, wanted.sum_abs_test],
    ] as const) {
      const first = set.values.subarray(0, 40 * rows.length);
      expect(largestDifference(first, rows.flat())).toBeLessThan(1e-6);
      expect([...set.labels.subarray(0, labels.length)]).toEqual(labels);
      // Each of the values may be 1e-6 away, and their rounding is by chance.
      expect(Float64Array.from(set.values, Math.abs).reduce((a, b) => a + b) / sum).toBeCloseTo(
        1,
        8,
      );
    }
    const columns = new Float64Array(40);
    train.values.forEach((value, at) => (columns[at % 40] += value / train.examples));
    expect(largestDifference(columns, wanted.column_means)).toBeLessThan(1e-6);
    const counts = wanted.label_counts.map((_, c) => train.labels.filter((y) => y === c).length);
    expect(counts).toEqual(wanted.label_counts);
    // Its float64 values, rounded to float32, happen to be ours to the bit: so these digests are golden, too.
    const { digest, ...golden } = reference["mnist-1d by default"];
    expect({ train: digests(train), test: digests(test) }).toEqual(golden);
    expect(await digestOf("mnist-1d", {})).toBe(digest);
  });

  test.each(reference["mnist-1d"])("with $settings", async ({ settings, x, y, x_test, y_test }) => {
    const { train, test } = await make("mnist-1d", settings);
    expect(largestDifference(train.values, x)).toBeLessThan(1e-6);
    expect(largestDifference(test.values, x_test)).toBeLessThan(1e-6);
    expect([...train.labels]).toEqual(y);
    expect([...test.labels]).toEqual(y_test);
  });
});

describe("are what NumPy makes of their rules, to the bit:", () => {
  const cases = (["gaussian-clusters", "teacher", "modular-addition"] as const).flatMap((name) =>
    reference[name].map((wanted) => ({ name, ...wanted })),
  );
  test.each(cases)("$name with $settings", async ({ name, settings, train, test, digest }) => {
    const made = await make(name, settings);
    expect(digests(made.train)).toEqual(train);
    expect(digests(made.test)).toEqual(test);
    expect(await digestOf(name, settings)).toBe(digest);
  });
});

test("more examples leave those before them as they are, and the other set", async () => {
  const few = { train: 11, test: 6, inputs: 3, classes: 4 };
  for (const name of ["gaussian-clusters", "teacher"] as const) {
    const { train, test } = await make(name, few);
    const more = await make(name, { ...few, train: 200 });
    expect(more.train.values.subarray(0, 33)).toEqual(train.values);
    expect(more.train.labels.subarray(0, 11)).toEqual(train.labels);
    expect(more.test).toEqual(test);
  }
});

test("modular addition has each pair once, in one of its sets, with its sum", async () => {
  const settings = fc.record({
    modulus: fc.integer({ min: 2, max: 40 }),
    train_share: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(settings, async (settings) => {
      const p = settings.modulus;
      const { train, test, classes } = await make("modular-addition", settings);
      expect([classes, train.examples]).toEqual([
        p,
        Math.floor(settings.train_share * p * p + 0.5),
      ]);
      const seen = new Set<number>();
      for (const { examples, size, values, labels } of [train, test])
        for (let row = 0; row < examples; row++) {
          const ones = [...values.subarray(row * size, (row + 1) * size).keys()].filter(
            (at) => values[row * size + at] === 1,
          );
          const [a, b] = [ones[0], ones[1] - p];
          expect(ones).toHaveLength(2);
          expect(labels[row]).toBe((a + b) % p);
          seen.add(a * p + b);
        }
      expect(seen.size).toBe(p * p);
    }),
    { numRuns: 30 },
  );
});

describe("settings that make no data set are refused in one sentence:", () => {
  const teacherOf = (settings: object) => ({
    train: 9,
    test: 9,
    inputs: 9,
    classes: 9,
    ...settings,
  });
  test.each([
    [
      "mnist-1d",
      { num_samples: 10, train_split: 0.05 },
      "data set mnist-1d: 0 training and 10 test examples",
    ],
    ["mnist-1d", { num_samples: 2 ** 28 }, "268435450 examples of 72 values;"],
    ["mnist-1d", { padding: [2 ** 28, 0] }, "5000 examples of 268435456 values;"],
    [
      "mnist-1d",
      { template_len: 1, padding: [5, 0] },
      "make 1 of the 2 or more values that 40 are interpolated between",
    ],
    [
      "mnist-1d",
      // Every value is the one that a digit begins with.
      {
        ...{ padding: [0, 0], max_translation: 1, final_seq_length: 1, scale_coeff: 0 },
        ...{ corr_noise_scale: 0, iid_noise_scale: 0, shear_scale: 0 },
      },
      "all values of all examples are alike",
    ],
    ["gaussian-clusters", { train: 2 ** 28 }, "268436456 examples of 20 values;"],
    ["teacher", teacherOf({ hidden: [65536, 65536] }), "is too large; expected at most 16777216"],
    ["teacher", teacherOf({ train: 2 ** 24, hidden: [999, 999] }), "68719476736 as the product"],
    [
      "modular-addition",
      { modulus: 2, train_share: 0.1 },
      "data set modular-addition: 0 training and 4 test examples",
    ],
    ["modular-addition", { modulus: 2, train_share: 0.9 }, "4 training and 0 test examples"],
  ] as const)("%s %j", async (name, settings, sentence) => {
    const making = make(name, settings);
    await expect(making).rejects.toThrow(InputError);
    await expect(making).rejects.toThrow(sentence);
  });

  test.each([
    ["mnist-1d", { num_samples: 9 }, "expected an integer from 10 to 268435456, got 9"],
    ["mnist-1d", { num_samples: 50.5 }, "got 50.5"],
    ["mnist-1d", { train_split: 1 }, "expected a number above 0 and below 1, got 1"],
    ["mnist-1d", { padding: [36] }, "expected two integers, the fewest and the most zeros"],
    ["mnist-1d", { padding: [-1, 5] }, "expected an integer from 0 to 268435456, got -1"],
    ["mnist-1d", { padding: [1, 2, 3] }, "expected two integers, the fewest and the most zeros"],
    ["mnist-1d", { max_translation: 0 }, "expected an integer from 1 to 268435456, got 0"],
    ["mnist-1d", { final_seq_length: 0 }, "got 0"],
    ["mnist-1d", { scale_coeff: 1e7 }, "expected a number from -1000000 to 1000000"],
    ["mnist-1d", { shuffle_seq: 1 }, "expected true or false, got 1"],
    ["mnist-1d", { seed: 2 ** 32 }, "expected an integer from 0 to 4294967295, got 4294967296"],
    ["gaussian-clusters", { classes: 257 }, "expected an integer from 1 to 256, got 257"],
    ["gaussian-clusters", { separation: -1 }, "expected a number from 0 to 1000000, got -1"],
    ["teacher", {}, "data set teacher: train: missing; expected an integer from 1 to 268435456"],
    ["teacher", teacherOf({ hidden: 8 }), "expected a list of widths, got 8"],
    ["teacher", teacherOf({ hidden: [0] }), "expected an integer from 1 to 65536, got 0"],
    ["teacher", teacherOf({ hidden: Array(17).fill(1) }), "expected at most 16 hidden layers"],
    ["modular-addition", { modulus: 257 }, "expected an integer from 2 to 256, got 257"],
    ["modular-addition", { train_share: 0 }, "expected a number above 0 and below 1, got 0"],
  ] as const)("%s %j before anything is made", async (name, settings, sentence) => {
    const making = make(name, settings);
    await expect(making).rejects.toThrow(InputError);
    await expect(making).rejects.toThrow(sentence);
  });
});
