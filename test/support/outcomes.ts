// Made-up records for tests of what reads records: shapes as real ones, numbers nobody trained.

import { createHash } from "node:crypto";

import type { Outcome } from "../../src/analysis/outcome.ts";
import type { Evaluation, TrialRecord } from "../../src/records/record.ts";
import reference from "../reference/pytorch-curves.json" with { type: "json" };

/** train loss, train accuracy, test loss, test accuracy */
export type Row = readonly [number, number, number, number];

const TRAIN = 6000;
const TEST = 10000;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function record(
  width: number,
  rows: readonly Row[],
  options: {
    seed?: number;
    ending?: TrialRecord["ending"];
    learning_rate?: number;
    /** Left out: one layer of this width, or none of width 0. */
    hidden?: readonly number[];
  } = {},
): TrialRecord {
  const { seed, ending = { kind: "finished" }, learning_rate = 0.005 } = options;
  const { hidden = width === 0 ? [] : [width] } = options;
  const key = sha256(`${width} ${seed ?? "notebook"} ${learning_rate}`);
  const trajectory = rows.map(
    ([trainLoss, trainAccuracy, testLoss, testAccuracy], pass): Evaluation => ({
      pass,
      train: {
        objective: trainLoss,
        correct: Math.round(trainAccuracy * TRAIN),
        examples: TRAIN,
      },
      test: { objective: testLoss, correct: Math.round(testAccuracy * TEST), examples: TEST },
      fingerprint: sha256(`${key} ${pass}`),
    }),
  );
  return {
    key,
    specification: {
      numerics: 1,
      data: { dataset: sha256("fashion"), train_examples: TRAIN },
      model: { hidden, init_std: 1e-6 },
      training: { learning_rate, regularization: 0 },
      streams:
        seed === undefined
          ? { kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] }
          : { kind: "named", study_seed: 0, seed },
    },
    trajectory,
    ending,
    fingerprint: sha256(`${key} end`),
    running_averages: [],
    seconds: width / 40,
  };
}

export function outcome(
  width: number,
  rows: readonly Row[],
  options: Parameters<typeof record>[2] = {},
): Outcome {
  return {
    point: { values: { width }, seed: options.seed ?? null },
    record: record(width, rows, options),
  };
}

/** A trial of `passes` passes that interpolates at pass `at` (null: never) and misses an example again at `misses`. */
export function timedOutcome(
  width: number,
  at: number | null,
  options: Parameters<typeof record>[2] & {
    readonly misses?: readonly number[];
    readonly passes?: number;
  } = {},
): Outcome {
  const { misses = [], passes = 100 } = options;
  const rows = Array.from({ length: passes + 1 }, (_, pass): Row => {
    const isRight = at !== null && pass >= at && !misses.includes(pass);
    return [pass === 0 ? 2.3 : 0.1, isRight ? 1 : 0.9, 0.5, 0.8];
  });
  return outcome(width, rows, options);
}

/** PyTorch's curves of the notebook's widths 8, 32 and 512: 101 rows each. */
export function pytorchRows(width: 8 | 32 | 512): Row[] {
  return reference.widths[width].rows_pass_0_to_100 as unknown as Row[];
}

/** The homework's five widths: PyTorch's three curves, and 16 and 128 mixed from their neighbours. */
export function homeworkOutcomes(): Outcome[] {
  return [
    outcome(8, pytorchRows(8)),
    outcome(16, mix(pytorchRows(8), pytorchRows(32), 0.3)),
    outcome(32, pytorchRows(32)),
    outcome(128, squeeze(mix(pytorchRows(32), pytorchRows(512), 0.8), 41 / 55)),
    outcome(512, pytorchRows(512)),
  ];
}

/** Every width with `seeds` made-up seeds; narrow widths never interpolate, one in the middle not always. */
export function ensembleOutcomes(
  widths: readonly number[],
  seeds: number,
  passes = 100,
): Outcome[] {
  return widths.flatMap((width) =>
    Array.from({ length: seeds }, (_, seed) => {
      const draw = lcg(width * 1009 + seed * 65537);
      const when = 12 + 120 / Math.log2(width + 1) + 14 * draw();
      const never = width < 24 || (width < 40 && seed % 7 === 3);
      const rows = Array.from({ length: passes + 1 }, (_, pass): Row => {
        if (pass === 0) return [2.3025854, 0.08 + 0.07 * draw(), 2.3025854, 0.08 + 0.07 * draw()];
        const noise = Math.exp(0.35 * (draw() - 0.5));
        const progress = pass / (never ? 3 * when : when);
        const loss = 0.62 * Math.exp(-4.2 * progress ** 1.2) * noise + 2e-4 * noise;
        const error = progress >= 1 && !never ? 0 : Math.max(1, Math.round(TRAIN * loss * 0.33));
        const test = 0.55 + 0.12 * Math.log1p(pass) + 0.9 * progress * Math.exp(-width / 200);
        return [
          loss,
          1 - error / TRAIN,
          test * noise,
          0.79 + 0.008 * Math.log2(width) - 0.02 * draw() - 0.15 / (pass + 1),
        ];
      });
      return outcome(width, rows, { seed });
    }),
  );
}

/** Widths crossed with values of another axis: at each further value everything takes longer. */
export function crossedOutcomes(
  widths: readonly number[],
  axis: string,
  values: readonly (number | string)[],
  seeds: number,
  passes: number,
): Outcome[] {
  return values.flatMap((value, place) =>
    ensembleOutcomes(widths, seeds, passes).map(({ point, record: one }) => {
      const { trajectory } = one;
      const slowed = trajectory.map((_, pass) => ({
        ...trajectory[Math.floor(pass / (1 + 0.35 * place))],
        pass,
      }));
      return {
        point: { ...point, values: { ...point.values, [axis]: value } },
        record: { ...one, trajectory: slowed },
      };
    }),
  );
}

function mix(a: readonly Row[], b: readonly Row[], share: number): Row[] {
  const geometric = (x: number, y: number): number => x ** (1 - share) * y ** share;
  const linear = (x: number, y: number): number => x * (1 - share) + y * share;
  return a.map((row, pass): Row => {
    const other = b[pass] ?? row;
    return [
      geometric(row[0], other[0]),
      linear(row[1], other[1]),
      geometric(row[2], other[2]),
      linear(row[3], other[3]),
    ];
  });
}

function squeeze(rows: readonly Row[], factor: number): Row[] {
  return rows.map((row, pass) => rows[Math.min(100, Math.round(pass / factor))] ?? row);
}

/** A small linear congruential generator: uniform in [0, 1), the same everywhere. */
function lcg(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
