// What is told of rounding's spread beside the seeds', over made-up outcomes.

import { expect, test } from "vitest";
import { timedOutcome } from "../../../test/support/outcomes.ts";
import { homeworkResult, HOMEWORK, found } from "../../../test/support/results.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Text } from "../../document/document.ts";
import { summarize } from "../../report/summary.ts";
import { parseStudy } from "../../study/language/parse.ts";
import { CATALOGUE } from "../catalogue.ts";
import { PROVENANCE } from "../../../test/support/results.ts";

/** By width, of each seed the passes of its own trial and of its perturbed ones; a seed of null is the notebook's. */
function answered(
  byWidth: Readonly<Record<number, readonly (readonly (number | null)[])[]>>,
  seeds: readonly (number | null)[],
  of = "passes_to_interpolation",
) {
  const all = Object.entries(byWidth).flatMap(([width, trials]) =>
    trials.flatMap((passes, place) =>
      passes.map((at, perturbation) => {
        const seed = seeds[place];
        const one = timedOutcome(Number(width), at, seed === null ? {} : { seed });
        return { one, perturbation };
      }),
    ),
  );
  const where = (isOwn: boolean): Outcome[] =>
    all.flatMap(({ one, perturbation }) => ((perturbation === 0) === isOwn ? [one] : []));
  const result = homeworkResult(where(true));
  const { streams } = HOMEWORK;
  const named = { kind: "named" as const, study_seed: 0, seeds: seeds.map(Number) };
  const perturbations = Math.max(
    ...Object.values(byWidth)
      .flat()
      .map(({ length }) => length - 1),
  );
  return found({
    ...{ ...result, search: null, learning_rate: 0.1, perturbed: where(false) },
    study: {
      ...HOMEWORK,
      training: { ...HOMEWORK.training, learning_rate: 0.1 },
      sweep: { width: Object.keys(byWidth).map(Number) },
      streams: seeds[0] === null ? streams : named,
      ask: [{ name: "rounding-or-seed", of, perturbations, seeds: 2 }],
    },
  });
}

const plain = (text: Text) =>
  text
    .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
    .join("");
const told = (one: ReturnType<typeof answered>) => {
  const answer = one.answers.get("rounding-or-seed");
  return { ...answer, sentences: (answer?.sentences ?? []).map(plain) };
};
const LAST = "initial weights moved by one unit in the last place";

test("both spreads are told of each point, and rounding's share with its interval", () => {
  const several = answered(
    { 8: [[10, 11, 15], [20, 22, 24], [40]], 16: [[9, null, 9], [9, 9, 9], [9]] },
    [0, 1, 2],
  );
  const { sentences, facts, lines, draw } = told(several);
  // Variances within 7 and 4, means 12 and 22: 5.5 and τ² = 50 − 5.5/3.
  expect(sentences).toEqual([
    `Width 8: passes to interpolation: 10 to 40 over 3 seeds, 10 to 15 with ${LAST} within the seed that this moves the most; rounding's share of the variance is 0.102.`,
    `Width 16: passes to interpolation: 9 over 3 seeds, 9 to never with ${LAST} within the seed that this moves the most; rounding's share of the variance is not known, since some trials have no finite number.`,
    `Each of 2 seeds was trained 2 more times, each time with another draw of ${LAST}. The share is that of the variance within seeds in the variance of trials of different seeds, by a one-way analysis of variance; its interval takes 5 seeds.`,
  ]);
  expect(facts?.map(({ value, note }) => [value, note])).toEqual([
    ["0.102", "of passes to interpolation"],
  ]);
  expect(lines).toEqual([
    "rounding or seed, passes to interpolation:",
    "  width 8: 10 to 40 over 3 seeds, 10 to 15 by rounding, share 0.102",
    "  width 16: 9 over 3 seeds, 9 to never by rounding, share not known",
  ]);
  expect(draw?.("paper")[0].name).toBe("rounding-or-seed");
  expect(summarize(several, PROVENANCE)).toMatchObject({
    rounding_or_seed: {
      ...{ of: "passes_to_interpolation", perturbations: 2 },
      points: {
        8: {
          seeds: { trials: 3, median: 20, range: [10, 40] },
          rounding: {
            seeds: [
              { seed: 0, range: [10, 15] },
              { seed: 1, trials: 3 },
            ],
          },
          share: { interval: null, by: "2 seeds; a bootstrap takes 5" },
        },
        16: { share: null, rounding: { deviation: null, seeds: [{ range: [9, null] }, {}] } },
      },
      fingerprints: { 8: { length: 4 }, 16: { length: 4 } },
    },
  });
});

test("of the notebook's one seed rounding's spread is told alone", () => {
  expect(told(answered({ 32: [[55, 52, 70]] }, [null])).sentences).toEqual([
    `Width 32: passes to interpolation: 52 to 70 with ${LAST}; rounding's share of the variance takes a second seed.`,
    `One seed was trained 2 more times, each time with another draw of ${LAST}.`,
  ]);
});

test("another number is named, and where nothing differs that is said", () => {
  const { sentences } = told(
    answered(
      {
        32: [
          [5, 5],
          [5, 5],
        ],
      },
      [0, 1],
      "test_error",
    ),
  );
  expect(sentences[0]).toBe(
    `Width 32: test error at the end: 0.200 over 2 seeds, 0.200 with ${LAST} within the seed that this moves the most; rounding's share of the variance is none, since all trials have the same.`,
  );
});

test("of many points it is told how many are which", () => {
  const widths = Array.from({ length: 13 }, (_, index) => index + 1);
  const calm = [
    [10, 10, 11],
    [90, 91, 91],
    [50, 50, 51],
    [30, 30, 30],
    [70, 71, 70],
    [20, 21, 21],
  ];
  const wild = [
    [10, 90, 50],
    [90, 10, 50],
    [50, 91, 11],
    [12, 52, 88],
    [11, 51, 89],
    [49, 12, 90],
  ];
  const many = Object.fromEntries(widths.map((width) => [width, width < 5 ? wild : calm]));
  expect(told(answered(many, [0, 1, 2, 3, 4, 5])).sentences[0]).toBe(
    "Rounding makes more than half of the variance of passes to interpolation at 4 of 13 points, less at 9; at 0 that is open.",
  );
  expect(told(answered(many, [0, 1, 2, 3, 4, 5])).lines?.at(-1)).toBe(
    "… and 1 point more: the report has all of them",
  );
});

test("of five seeds ten perturbations of passes to interpolation are taken where nothing else is said", () => {
  const { ask } = parseStudy(
    `
name: chaos
question: "?"
dataset: { name: mnist-1d, examples: 60 }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.03, passes: 12 }
sweep: { width: [4] }
ask: [rounding-or-seed]
`,
    "chaos.yaml",
    CATALOGUE,
  );
  const of = "passes_to_interpolation";
  expect(ask).toEqual([{ name: "rounding-or-seed", of, perturbations: 10, seeds: 5 }]);
});

test("shares have three decimals, however small they are", () => {
  const bases = [0, 20, 40, 60, 80];
  const passes = bases.map((base) => [base + 10, base + 10, base + 11]);
  expect(told(answered({ 8: passes }, [0, 1, 2, 3, 4])).sentences[0]).toMatch(
    /variance is 0\.000 \(0\.000 … 0\.\d{3}\)\.$/,
  );
});
