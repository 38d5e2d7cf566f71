// Interpolation, summaries and bands, on made-up records.

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { outcome, record, timedOutcome, type Row } from "../../test/support/outcomes.ts";
import { bands } from "./bands.ts";
import {
  missesAfterInterpolation,
  passesToInterpolation,
  smallestInterpolatingWidth,
  smallestWidthsBySeed,
} from "./interpolation.ts";
import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { summarizePoints } from "./summary.ts";

/** A trajectory with these training accuracies. */
function rows(...accuracies: number[]): Row[] {
  return accuracies.map((accuracy) => [1 - accuracy + 0.1, accuracy, 1, 0.5]);
}

const ONE_MISS = 5999 / 6000;

describe("passes to interpolation", () => {
  test("is the first pass without a training miss", () => {
    expect(passesToInterpolation(record(8, rows(0.1, ONE_MISS, 1, 1)))).toBe(2);
  });

  test("may be pass 0", () => {
    expect(passesToInterpolation(record(8, rows(1, 0.9)))).toBe(0);
  });

  test("is null where one example is missed to the end", () => {
    expect(passesToInterpolation(record(8, rows(0.1, ONE_MISS)))).toBeNull();
    expect(passesToInterpolation(record(8, []))).toBeNull();
  });

  test("is not undone by later misses, which are listed", () => {
    const trial = record(8, rows(0.1, 0.9, 1, ONE_MISS, 1, 0.5));
    expect(passesToInterpolation(trial)).toBe(2);
    expect(missesAfterInterpolation(trial)).toEqual([3, 5]);
    expect(missesAfterInterpolation(record(8, rows(0.1, 0.9)))).toEqual([]);
  });
});

/** Trials of one width, each interpolating after so many passes or never. */
function trials(width: number, ...passes: (number | null)[]): Outcome[] {
  return passes.map((pass, seed) =>
    outcome(width, rows(...Array.from({ length: 10 }, (_, at) => (at === pass ? 1 : 0.5))), {
      seed,
    }),
  );
}

describe("the smallest interpolating width", () => {
  test("counts widths in which more than half of the trials interpolate, in any order", () => {
    const outcomes = [
      ...trials(64, 1, 2, 3),
      ...trials(32, 4, null, 5),
      ...trials(16, null, null, 6),
    ];
    expect(smallestInterpolatingWidth(outcomes)).toBe(32);
    expect(smallestInterpolatingWidth(outcomes, "every")).toBe(64);
  });

  test("does not take half for most", () => {
    expect(smallestInterpolatingWidth(trials(32, 4, null))).toBeNull();
    expect(summarizePoints(trials(32, 4, null)).at(0)?.median).toBeNull();
  });

  test("is null where there is none", () => {
    expect(smallestInterpolatingWidth(trials(8, null))).toBeNull();
    expect(smallestInterpolatingWidth([], "every")).toBeNull();
  });
});

describe("the smallest interpolating width, seed by seed", () => {
  /** By width, a seed each. */
  const study = (byWidth: Readonly<Record<number, (number | null)[]>>) =>
    Object.entries(byWidth).flatMap(([width, passes]) =>
      passes.map((at, seed) => timedOutcome(Number(width), at, { seed, passes: 9 })),
    );

  test("is the smallest of those that do, though a wider one does not; Infinity where none does", () => {
    const all = study({ 32: [5, 4, null, null], 8: [null, 7, null, null], 16: [3, null, 9, null] });
    expect(smallestWidthsBySeed(all)).toEqual([16, 8, 16, Infinity]);
    expect(smallestWidthsBySeed([...all].reverse())).toEqual([Infinity, 16, 8, 16]);
    expect(smallestInterpolatingWidth(all)).toBeNull();
  });

  test("leaves out seeds that were not trained at every width", () => {
    expect(smallestWidthsBySeed(study({ 8: [null, 7], 16: [3, 4, 5] }))).toEqual([16, 8]);
    expect(smallestWidthsBySeed([])).toEqual([]);
  });

  test("has a median that is at most the smallest width of most seeds, whatever interpolates", () => {
    const passes = fc.array(fc.constantFrom(4, null), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(passes, passes, passes, (...at) => {
        const all = study({ 8: at[0], 16: at[1], 128: at[2] });
        const ofMost = smallestInterpolatingWidth(all) ?? Infinity;
        expect(median(smallestWidthsBySeed(all))).toBeLessThanOrEqual(ofMost);
      }),
    );
  });
});

