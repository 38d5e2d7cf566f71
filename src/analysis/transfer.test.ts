// The best learning rates of made-up trainings, and how they move.

import { expect, test } from "vitest";
import { transferOutcomes } from "../../test/support/transfer.ts";
import { sha256 } from "../base/sha256.node.ts";
import { namedStream } from "../random/named.ts";
import { bestRates, moving } from "./transfer.ts";

const stream = () => namedStream(sha256, 0, 0, "bootstrap");

test("each seed's best rate is that of its least loss at the end, diverged ones the worst", () => {
  const found = bestRates(
    transferOutcomes({ widths: [64, 16], rates: [0.4, 0.1, 0.2], seeds: 2 }, ({ width, seed }) =>
      seed === 0 ? 1.6 / Math.sqrt(width) : 0.1,
    ),
    "train_loss",
  );
  expect(found.map(({ width, best, end }) => [width, best, end])).toEqual([
    [16, [0.4, 0.1], null],
    [64, [0.2, 0.1], null],
  ]);
  expect(found[0].rates.map(({ rate }) => rate)).toEqual([0.1, 0.2, 0.4]);
  const lost = bestRates(
    transferOutcomes({ widths: [4], rates: [0.1, 0.2, 0.4], seeds: 2 }, () => 0.4, {
      diverges: ({ rate, seed }) => rate > 0.15 || seed === 1,
    }),
    "train_loss",
  );
  expect(lost[0]).toMatchObject({ best: [0.1, NaN], end: "smallest" });
});

test("of equals the smallest rate is the best, and of a gain the largest value", () => {
  const flat = transferOutcomes({ widths: [4], rates: [0.1, 0.2], seeds: 1 }, () => 0.1, {
    loss: () => 1,
  });
  expect(bestRates(flat, "train_loss")[0].best).toEqual([0.1]);
  const rising = transferOutcomes({ widths: [4], rates: [0.1, 0.2], seeds: 1 }, () => 0.2);
  expect(bestRates(rising, "test_accuracy")[0].best).toEqual([0.2]);
});

test("the law goes through medians, its interval over seeds with all of their widths", () => {
  const rates = Array.from({ length: 13 }, (_, place) => 2 ** (place - 9));
  const made = (seeds: number) =>
    bestRates(
      transferOutcomes(
        { widths: [4, 16, 64], rates, seeds },
        ({ width, seed }) =>
          // Each seed's own factor, the same at all widths: it cancels in the exponent.
          2 ** (seed % 3) / width,
      ),
      "train_loss",
    );
  const exact = moving(made(5), stream());
  expect(exact?.law.exponent).toBeCloseTo(-1, 12);
  expect(exact?.interval?.low).toBeCloseTo(-1, 12);
  expect(exact?.interval?.high).toBeCloseTo(-1, 12);
  expect(moving(made(1), stream())).toMatchObject({ interval: null, widths: 3 });

  const uneven = bestRates(
    transferOutcomes({ widths: [4, 16, 64], rates, seeds: 5 }, ({ width, seed }) =>
      width === 64 && seed < 2 ? 1 / 4 : 1 / width,
    ),
    "train_loss",
  );
  const { law, interval } = moving(uneven, stream()) ?? { law: null, interval: null };
  expect(law?.exponent).toBeCloseTo(-1, 12);
  expect(interval?.low).toBeCloseTo(-1, 12);
  expect(interval?.high).toBeGreaterThan(-0.5);
});

test("widths at which a seed has no best rate are left out, and fewer than two make no law", () => {
  const rates = [0.125, 0.25, 0.5];
  const made = (broken: readonly number[]) =>
    bestRates(
      transferOutcomes(
        { widths: [4, 16, 64], rates, seeds: 2 },
        ({ width }) => (width === 4 ? 0.5 : 0.25),
        {
          diverges: ({ width, seed }) => broken.includes(width) && seed === 1,
        },
      ),
      "train_loss",
    );
  expect(moving(made([64]), stream())).toMatchObject({ widths: 2 });
  expect(moving(made([64]), stream())?.law.exponent).toBeCloseTo(-0.5, 12);
  expect(moving(made([64, 4]), stream())).toBeNull();
});
