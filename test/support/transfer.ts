// Made-up trainings at widths and rates, each width with a best rate of its own.

import type { Outcome } from "../../src/analysis/outcome.ts";
import { answered } from "../../src/questions/asked.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import type { FigureSize } from "../../src/figures/size.ts";
import type { StudyResult } from "../../src/study/result.ts";
import { record, type Row } from "./outcomes.ts";
import { seedsResult } from "./results.ts";

interface Place {
  readonly width: number;
  readonly rate: number;
  readonly seed: number;
}

interface Trainings {
  readonly widths: readonly number[];
  readonly rates: readonly number[];
  readonly seeds: number;
  /** What else is swept, at one value. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The loss at the end is 0.4 / √width, and more by the square of the distance from the best rate in doublings. */
export function transferOutcomes(
  { widths, rates, seeds, values = {} }: Trainings,
  best: (place: Omit<Place, "rate">) => number,
  {
    diverges = () => false,
    loss = (place) =>
      0.4 / Math.sqrt(place.width) + 0.02 * Math.log2(place.rate / best(place)) ** 2,
  }: {
    readonly diverges?: (place: Place) => boolean;
    readonly loss?: (place: Place) => number;
  } = {},
): Outcome[] {
  return widths.flatMap((width) =>
    rates.flatMap((rate) =>
      Array.from({ length: seeds }, (_, seed): Outcome => {
        const place = { width, rate, seed };
        const value = loss(place);
        const rows: Row[] = [
          [2.3, 0.1, 2.3, 0.1],
          [value, 1 - value / 3, 2 * value, 1 - value / 2],
        ];
        const isLost = diverges(place);
        return {
          point: { values: { width, "training.learning_rate": rate, ...values }, seed },
          record: record(width, isLost ? rows.slice(0, 1) : rows, {
            ...{ seed, learning_rate: rate },
            ending: isLost ? { kind: "diverged", pass: 1, step: 3 } : { kind: "finished" },
          }),
        };
      }),
    ),
  );
}

/** Two parametrizations: under one the best rate falls as 4 / width, under the other it stays. */
export function transferResult({
  rates = Array.from({ length: 7 }, (_, place) => 2 ** (place - 7)),
  seeds = 6,
  diverges = () => false,
}: {
  readonly rates?: readonly number[];
  readonly seeds?: number;
  readonly diverges?: (place: Place) => boolean;
} = {}): StudyResult {
  const widths = [16, 64, 256];
  const axis = "model.parametrization";
  const mup = { kind: "mup", base_width: 16 };
  const made = (value: string, best: Parameters<typeof transferOutcomes>[1]) =>
    transferOutcomes({ widths, rates, seeds, values: { [axis]: value } }, best, { diverges });
  const result = seedsResult(seeds, [
    ...made("standard", ({ width }) => 4 / width),
    ...made("{kind: mup, base_width: 16}", () => 0.25),
  ]);
  return {
    ...result,
    search: null,
    study: {
      ...result.study,
      ask: [{ name: "learning-rate-transfer", of: "train_loss" }],
      training: { ...result.study.training, learning_rate: rates[0] },
      sweep: {
        width: widths,
        paths: { [axis]: ["standard", mup], "training.learning_rate": rates },
      },
    },
  };
}

export function drawnTransfer(size: FigureSize) {
  const result = transferResult({ diverges: ({ rate, width }) => rate * width > 24 });
  const draw = answered(result, CATALOGUE).answers.get("learning-rate-transfer")?.draw;
  if (draw === undefined) throw new Error("it is drawn");
  return draw(size)[0];
}
