// Every sentence that the report can answer with, over made-up outcomes.

import { describe, expect, test } from "vitest";
import type { Outcome } from "../analysis/outcome.ts";
import { outcome, timedOutcome, type Row } from "../../test/support/outcomes.ts";
import {
  HOMEWORK,
  SEARCH,
  fixedNetwork,
  found,
  homeworkResult,
  timedSeeds,
} from "../../test/support/results.ts";
import { plain } from "../document/plain.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import { distinct, sentencesOf } from "./asked.ts";
import type { Answer } from "./question.ts";

const RATE =
  "The largest learning rate that converges at width 32 is η* = 0.01, and 0.02 diverges; the study trains at half of it, 0.005.";
const RATE_OF_SEEDS = (seeds: number) =>
  `${RATE} It was searched with seed 0 alone, and is used for all ${seeds} seeds.`;

/** As the report tells it: each once. */
function all<Told>(result: StudyResult, of: (answer: Answer) => readonly Told[] | undefined) {
  return distinct([...found(result).answers.values()].flatMap((answer) => of(answer) ?? []));
}

const said = (result: StudyResult) => sentencesOf(found(result).answers.values()).map(plain);

/** The fact of interpolation, which is the last one. */
function fact(result: StudyResult): string[] {
  const last = all(result, ({ facts }) => facts).at(-1);
  return last === undefined ? [] : [last.name, last.value, last.note];
}

/** A run under the notebook's streams, whose widths interpolated at these passes (null: never). */
const single = (byPoint: Readonly<Record<number, number | null>>, passes = 100): StudyResult => {
  const outcomes = Object.entries(byPoint).map(([width, at]) =>
    timedOutcome(Number(width), at, { passes }),
  );
  return {
    ...homeworkResult(outcomes),
    study: { ...HOMEWORK, training: { ...HOMEWORK.training, passes } },
  };
};

describe("the learning rate", () => {
  const first = (result: StudyResult) => said(result)[0];

  test("is told with the smallest rate that diverges above it", () => {
    expect(first(single({ 8: null, 32: 55 }))).toBe(RATE);
    // On its way down the search may have met a nearer one than on its way up.
    const [tenth, hundredth, last] = SEARCH.probes;
    const up = [0.02, 0.04, 0.08].map((rate) => ({ ...hundredth, learning_rate: rate }));
    const probes = [tenth, hundredth, ...up, { ...last, learning_rate: 0.16 }];
    const far = { ...single({ 8: 55, 32: 55 }), search: { eta_star: 0.08, probes } };
    expect(first(far)).toContain("η* = 0.08, and 0.1 diverges;");
  });

  test("is the study's own where it gives one", () => {
    expect(first({ ...single({ 8: 55 }), search: null })).toBe(
      "The study gives its learning rate: 0.005.",
    );
  });

  test("was searched with one of several seeds", () => {
    expect(first(timedSeeds({ 8: [1, 2] }))).toBe(RATE_OF_SEEDS(2));
    expect(first(timedSeeds({ 8: [1] }))).toBe(RATE);
  });

  test("was searched with the layers that were trained", () => {
    const start = (...hidden: number[]) => first(fixedNetwork(hidden, 5)).slice(0, 72);
    expect(start(64)).toContain("that converges at width 64 is η*");
    expect(start(64, 32)).toContain("that converges with hidden layers 64, 32 is");
    expect(start()).toContain("that converges without a hidden layer is η*");
  });
});

