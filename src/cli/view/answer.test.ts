// The command's answer in every case, over made-up outcomes.

import { expect, test } from "vitest";
import { timedOutcome } from "../../../test/support/outcomes.ts";
import { fixedNetwork, found, homeworkResult, timedSeeds } from "../../../test/support/results.ts";
import type { StudyResult } from "../../study/result.ts";
import { answerLines } from "./answer.ts";

const ONCE = "by one seed and one rounding; the report says more";

/** Without the fingerprint and the report, which end every answer. */
function lines(result: StudyResult): string[] {
  const all = answerLines(found(result), "runs/x").join("\n").split("\n");
  expect(all.slice(-2)).toEqual([
    `fingerprint: ${"5eed".repeat(16)}`,
    "report: runs/x/report.html",
  ]);
  return all.slice(0, -2);
}

test("of a single run", () => {
  const ending = { kind: "diverged", pass: 7, step: 1 } as const;
  const outcomes = [
    timedOutcome(8, null),
    timedOutcome(16, null, { ending }),
    timedOutcome(32, 55),
    timedOutcome(512, 37, { ending }),
  ];
  expect(lines(homeworkResult(outcomes))).toEqual([
    "2 of 4 trials diverged, at learning rate 0.005: their objective was no longer finite.",
    "",
    "η* = 0.01 (at width 32), trained at η*/2 = 0.005",
    "",
    "   width  passes to interpolation",
    "       8  never in 100",
    "      16  never in 100 (diverged)",
    "      32  55",
    "     512  37 (diverged)",
    "",
    `smallest interpolating width: 32 (${ONCE})`,
  ]);
});

test("of several seeds", () => {
  const ending = { kind: "diverged", pass: 7, step: 1 } as const;
  const result = timedSeeds({
    2: [null, null, null],
    4: [26, null, null],
    8: [26, 26, null],
    16: [26, 30, null],
    32: [26, 27, 30],
  });
  const outcomes = [
    ...result.outcomes,
    timedOutcome(64, 9, { seed: 0 }),
    timedOutcome(64, null, { seed: 1, ending }),
    timedOutcome(64, 11, { seed: 2 }),
    timedOutcome(128, 20, { seed: 0 }),
    timedOutcome(128, 21, { seed: 1 }),
    timedOutcome(256, 20, { seed: 0 }),
    timedOutcome(256, 24, { seed: 1 }),
    timedOutcome(256, null, { seed: 2, ending }),
    timedOutcome(256, null, { seed: 3, ending }),
  ];
  expect(lines({ ...result, outcomes })).toEqual([
    "3 of 24 trials diverged, at learning rate 0.005: their objective was no longer finite.",
    "",
    "η* = 0.01 (at width 32, with seed 0 alone), trained at η*/2 = 0.005",
    "",
    "   width  passes to interpolation",
    "       2  never in 100",
    "       4  median never, 26 in 1 of 3 seeds",
    "       8  26 in 2 of 3 seeds",
    "      16  median 30, from 26 to 30, 2 of 3 seeds",
    "      32  median 27, from 26 to 30, 3 of 3 seeds",
    "      64  median 11, from 9 to 11, 2 of 3 seeds (1 diverged)",
    "     128  median 20.5, from 20 to 21, 2 of 2 seeds",
    "     256  median never, from 20 to 24, 2 of 4 seeds (2 diverged)",
    "",
    "smallest interpolating width: 8 (in most of 3 seeds)",
    "seed by seed: median 6 (4 … 8), some width in 2 of 2 seeds",
  ]);
});

test("of the narrowest width as such, since a narrower one might do, too", () => {
  const last = (...widths: number[]) =>
    lines(homeworkResult(widths.map((width) => timedOutcome(width, 30)))).at(-1);
  expect(last(2, 4)).toBe(`smallest interpolating width: 2 (${ONCE}; no narrower one was trained)`);
  expect(last(1, 2)).toBe(`smallest interpolating width: 1 (${ONCE})`);
});

test("of seeds of which no width has most, with those of the width that has the most", () => {
  const result = timedSeeds({ 8: [null, null, null], 16: [26, null, null], 32: [20, null, null] });
  expect(lines(result)).toContain(
    "smallest interpolating width: none of these (in most of 3 seeds; at most in 1 of 3 seeds, at width 16)",
  );
});

test("of a rate that the study gives, where no width interpolates", () => {
  const outcomes = [timedOutcome(8, null), timedOutcome(16, null)];
  const told = lines({ ...homeworkResult(outcomes), search: null });
  expect([told[0], ...told.slice(-3)]).toEqual([
    "learning rate 0.005",
    `smallest interpolating width: none of these (${ONCE})`,
    "",
    "The best final test accuracy is 80.00% at width 8.",
  ]);
});

test("of one width alone, which is not called the smallest", () => {
  const last = (result: StudyResult) => lines(result).findLast((line) => line.startsWith("width"));
  expect(last(homeworkResult([timedOutcome(64, 43)]))).toBe(
    `width 64 interpolates (${ONCE}); no other width was trained`,
  );
  expect(last(homeworkResult([timedOutcome(64, null)]))).toBe(
    `width 64 does not interpolate (${ONCE}); no other width was trained`,
  );
  expect(last(timedSeeds({ 64: [43, 44, null] }))).toBe(
    "width 64 interpolates (in most of 3 seeds); no other width was trained",
  );
  expect(last(timedSeeds({ 64: [43, null, null] }))).toBe(
    "width 64 does not interpolate (in most of 3 seeds); no other width was trained",
  );
});

test("of a study without a sweep, which is told by its layers", () => {
  expect(lines(fixedNetwork([64], 43))).toEqual([
    "η* = 0.01 (at width 64), trained at η*/2 = 0.005",
    "",
    "   width  passes to interpolation",
    "      64  43",
    "",
    `width 64 interpolates (${ONCE})`,
  ]);
  expect(lines(fixedNetwork([64, 32], null))).toEqual([
    "η* = 0.01 (with hidden layers 64, 32), trained at η*/2 = 0.005",
    "",
    "   hidden layers  passes to interpolation",
    "          64, 32  never in 100",
    "",
    `the network with hidden layers 64, 32 does not interpolate (${ONCE})`,
    "",
    "The final test accuracy is 80.00% with hidden layers 64, 32.",
  ]);
  expect(lines(fixedNetwork([], 4, 5)).slice(0, 4)).toEqual([
    "η* = 0.01 (without a hidden layer, with seed 0 alone), trained at η*/2 = 0.005",
    "",
    "   hidden layers  passes to interpolation",
    "            none  median 4.5, from 4 to 5, 2 of 2 seeds",
  ]);
});
