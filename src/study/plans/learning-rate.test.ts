// The search over made-up losses: which rates it tries, which it answers, and what it says where there is no answer.

import { expect, test } from "vitest";
import { record, type Row } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { WidthwiseError } from "../../base/errors.ts";
import { learningRatePlan, type LearningRateAnswer } from "./learning-rate.ts";
import type { PlannedTrial } from "./plan.ts";

const ASKED = study({ widths: [8], seeds: [5, 3], learning_rate: "eta_star / 2" });
const BEFORE = 2;

/** Training loss after one pass at a rate; null where training broke off. */
type Losses = (rate: number) => number | null;

/** Searches where a rate leads to these losses; tells the trials in the order of asking. */
function search(
  after: Losses,
  asked = ASKED,
  before = BEFORE,
): { answer: LearningRateAnswer; asked: PlannedTrial[] } {
  const plan = learningRatePlan(asked, DATASET_SIZES);
  const planned: PlannedTrial[] = [];
  const rate = ({ trial }: PlannedTrial) => trial.specification.training.learning_rate;
  for (;;) {
    const next = plan((wanted) => {
      const known = planned.some((one) => rate(one) === rate(wanted));
      return known ? recordOf(rate(wanted), after(rate(wanted)), before) : undefined;
    });
    if ("answer" in next) return { answer: next.answer, asked: planned };
    // One at a time: the next rate depends on this one.
    expect(next.trials).toHaveLength(1);
    // Three altogether, as long as nothing else is known.
    expect(next.expected).toEqual([[...next.trials][0], [...next.trials][0]].slice(planned.length));
    planned.push([...next.trials][0]);
  }
}

function recordOf(rate: number, after: number | null, before: number) {
  // The test set's loss is another one, which counts for nothing.
  const row = (loss: number): Row => [loss, 0.5, 3 * loss, 0.5];
  return after === null
    ? record(32, [row(before)], {
        learning_rate: rate,
        ending: { kind: "diverged", pass: 1, step: 3 },
      })
    : record(32, [row(before), row(after)], { learning_rate: rate });
}

function found(after: Losses) {
  const { answer } = search(after);
  return {
    eta_star: answer.eta_star,
    verdicts: answer.probes.map(({ learning_rate, verdict }) => [learning_rate, verdict]),
  };
}

function failure(after: Losses, asked = ASKED): string {
  try {
    search(after, asked);
  } catch (error) {
    expect(error).toBeInstanceOf(WidthwiseError);
    return (error as WidthwiseError).message;
  }
  return "no failure";
}

/** Converges up to `largest`. */
const upTo =
  (largest: number): Losses =>
  (rate) =>
    rate <= largest ? 0.5 : 6;

test("goes down by tens to a rate that converges, and up by doubling to one that does not: η* is the last but one", () => {
  expect(found(upTo(0.05))).toEqual({
    eta_star: 0.04,
    verdicts: [
      [0.1, "diverges"],
      [0.01, "converges"],
      [0.02, "converges"],
      [0.04, "converges"],
      [0.08, "diverges"],
    ],
  });
});

test("goes up at once where 0.1 converges, as far as 1000", () => {
  const { eta_star, verdicts } = found(upTo(0.5));
  expect(eta_star).toBe(0.4);
  expect(verdicts.map(([rate]) => rate)).toEqual([0.1, 0.2, 0.4, 0.8]);
  expect(found(upTo(500)).eta_star).toBe(409.6);
});

test("tries the decimal tens themselves, not what dividing by ten makes of them, down to 1e-8", () => {
  const { eta_star, verdicts } = found(upTo(1e-8));
  expect(eta_star).toBe(1e-8);
  expect(verdicts.map(([rate]) => rate)).toEqual([
    0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 2e-8,
  ]);
});

test("asks for each rate with the first seed, for one pass at the search's width", () => {
  const { asked } = search(upTo(0.01));
  expect(asked.map(({ point, trial }) => [point.values.width, point.seed, trial.passes])).toEqual(
    asked.map(() => [32, 5, 1]),
  );
  const rates = asked.map(({ trial }) => trial.specification.training.learning_rate);
  expect(rates).toEqual([0.1, 0.01, 0.02]);
});

test("a rate converges below the threshold, and not at it", () => {
  // A half of 2 is 1.
  const { eta_star, verdicts } = found((rate) => (rate > 0.01 ? 1 : 0.999));
  expect([eta_star, verdicts]).toEqual([
    0.01,
    [
      [0.1, "diverges"],
      [0.01, "converges"],
      [0.02, "diverges"],
    ],
  ]);
  const quarter = { ...ASKED, search: { width: 32, factor: 0.25 } };
  const { answer } = search((rate) => (rate > 0.01 ? 0.999 : 0.4), quarter);
  expect([answer.eta_star, answer.probes[0].threshold]).toEqual([0.01, 0.5]);
});

test("a probe has its losses and its distance to the threshold, which is infinite where there is no loss", () => {
  const { answer } = search((rate) => (rate > 0.05 ? null : rate > 0.01 ? NaN : 0.25));
  const told = answer.probes.map(({ before, after, threshold, margin }) => [
    before,
    after,
    threshold,
    margin,
  ]);
  expect(told).toEqual([
    [2, NaN, 1, Infinity],
    [2, 0.25, 1, 0.25],
    [2, NaN, 1, Infinity],
  ]);
  const infinite = search((rate) => (rate > 0.05 ? Infinity : rate > 0.01 ? 3 : 0.25)).answer;
  expect(infinite.probes.map(({ margin }) => margin)).toEqual([Infinity, 0.25, 3]);
});