describe("a single run", () => {
  test("some widths interpolate, and all that are wider", () => {
    const result = single({ 8: null, 16: null, 32: 55, 128: 41 });
    expect(said(result)).toEqual([
      RATE,
      "The smallest width that interpolates is 32: after 55 passes all 6,000 training examples are predicted right.",
      "Passes to interpolation: 55 at width 32 and 41 at width 128. Widths 8 and 16 do not interpolate within 100 passes.",
    ]);
    expect(fact(result)).toEqual(["smallest interpolating width", "32", "after 55 passes"]);
  });

  test("wider ones do not", () => {
    const rest = " all 6,000 training examples are predicted right.";
    expect(said(single({ 8: null, 16: 1, 32: null }))).toEqual([
      RATE,
      `The smallest width that interpolates is 16: after 1 pass${rest} Yet the wider 32 does not.`,
      "Passes to interpolation: 1 at width 16. Widths 8 and 32 do not interpolate within 100 passes.",
    ]);
    expect(said(single({ 16: 9, 32: null, 64: 30, 128: null }))).toEqual([
      RATE,
      `The smallest width that interpolates is 16: after 9 passes${rest} Yet the wider 32 and 128 do not. No narrower one was trained.`,
      "Passes to interpolation: 9 at width 16 and 30 at width 64. Widths 32 and 128 do not interpolate within 100 passes.",
    ]);
  });

  test("every width interpolates, or all but one, or none", () => {
    expect(said(single({ 8: 60, 16: 50 }))[2]).toBe(
      "Passes to interpolation: 60 at width 8 and 50 at width 16.",
    );
    expect(said(single({ 8: null, 16: 50 }))[2]).toBe(
      "Passes to interpolation: 50 at width 16. Width 8 does not interpolate within 100 passes.",
    );
    const none = single({ 8: null, 16: null }, 1);
    expect(said(none).slice(1)).toEqual([
      "No width interpolates within 1 pass.",
      "Widths 8 and 16 do not interpolate within 1 pass.",
      "The best final test accuracy is 80.00% at width 8.",
    ]);
    expect(fact(none)).toEqual([
      "smallest interpolating width",
      "none",
      "of 8 and 16, within 1 pass",
    ]);
  });

  test("examples are missed again, or a width diverged", () => {
    const many = Array.from({ length: 9 }, (_, index) => 60 + 3 * index);
    const eight = many.slice(0, 8);
    const ending = { kind: "diverged", pass: 7, step: 1234 } as const;
    const outcomes = [
      timedOutcome(4, null, { ending }),
      timedOutcome(8, 40, { misses: [43] }),
      timedOutcome(16, 40, { misses: [43, 44, 50] }),
      timedOutcome(32, 50, { misses: eight }),
      timedOutcome(64, 50, { misses: many }),
      timedOutcome(128, 50),
    ];
    expect(said(homeworkResult(outcomes)).slice(3)).toEqual([
      "After interpolating, training examples are missed again by width 8 (pass 43), width 16 (passes 43–44, 50), " +
        "width 32 (passes 60, 63, 66, 69, 72, 75, 78, 81) and width 64 (passes 60, 63, 66, 69, 72, 75, …: 9 in all); " +
        "a later miss does not undo interpolation.",
      "Width 4 diverged: its objective was no longer finite at step 1,234 of pass 7.",
    ]);
  });
});

/** What stands in brackets in sentences of fewer than six seeds. */
const BRACKETS = (seeds: number) =>
  `In brackets stand Wilson's 95 % interval of the share of seeds, and the range of the ${seeds} seeds, as an interval of a median takes 6.`;