describe("summaries of widths", () => {
  test("come in ascending order; the median takes never as latest", () => {
    const summaries = summarizePoints([...trials(128, 3), ...trials(32, 5, 9, null, 4)]);
    expect(summaries.map(({ width }) => width)).toEqual([32, 128]);
    expect(summaries.at(0)).toMatchObject({ interpolated: 3, median: 7, range: [4, 9] });
    expect(summaries.at(1)).toMatchObject({ interpolated: 1, median: 3, range: [3, 3] });
  });

  test("the median is finite wherever more than half interpolate, if only just", () => {
    const middle = (...passes: (number | null)[]) =>
      summarizePoints(trials(32, ...passes)).at(0)?.median;
    expect(middle(4, null, 6)).toBe(6);
    expect(middle(9, null, null, 4, 8)).toBe(9);
    expect(middle(9, null, null, 4)).toBeNull();
    expect(middle(9, null, null)).toBeNull();
  });

  test("have neither median nor range where nothing interpolates, and tell of divergence", () => {
    const diverged = { kind: "diverged", pass: 2, step: 7 } as const;
    const [summary] = summarizePoints([outcome(8, rows(0.1, 0.2), { ending: diverged })]);
    expect(summary).toMatchObject({ interpolated: 0, median: null, range: null });
    expect(summary.trials.at(0)?.diverged).toEqual(diverged);
  });
});

describe("bands", () => {
  const diverged = { kind: "diverged", pass: 2, step: 7 } as const;
  const loss = (...values: number[]): Row[] => values.map((value) => [value, 0.5, value, 0.5]);

  test("are median, minimum and maximum of each pass", () => {
    const [band] = bands([
      outcome(8, loss(1, 10), { seed: 0 }),
      outcome(8, loss(3, 30), { seed: 1 }),
      outcome(8, loss(2, 90), { seed: 2 }),
    ]);
    expect(band.points.map((point) => point.train_loss)).toEqual([
      { median: 2, minimum: 1, maximum: 3 },
      { median: 30, minimum: 10, maximum: 90 },
    ]);
  });

  test("speak of the trials that reached a pass, and name those that did not", () => {
    const [band] = bands([
      outcome(8, loss(1, 10), { seed: 0, ending: diverged }),
      outcome(8, loss(3, 30, 300), { seed: 1 }),
    ]);
    expect(band.points.map(({ trials: reached }) => reached)).toEqual([2, 2, 1]);
    expect(band.points.at(2)?.test_loss).toEqual({ median: 300, minimum: 300, maximum: 300 });
    expect(band.divergences.map(({ seed, last }) => [seed, last.pass])).toEqual([[0, 1]]);
  });

  test("keep the last values of a trial that rules stopped, and end with the last trial", () => {
    const stopped = (seed: number, ...values: number[]) =>
      ({ ...outcome(8, loss(...values), { seed }), stopped: true }) as const;
    const [band] = bands([
      ...[stopped(0, 9, 1), stopped(1, 8, 7, 2), stopped(2, 7, 6, 5, 3)],
      outcome(8, loss(5), { seed: 3, ending: diverged }),
    ]);
    expect(band.points.map(({ trials: known }) => known)).toEqual([4, 3, 3, 3]);
    expect(band.points.map(({ train_loss }) => train_loss)).toEqual([
      { median: 7.5, minimum: 5, maximum: 9 },
      { median: 6, minimum: 1, maximum: 7 },
      { median: 2, minimum: 1, maximum: 5 },
      { median: 2, minimum: 1, maximum: 3 },
    ]);
  });

  test("keep the middle loss where the next one is infinite", () => {
    const [band] = bands([1, Infinity, 2].map((value, seed) => outcome(8, loss(value), { seed })));
    expect(band.points.at(0)?.train_loss).toEqual({ median: 2, minimum: 1, maximum: Infinity });
  });

  test("leave NaN out and keep infinity", () => {
    const [band] = bands([
      outcome(8, loss(NaN, NaN), { seed: 0 }),
      outcome(8, loss(3, NaN), { seed: 1 }),
      outcome(8, loss(Infinity, NaN), { seed: 2 }),
    ]);
    expect(band.points.at(0)?.train_loss).toEqual({
      median: Infinity,
      minimum: 3,
      maximum: Infinity,
    });
    expect(band.points.at(1)?.train_loss).toEqual({ median: NaN, minimum: NaN, maximum: NaN });
  });
});
