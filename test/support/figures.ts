// What several tests of figures draw.

import { crossedOutcomes, ensembleOutcomes, homeworkOutcomes, outcome } from "./outcomes.ts";
import type { Outcome } from "../../src/analysis/outcome.ts";

export const DIVERGED: Outcome[] = [
  ...homeworkOutcomes().slice(1, 4),
  outcome(
    256,
    [
      [2.3, 0.1, 2.3, 0.1],
      [5, 0.2, 6, 0.2],
      [90, 0.1, 1e30, 0.1],
      [NaN, 0.1, Infinity, 0.1],
    ],
    { ending: { kind: "diverged", pass: 4, step: 12 } },
  ),
];

export const FEW_SEEDS = ensembleOutcomes([8, 32, 128], 4, 60);
export const MANY_WIDTHS = ensembleOutcomes(
  [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024],
  1,
  40,
);

const RATES = [0.001, 0.00316228, 0.01, 0.0316228, 0.1, 0.316228, 1];
export const NOISY = crossedOutcomes(
  [8, 32, 128, 512],
  "dataset.label_noise",
  [0, 0.1, 0.2],
  1,
  60,
);
export const NOISY_SEEDS = crossedOutcomes([8, 32, 128], "dataset.label_noise", [0, 0.2], 4, 60);
export const MANY_POINTS = crossedOutcomes(
  [32, 64, 128, 512],
  "training.learning_rate",
  RATES,
  3,
  60,
);
/** Too many lines for a panel, and too many rates for small multiples. */
export const CROSSED_MANY = crossedOutcomes(
  [8, 16, 32, 64, 128, 256, 512],
  "training.learning_rate",
  RATES,
  1,
  30,
);
export const RATES_ALONE = crossedOutcomes([64], "training.learning_rate", RATES, 3, 60);

/** Sharpness that rises to its limit and stays, the sooner the narrower. */
export const EDGES = [16, 64, 256].map((width, place) => ({
  ...{ name: `width ${width}`, width, values: { width } },
  paths: [0, 1].map((seed) => ({
    rows: Array.from({ length: 26 }, (_, at) => {
      const risen = 3 * Math.exp((0.4 - 0.1 * place) * at + 0.1 * seed);
      return {
        pass: 20 * at,
        sharpness: Math.min(risen, 40 + 4 * place + ((7 * at) % 5)),
        limit: 40,
      };
    }),
    ...{ reached: null, near: null },
  })),
}));
