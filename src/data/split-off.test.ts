import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.node.ts";
import { splitOff } from "./split-off.ts";

/** Example i has the values 2i and 2i + 1, and the label i. */
const examples = (n: number) => ({
  values: Uint8Array.from({ length: 2 * n }, (_, i) => i),
  labels: Uint8Array.from({ length: n }, (_, i) => i),
});

const split = (n: number, share: number, seed: number) =>
  splitOff(examples(n), { share, seed }, "a.csv", sha256);

test("NumPy draws the same test set", () => {
  // name = b"widthwise/1/7/0/test-split"
  // stream = np.random.RandomState(np.frombuffer(hashlib.sha256(name).digest(), "<u4"))
  // sorted(stream.permutation(20)[: int(0.25 * 20 + 0.5)])
  expect([...split(20, 0.25, 7).test.labels]).toEqual([1, 6, 8, 16, 19]);
});

test("a half is rounded up", () => {
  expect(split(10, 0.25, 7).test.labels).toHaveLength(3);
});

test("each example is in one of the sets, in the file's order, with its values", () => {
  for (const seed of [0, 1, 2]) {
    const { train, test: tests } = split(50, 0.3, seed);
    expect([train.labels.length, tests.labels.length]).toEqual([35, 15]);
    for (const { values, labels } of [train, tests]) {
      expect([...labels]).toEqual([...labels].sort((a, b) => a - b));
      expect([...values]).toEqual([...labels].flatMap((label) => [2 * label, 2 * label + 1]));
    }
    const all = [...train.labels, ...tests.labels];
    expect(new Set(all).size).toBe(50);
  }
});

test("one test example is enough, and two for training", () => {
  const sizes = [0.2, 0.6].map((share) => {
    const { train, test: tests } = split(5, share, 0);
    return [train.labels.length, tests.labels.length];
  });
  expect(sizes).toEqual([
    [4, 1],
    [2, 3],
  ]);
});

describe("is refused:", () => {
  test.each([
    [5, 0.05, 0, "a test share of 0.05 makes 0 of the 5 examples in a.csv the test set; expected"],
    [5, 0.8, 0, "a test share of 0.8 makes 4 of the 5 examples"],
    [5, -1, 0, "a test share of -1"],
    [5, NaN, 0, "a test share of NaN"],
    [5, 0.4, -1, "seed -1: expected a whole number"],
  ])("%s examples, a share of %s, seed %s", (n, share, seed, sentence) => {
    expect(() => split(n, share, seed)).toThrow(InputError);
    expect(() => split(n, share, seed)).toThrow(sentence);
  });
});
