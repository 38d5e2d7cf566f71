// What is told of thresholds at several values, made up.

import { expect, test } from "vitest";

import { expectGolden } from "../../../test/support/golden.ts";
import { outcome } from "../../../test/support/outcomes.ts";
import { homeworkResult } from "../../../test/support/results.ts";
import { severalThresholds } from "./several-thresholds.ts";

const RESULT = homeworkResult([outcome(8, [[1, 1, 1, 1]], { seed: 0 })]);

/** The interval of the threshold at each value. */
function answerOf(
  axis: string,
  intervals: readonly [value: number, low: number, high: number | null][],
) {
  const found = intervals.map(([value, low, high]) => ({
    ...{ values: { [axis]: value }, low, high },
    ...{ rule: null, visits: [], violations: [] },
  }));
  return severalThresholds(RESULT, found);
}

const told = ({ sentences = [] }: ReturnType<typeof answerOf>) => JSON.stringify(sentences);

test("an exponent is of the thresholds that have an upper end, and says of how many", () => {
  const answer = answerOf("dataset.examples", [
    [100, 4, 4],
    [200, 4, 16],
    [400, 16, 16],
    [800, 9, null],
  ]);
  const by =
    "95 % by Student's t over 3 thresholds, each the geometric middle of its interval; 1 without an upper end left out";
  expect(answer.summary).toMatchObject({ threshold: { exponent: { by } } });
  expect(told(answer)).toContain("The threshold goes as ");
  expect(told(answer)).toContain(by);
  expectGolden("thresholds", answer.draw?.("paper")[0]);
  // One line has a band.
  expect(answer.draw?.("paper")[0].caption).toContain("(bands or bars, 95 % confidence each)");
  const closed = answerOf("dataset.examples", [
    [100, 4, 4],
    [200, 8, 8],
  ]);
  expect(told(closed)).toContain("2 thresholds, each the geometric middle of its interval)");
});

test("an axis that has zero has no power law", () => {
  const answer = answerOf("dataset.label_noise", [
    [0, 4, 4],
    [0.1, 8, 8],
    [0.2, 16, 16],
  ]);
  expect(answer.summary).not.toHaveProperty("threshold.exponent");
  expect(answer.facts).toEqual([]);
  expect(told(answer)).not.toContain("power");
});