describe("several seeds", () => {
  const all = "all 6,000 training examples are predicted right within 100 passes.";

  test("most seeds at one width, every seed at a wider one", () => {
    const result = timedSeeds({ 8: [null, null, null], 16: [null, 60, 50], 32: [41, 40, 40] });
    expect(said(result)).toEqual([
      RATE_OF_SEEDS(3),
      `The smallest width that interpolates in most seeds is 16: in 2 of 3 seeds (Wilson's 95 % interval: 21 … 94 %), ${all} The smallest that does so in every seed is 32.`,
      "Seed by seed the smallest width that interpolates is 16 in 2 and 32 in 1 of 3 seeds: the median is 16 (16 … 32), in brackets the range of 3 seeds. Some width interpolates in 3 of 3 seeds (Wilson's 95 % interval: 44 … 100 %).",
      "Width 8 interpolates in 0 of 3 seeds (0 … 56 %) within 100 passes.",
      "Width 16 interpolates in 2 of 3 seeds (21 … 94 %), after 50 to 60 passes; the median over all seeds is 60 (50 … never), never counting as latest.",
      "Width 32 interpolates in 3 of 3 seeds (44 … 100 %), after 40 to 41 passes; the median over all seeds is 40 (40 … 41).",
      BRACKETS(3),
    ]);
    expect(fact(result)).toEqual([
      "smallest interpolating width",
      "16",
      "2 of 3 seeds, median 60 passes",
    ]);
  });

  test("the same width in every seed, or none", () => {
    expect(said(timedSeeds({ 8: [60, 60], 16: [1, 1] })).slice(1)).toEqual([
      `The smallest width that interpolates in most seeds is 8: in 2 of 2 seeds (Wilson's 95 % interval: 34 … 100 %), ${all} It does so in every seed. No narrower one was trained.`,
      "Seed by seed the smallest width that interpolates is 8 in 2 of 2 seeds: the median is 8 (8 … 8), in brackets the range of 2 seeds. Some width interpolates in 2 of 2 seeds (Wilson's 95 % interval: 34 … 100 %).",
      "Width 8 interpolates in 2 of 2 seeds (34 … 100 %), after 60 passes; the median over all seeds is 60 (60 … 60).",
      "Width 16 interpolates in 2 of 2 seeds (34 … 100 %), after 1 pass; the median over all seeds is 1 (1 … 1).",
      BRACKETS(2),
    ]);
    expect(said(timedSeeds({ 8: [60, null, 50], 16: [null, 60, 1] }))[1]).toBe(
      `The smallest width that interpolates in most seeds is 8: in 2 of 3 seeds (Wilson's 95 % interval: 21 … 94 %), ${all} No width does so in every seed. No narrower one was trained.`,
    );
  });

  test("six seeds and more have an interval of their median", () => {
    const result = timedSeeds({ 16: [40, 50, 60, 70, 80, null], 32: [30, 31, 32, 33, 34, 35] });
    expect(said(result).slice(2)).toEqual([
      "Seed by seed the smallest width that interpolates is 16 in 5 and 32 in 1 of 6 seeds: the median is 16 (16 … 32), in brackets the 95 % interval between order statistics of 6 seeds. Some width interpolates in 6 of 6 seeds (Wilson's 95 % interval: 61 … 100 %).",
      "Width 16 interpolates in 5 of 6 seeds (44 … 97 %), after 40 to 80 passes; the median over all seeds is 65 (40 … never), never counting as latest.",
      "Width 32 interpolates in 6 of 6 seeds (61 … 100 %), after 30 to 35 passes; the median over all seeds is 32.5 (30 … 35).",
      "In brackets stand Wilson's 95 % interval of the share of seeds, and the 95 % interval of a median, between two order statistics.",
    ]);
    expect([...found(result).answers.values()].flatMap(({ lines = [] }) => lines)).toContain(
      "      16  median 65 (40 … never), from 40 to 80, 5 of 6 seeds",
    );
  });

  test("no width in most seeds", () => {
    const result = timedSeeds({ 8: [null, null, null], 16: [26, null, null] });
    expect(said(result).slice(1)).toEqual([
      "No width interpolates in most seeds within 100 passes: at most in 1 of 3 seeds, at width 16.",
      "Seed by seed the smallest width that interpolates is 16 in 1 and none of these in 2 of 3 seeds: the median is none (16 … none), in brackets the range of 3 seeds, none of these counting as wider than any. Some width interpolates in 1 of 3 seeds (Wilson's 95 % interval: 6 … 79 %).",
      "Width 8 interpolates in 0 of 3 seeds (0 … 56 %) within 100 passes.",
      "Width 16 interpolates in 1 of 3 seeds (6 … 79 %), after 26 passes; the median over all seeds is never (26 … never).",
      BRACKETS(3),
      "The best final test accuracy is 80.00% (80.00% … 80.00%) at width 8, the median with the range of 3 seeds.",
    ]);
    expect(fact(result)[1]).toBe("none");
    expect(said(timedSeeds({ 8: [null, null, null], 16: [null, null, null] }))[1]).toBe(
      "No width interpolates in most seeds within 100 passes: none does in any seed.",
    );
  });

  test("the best of their accuracies is told where none does, of trials that did not diverge", () => {
    const ending = { kind: "diverged", pass: 1, step: 7 } as const;
    const at = (width: number, accuracies: readonly (number | null)[]) =>
      accuracies.map((accuracy, seed) =>
        outcome(
          width,
          [
            [2.3, 0.1, 2.3, 0.1],
            [0.1, 0.9, 0.5, accuracy ?? 0.9],
          ],
          {
            seed,
            ...(accuracy === null && { ending }),
          },
        ),
      );
    const { study, ...result } = timedSeeds({ 8: [null, null, null] });
    const best = (...outcomes: Outcome[]) =>
      said({ ...result, study, outcomes }).filter((one) => one.includes("accuracy"));
    expect(best(...at(8, [0.5, 0.6, 0.55]), ...at(16, [0.7, null, 0.6]))).toEqual([
      "The best final test accuracy is 60.00% (diverged … 70.00%) at width 16, the median with the range of 3 seeds.",
    ]);
    expect(best(...at(8, [null, null, 0.6]))).toEqual([]);
    expect(best(...at(8, [0.5, 0.6, 0.55]), ...timedSeeds({ 16: [1, 1, 1] }).outcomes)).toEqual([]);
  });

  test("some seeds miss examples again, or diverged", () => {
    const result = timedSeeds({ 8: [60, 60, 60], 16: [60] });
    const diverged = (pass: number, step: number) => ({ kind: "diverged", pass, step }) as const;
    const outcomes = [
      timedOutcome(8, 60, { seed: 0, misses: [61] }),
      timedOutcome(8, 60, { seed: 1 }),
      timedOutcome(8, null, { seed: 2, ending: diverged(3, 9) }),
      timedOutcome(16, 60, { seed: 0, misses: [70, 80] }),
      timedOutcome(16, null, { seed: 1, ending: diverged(2, 5999) }),
      timedOutcome(16, null, { seed: 2, ending: diverged(1, 7) }),
    ];
    expect(said({ ...result, outcomes }).slice(6)).toEqual([
      "After interpolating, training examples are missed again by width 8 (in 1 of 2 interpolating seeds) and " +
        "width 16 (in 1 of 1 interpolating seed); a later miss does not undo interpolation.",
      "Width 8 diverged in 1 of 3 seeds (the first at step 9 of pass 3).",
      "Width 16 diverged in 2 of 3 seeds (the first at step 5,999 of pass 2).",
    ]);
  });
});

