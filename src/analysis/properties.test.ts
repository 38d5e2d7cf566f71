// Bands, summaries and interpolation against their definitions, written out plainly, on random outcomes.

import { widthOf } from "../records/point.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { outcome, type Row } from "../../test/support/outcomes.ts";
import { bands, type Measure } from "./bands.ts";
import {
  missesAfterInterpolation,
  passesToInterpolation,
  smallestInterpolatingWidth,
} from "./interpolation.ts";
import type { Outcome } from "./outcome.ts";
import { summarizePoints } from "./summary.ts";

// No subnormal numbers: halving these rounds.
const loss = fc.oneof(
  fc.double({ min: 1e-300, max: 100 }),
  fc.constantFrom(0, 1, 2, NaN, Infinity),
);
/** One image missed of 6000, two, or none; of the test set's 10000 any number. */
const right = fc.constantFrom(1, 1, 5999 / 6000, 5998 / 6000);
const row: fc.Arbitrary<Row> = fc.tuple(
  loss,
  right,
  loss,
  fc.nat(10_000).map((n) => n / 10_000),
);
const ending = fc.constantFrom(
  { kind: "finished" } as const,
  { kind: "stopped" } as const,
  { kind: "diverged", pass: 9, step: 7 } as const,
);
const outcomes: fc.Arbitrary<Outcome[]> = fc
  .array(fc.tuple(fc.constantFrom(8, 16, 128), fc.array(row, { maxLength: 6 }), ending), {
    maxLength: 9,
  })
  .map((trials) =>
    trials.map(([width, rows, ending], seed) =>
      ending.kind === "stopped" && rows.length > 0
        ? { ...outcome(width, rows, { seed }), stopped: true }
        : outcome(width, rows, { seed, ...(ending.kind === "diverged" && { ending }) }),
    ),
  );

const MEASURES: Record<Measure, (evaluation: Outcome["record"]["trajectory"][number]) => number> = {
  train_loss: ({ train }) => train.objective,
  train_accuracy: ({ train }) => train.correct / 6000,
  test_loss: ({ test }) => test.objective,
  test_accuracy: ({ test }) => test.correct / 10_000,
};

function byWidth(all: readonly Outcome[]): [width: number, trials: Outcome[]][] {
  return [8, 16, 128]
    .map((width): [number, Outcome[]] => [width, all.filter((one) => widthOf(one) === width)])
    .filter(([, trials]) => trials.length > 0);
}

/** Of ascending values: the middle one, or the mean of the middle two; NaN of none. */
function middle(values: readonly number[]): number {
  const [low, high] = [values[(values.length - 1) >> 1], values[values.length >> 1]];
  return values.length === 0 ? NaN : low === high ? low : low + (high - low) / 2;
}

function ascending(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
}

/** The first pass without a miss, Infinity for never. */
function whenOf({ record }: Outcome): number {
  const pass = record.trajectory.findIndex(({ train }) => train.correct === 6000);
  return pass < 0 ? Infinity : pass;
}

test("bands", () => {
  fc.assert(
    fc.property(outcomes, (all) => {
      const wanted = byWidth(all).map(([width, trials]) => ({
        values: { width: width },
        width,
        trials: trials.length,
        train_examples: trials.some(({ record }) => record.trajectory.length > 0) ? 6000 : 0,
        divergences: trials
          .filter(
            ({ record: { ending, trajectory } }) => ending.kind === "diverged" && trajectory[0],
          )
          .map(({ point: { seed }, record: { trajectory } }) => ({
            seed,
            last: trajectory.at(-1),
          })),
        points: [0, 1, 2, 3, 4, 5].flatMap((pass) => {
          if (trials.every(({ record }) => record.trajectory.length <= pass)) return [];
          const reached = trials.flatMap(({ record: { trajectory }, stopped }) =>
            stopped ? trajectory.slice(0, pass + 1).slice(-1) : trajectory.slice(pass, pass + 1),
          );
          const spreads = Object.entries(MEASURES).map(([name, of]): [string, unknown] => {
            const values = ascending(reached.map(of));
            const [minimum = NaN] = values;
            return [name, { median: middle(values), minimum, maximum: values.at(-1) ?? NaN }];
          });
          return [{ pass, trials: reached.length, ...Object.fromEntries(spreads) }];
        }),
      }));
      expect(rounded(bands(all))).toEqual(rounded(wanted));
    }),
  );
});

/** To 12 digits, −0 and 0 being one, and with names for what JSON does not know. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === "number" ? String(Number(part.toPrecision(12))) : part,
    ),
  );
}

test("interpolation", () => {
  fc.assert(
    fc.property(outcomes, (all) => {
      for (const one of all) {
        const when = whenOf(one);
        expect(passesToInterpolation(one.record)).toBe(when === Infinity ? null : when);
        const missed = one.record.trajectory.filter(({ train }) => train.correct < 6000);
        expect(missesAfterInterpolation(one.record)).toEqual(
          missed.map(({ pass }) => pass).filter((pass) => pass > when),
        );
      }
      const shares = byWidth(all).map(([width, trials]) => {
        const never = trials.filter((one) => whenOf(one) === Infinity).length;
        return { width, never, others: trials.length - never };
      });
      const most = shares.find(({ never, others }) => others > never);
      const every = shares.find(({ never }) => never === 0);
      expect(smallestInterpolatingWidth(all)).toBe(most?.width ?? null);
      expect(smallestInterpolatingWidth(all, "most")).toBe(most?.width ?? null);
      expect(smallestInterpolatingWidth(all, "every")).toBe(every?.width ?? null);
    }),
  );
});

test("summaries", () => {
  fc.assert(
    fc.property(outcomes, (all) => {
      const wanted = byWidth(all).map(([width, trials]) => {
        const passes = ascending(trials.map(whenOf));
        const finite = passes.filter(Number.isFinite);
        return {
          values: { width },
          width,
          interpolated: finite.length,
          median: Number.isFinite(middle(passes)) ? middle(passes) : null,
          range: finite.length === 0 ? null : [finite[0], finite.at(-1)],
          trials: trials.map((one) => ({
            outcome: one,
            passes: passesToInterpolation(one.record),
            misses: missesAfterInterpolation(one.record),
            diverged: one.record.ending.kind === "diverged" ? one.record.ending : null,
            stopped: one.stopped ? one.record.trajectory.length - 1 : null,
          })),
        };
      });
      expect(summarizePoints(all)).toEqual(wanted);
    }),
  );
});