test("a loss that is infinite before training and after it is infinitely far from the threshold", () => {
  const { answer } = search((rate) => (rate === 0.01 ? 1 : Infinity), ASKED, Infinity);
  expect(answer.probes.map(({ margin }) => margin)).toEqual([Infinity, 0, Infinity]);
});

test("says that no rate converges, or none diverges, and what to change", () => {
  const advice = "give training.learning_rate as a number, or a";
  const none =
    "no learning rate down to 1e-8 converges: none brings the training loss below 0.5 times what it was in one pass";
  expect(failure(() => null)).toBe(`${none}; ${advice} larger search.factor`);
  // The best of them, wherever it stands.
  expect(failure((rate) => (rate === 0.01 ? 1.5 : rate > 0.01 ? null : 1.9))).toBe(
    `${none}, the best, 0.01, to 0.75 times; ${advice} larger search.factor`,
  );
  // A pass of batches has few steps.
  const batches = { ...ASKED, training: { ...ASKED.training, batch: 10 } };
  expect(failure(() => null, batches)).toBe(
    `${none}; ${advice} smaller batch, or a larger search.factor`,
  );
  const all = (rate: number) =>
    `no learning rate up to 1000 diverges: one pass at ${rate} still brings the training loss below 0.5 times what it was; ${advice} smaller search.factor`;
  expect(failure(() => 0.5)).toBe(all(819.2));
  // The rate told is the last one, not the first.
  expect(failure((rate) => (rate === 0.1 ? 6 : 0.5))).toBe(all(655.36));
});

test("says that the loss did not move where it stayed within 5 % at every rate, and only there", () => {
  const still =
    "no learning rate from 1e-8 to 0.1 moves the training loss from 2.0000 by more than 5 % in one pass: " +
    "initial weights of standard deviation 0.000001 are too small to learn from; " +
    "give a larger model.init_std, or training.learning_rate as a number";
  // Two layers of such weights: the biases alone move, and make it a little worse.
  expect(failure((rate) => BEFORE + rate / 2)).toBe(still);
  expect(failure((rate) => (rate === 0.1 ? 2.09 : 2))).toBe(still);
  expect(failure((rate) => (rate === 0.1 ? 1.91 : 2))).toBe(still);
  expect(() => search((rate) => (rate === 0.1 ? 21 : 20), ASKED, 20)).toThrow(/by more than 5 %/);
  // It moved somewhere: down, but not enough; up; or to no number.
  for (const moved of [1.8, 2.2, null]) {
    expect(failure((rate) => (rate === 0.1 ? moved : 2))).toMatch(
      /down to 1e-8 converges: .*factor$/,
    );
  }
});

/** Searches with all of ASKED's seeds, 5 and 3, where a seed's rate leads to these losses. */
function searchWithAll(after: (rate: number, seed: number) => number | null, rule?: "every") {
  const asked = {
    ...ASKED,
    search: { ...ASKED.search, seeds: "all", ...(rule && { rule }) } as const,
  };
  const plan = learningRatePlan(asked, DATASET_SIZES);
  const known = new Map<string, PlannedTrial>();
  const name = ({ trial, point }: PlannedTrial) =>
    `${trial.specification.training.learning_rate} ${point.seed}`;
  for (;;) {
    const next = plan((one) => {
      if (!known.has(name(one))) return undefined;
      const rate = one.trial.specification.training.learning_rate;
      return recordOf(rate, after(rate, one.point.seed ?? NaN), BEFORE);
    });
    if ("answer" in next) return { answer: next.answer, names: [...known.keys()] };
    for (const one of next.trials) known.set(name(one), one);
  }
}

const verdictsOf = ({ probes }: LearningRateAnswer) =>
  probes.map(({ learning_rate, verdict }) => [learning_rate, verdict]);

test("with all seeds a rate converges by the median loss, or where it does with every one", () => {
  // Of two seeds the median is the mean: 0.25 and 1.5 are 0.875, below 1.
  const losses = (rate: number, seed: number) =>
    rate > 0.05 ? null : rate > 0.01 ? (seed === 5 ? 0.25 : 1.5) : 0.2;
  const median = searchWithAll(losses);
  expect(median.names).toEqual([
    "0.1 5",
    "0.1 3",
    "0.01 5",
    "0.01 3",
    "0.02 5",
    "0.02 3",
    "0.04 5",
    "0.04 3",
    "0.08 5",
    "0.08 3",
  ]);
  expect([median.answer.eta_star, verdictsOf(median.answer)]).toEqual([
    0.04,
    [
      [0.1, "diverges"],
      [0.01, "converges"],
      [0.02, "converges"],
      [0.04, "converges"],
      [0.08, "diverges"],
    ],
  ]);
  expect(median.answer.probes[2]).toMatchObject({
    before: 2,
    after: 0.875,
    threshold: 1,
    margin: 0.875,
  });
  expect(median.answer.probes.map(({ others = [] }) => others.length)).toEqual([1, 1, 1, 1, 1]);

  const every = searchWithAll(losses, "every");
  expect(every.answer.eta_star).toBe(0.01);
  // The losses told are those of the seed that decides.
  expect(every.answer.probes[2]).toMatchObject({ after: 1.5, margin: 1.5, verdict: "diverges" });

  // A divergence counts as an infinite loss, not as none.
  const one = searchWithAll((rate, seed) => (rate > 0.01 && seed === 3 ? null : 0.2));
  expect(one.answer.eta_star).toBe(0.01);
  // Also of a seed that is not the first.
  const last = searchWithAll((rate, seed) => (rate > 0.01 && seed === 3 ? null : 0.2), "every");
  expect(last.answer.eta_star).toBe(0.01);
});