describe("one width alone", () => {
  const swept = (at: number | null) => {
    const result = single({ 64: at });
    return { ...result, study: { ...result.study, sweep: { width: [64] } } };
  };

  test("is not called the smallest", () => {
    expect(said(swept(43))).toEqual([
      RATE,
      "Width 64 interpolates: after 43 passes all 6,000 training examples are predicted right. No other width was trained.",
    ]);
    expect(fact(swept(43))).toEqual([
      "passes to interpolation at width 64",
      "43",
      "within 100 passes; no other width was trained",
    ]);
    expect(said(swept(null))).toEqual([
      RATE,
      "Width 64 does not interpolate within 100 passes. No other width was trained.",
      "The final test accuracy is 80.00% at width 64.",
    ]);
    expect(fact(swept(null))[1]).toBe("never");
  });

  test("in several seeds", () => {
    const result = timedSeeds({ 64: [26, null, 30] });
    expect(said(result)).toEqual([
      RATE_OF_SEEDS(3),
      "Width 64 interpolates in 2 of 3 seeds (21 … 94 %), after 26 to 30 passes; the median over all seeds is 30 (26 … never), never counting as latest. No other width was trained.",
      BRACKETS(3),
    ]);
    expect(fact(result)).toEqual([
      "passes to interpolation at width 64",
      "30",
      "median; 2 of 3 seeds within 100 passes; no other width was trained",
    ]);
  });

  test("of a study without a sweep is told as its layers", () => {
    expect(said(fixedNetwork([64], 43))[1]).toMatch(/^Width 64 interpolates: .* right\.$/);
    expect(said(fixedNetwork([64, 32], null))[1]).toBe(
      "The network with hidden layers 64, 32 does not interpolate within 100 passes.",
    );
    expect(said(fixedNetwork([], 3, 3))[1]).toBe(
      "The network without a hidden layer interpolates in 2 of 2 seeds (34 … 100 %), after 3 passes; the median over all seeds is 3 (3 … 3).",
    );
    expect(fact(fixedNetwork([], null))).toEqual([
      "passes to interpolation without a hidden layer",
      "never",
      "within 100 passes",
    ]);
    const ending = { kind: "diverged", pass: 1, step: 7 } as const;
    const diverged = timedOutcome(64, 40, { hidden: [64, 32], misses: [50], seed: 0, ending });
    expect(said({ ...fixedNetwork([64, 32], 40), outcomes: [diverged] }).slice(2)).toEqual([
      "After interpolating, training examples are missed again by the network with hidden layers 64, 32 (pass 50); a later miss does not undo interpolation.",
      "The network with hidden layers 64, 32 diverged: its objective was no longer finite at step 7 of pass 1.",
    ]);
  });
});

describe("how it was trained", () => {
  const trained = (study: Partial<Study>) => {
    const result = single({ 8: 55 });
    return said({ ...result, study: { ...result.study, ...study } });
  };
  const { model, training, sweep } = HOMEWORK;

  test("is told where the study says more than the homework, but for what it sweeps", () => {
    const optimizer = { kind: "sgd", momentum: 0.9 } as const;
    const more = { ...training, batch: 32, optimizer, regularization: 0.1 };
    expect(trained({ model: { ...model, activation: "tanh" }, training: more })).toContain(
      "Trained with activation tanh, regularization 0.1, batch 32, optimizer sgd (momentum 0.9).",
    );
    const paths = { "training.optimizer.momentum": [0, 0.9], "training.batch": [1, 32] };
    const swept = trained({ training: more, sweep: { ...sweep, paths } });
    expect(swept).toContain("Trained with regularization 0.1.");
    expect(trained({}).join()).not.toContain("Trained with");
  });

  test("in vain is told of networks whose loss stays, and of no others", () => {
    const row = (loss: number): Row => [loss, 0.1, loss, 0.1];
    const ended = (loss: number, seed: number) => outcome(8, [row(1), row(loss)], { seed });
    const of = (...losses: number[]) =>
      said(homeworkResult(losses.map(ended))).filter((text) => text.includes("hardly lowered"));
    expect(of(0.96, 1.2, 0.95)[0]).toMatch(
      /^Width 8 hardly lowered its training loss in 2 of 3 seeds: after every evaluated pass/,
    );
    expect(of(0.96)[0]).toMatch(/^Width 8 hardly lowered its training loss: after every/);
    expect(of(0.95, NaN)).toEqual([]);
    expect(said(homeworkResult([outcome(8, [row(1)])])).join(" ")).not.toContain("hardly lowered");
  });

  test("is not told to be in vain where the loss stays and every example is predicted right", () => {
    const told = said(
      homeworkResult([
        outcome(8, [
          [1, 0.1, 1, 0.1],
          [0.97, 1, 0.97, 1],
        ]),
      ]),
    );
    expect(told).toContain(
      "Width 8 hardly lowered its training loss: after every evaluated pass it was above 95 % of what it was before training; another learning rate, more passes or larger initial weights may help.",
    );
    expect(told.join(" ")).not.toContain("nothing");
  });

  test("that did not last is told of networks whose loss falls and rises again", () => {
    const row = (loss: number): Row => [loss, 0.1, loss, 0.1];
    const ended = (losses: readonly number[], seed: number) =>
      outcome(8, losses.map(row), { seed });
    const told = said(
      homeworkResult(
        [
          [1, 0.94, 7],
          [1, 0.96, 0.97],
          [1, 0.2, 0.9],
          [1, 0.3, 2],
        ].map(ended),
      ),
    );
    expect(told.filter((text) => text.startsWith("Width 8 h"))).toEqual([
      expect.stringMatching(/^Width 8 hardly lowered its training loss in 1 of 4 seeds: /),
    ]);
    expect(told).toContain(
      "Width 8 did not stay trained in 2 of 4 seeds: the training loss fell, and rose again to above 95 % of what it was before training; a smaller learning rate may help.",
    );
  });
});
