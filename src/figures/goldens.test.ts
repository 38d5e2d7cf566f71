// Every figure against its golden in golden/.
//
// A mismatch leaves golden/NAME-changed.svg beside the golden: look at both. If the new one is right,
// write the goldens again with   UPDATE_GOLDENS=1 npx vitest run src/figures   and commit them.

import { describe, test } from "vitest";
import { AGAINST } from "../../test/support/against.ts";
import { drawnRates } from "../../test/support/rates.ts";
import { drawnTransfer } from "../../test/support/transfer.ts";
import { ensembleOutcomes, homeworkOutcomes } from "../../test/support/outcomes.ts";
import { expectGolden } from "../../test/support/golden.ts";
import { SEARCH } from "../../test/support/results.ts";
import {
  DIVERGED,
  FEW_SEEDS,
  NOISY,
  NOISY_SEEDS,
  MANY_POINTS,
  CROSSED_MANY,
  RATES_ALONE,
  EDGES,
} from "../../test/support/figures.ts";
import type { Coordinate } from "../analysis/scaling.ts";
import { threeDigits } from "../base/numbers.ts";
import { againstFigure } from "./against.ts";
import { coordinatesFigure } from "./axes/coordinates.ts";
import { sharpnessFigure, sharpnessWidthFigure } from "./sharpness.ts";
import { roundingFigure } from "./rounding.ts";
import { curvesFigure, curvesSlides } from "./curves/curves.ts";
import { interpolationFigure } from "./interpolation.ts";
import { learningRateFigure } from "./learning-rate.ts";
import { mapFigure, type Heat } from "./map.ts";
import { thresholdFigure, type SharePoint, type ThresholdEnds } from "./threshold.ts";
import type { Figure } from "./svg.ts";

const TWELVE_WIDTHS = ensembleOutcomes([2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512], 4, 30);

const shares = (
  ...widths: (readonly [number, number, number, SharePoint["verdict"]])[]
): SharePoint[] =>
  widths.map(([width, interpolated, seeds, verdict]) => ({ width, interpolated, seeds, verdict }));

/** As MNIST-1D's first 300 examples gave it within 60 passes. */
const FLAT_THRESHOLD: [SharePoint[], ThresholdEnds] = [
  shares(
    ...[1, 2, 4, 8].map((width): [number, number, number, "less"] => [width, 0, 12, "less"]),
    ...([
      [16, 3, 32, "less"],
      [32, 12, 12, "more"],
      [24, 20, 20, "more"],
      [20, 27, 32, "more"],
      [18, 15, 32, "undecided"],
      [17, 7, 32, "undecided"],
      [19, 24, 32, "undecided"],
      [15, 0, 20, "less"],
      [14, 0, 20, "less"],
      [21, 20, 20, "more"],
      [22, 20, 20, "more"],
      [40, 20, 20, "more"],
    ] as const),
  ),
  { low: 17, high: 20, level: 0.95 },
];

const NEVER = shares([1, 0, 12, "less"], [16, 1, 20, "less"], [32, 8, 32, "undecided"]);

function slideOf(name: string): Figure {
  const slide = curvesSlides(homeworkOutcomes(), 100).find((one) => one.name === name);
  if (slide === undefined) throw new Error(`no slide is named ${name}`);
  return slide;
}

const logarithmic = (from: number, to: number, points: number) =>
  Array.from({ length: points }, (_, at) => from * (to / from) ** (at / (points - 1)));
const cellsOf = (columns: number, rows: number, of: (x: number, y: number) => number) =>
  Float64Array.from({ length: columns * rows }, (_, at) =>
    of((at % columns) / (columns - 1), Math.floor(at / columns) / (rows - 1)),
  );
const CLASSES: Heat = {
  ...{ title: "Trainable by two rates", caption: "Made up." },
  x: { label: "layer rates[0]", scale: "log", values: logarithmic(0.1, 1000, 129) },
  y: { label: "layer rates[1]", scale: "log", values: logarithmic(0.01, 100, 129) },
  cells: cellsOf(129, 129, (x, y) => Number(y < 0.6 - 0.3 * x + 0.05 * Math.sign(Math.sin(60 * x * x)))), // prettier-ignore
  of: { classes: ["not trainable", "trainable"] },
};
const NUMBERS: Heat = {
  ...{ title: "Training loss by width and rate", caption: "Made up." },
  x: { label: "hidden width", scale: "log", values: logarithmic(8, 512, 25) },
  y: { label: "learning rate", scale: "linear", values: Array.from({ length: 17 }, (_, at) => at / 16) }, // prettier-ignore
  cells: cellsOf(25, 17, (x, y) => (y > 0.9 - 0.3 * x ? Infinity : 2 ** (-8 * x * (0.2 + y)))),
  of: { label: "training loss", scale: "log", none: "diverged", text: threeDigits },
};
const OF_WORDS: Heat = {
  ...{ title: "Test accuracy by activation and noise", caption: "Made up." },
  x: { label: "activation", scale: "categories", values: ["relu", "tanh", "square"] },
  y: { label: "label noise", scale: "categories", values: [0, 0.1] },
  cells: Float64Array.of(0.9, 0.8, 0.4, 0.7, 0.75, 0.5),
  of: { label: "test accuracy", scale: "linear", none: "none", text: (value) => `${100 * value}%` },
};
const stableRates = await drawnRates();
/** Narrow widths interpolate in some seeds alone, and rounding moves them as far as seeds do. */
const SPREADS = [16, 32, 128, 512].map((width, place) => {
  const around = (middle: number, reach: number) =>
    ({
      ...{ n: 11, median: middle, deviation: reach / 2 },
      range: [middle - reach, place === 0 ? Infinity : middle + 1.4 * reach],
      quartiles: [middle - reach / 3, middle + reach / 3],
    }) as const;
  const rounding = [0, 1, 2, 3].map((seed) => ({
    ...around(90 / (place + 1) + 3 * seed, 12 / (place + 1) + seed),
    seed,
  }));
  return {
    ...{ values: { width }, width, rounding, deviation: 3 },
    seeds: around(place === 0 ? Infinity : 95 / (place + 1), 20 / (place + 1)),
    share: null,
  };
});

/** Of two axes with long names. */
const LONG_SPREADS = ["relu", "leaky-relu"].flatMap((activation, place) =>
  SPREADS.slice(1).map((spread) => ({
    ...spread,
    values: {
      width: spread.width,
      "model.activation": activation,
      "training.optimizer": ["momentum-sgd", "nesterov-accelerated-sgd"][place],
    },
  })),
);

/** Under standard layers the output moves the farther the wider they are. */
const scalings = (coordinate: Coordinate) =>
  [1, 2, 3].map((layer) => ({
    ...{ line: "", key: "", layer, isOutput: layer === 3, coordinate, pass: 4 },
    points: [32, 64, 128, 256].map((width) => {
      const median = (layer === 3 ? 0.02 * width ** 0.6 : 0.1) / layer;
      return { width, median, range: [0.9 * median, 1.2 * median] as const };
    }),
    ...{ exponent: null, lost: 0 },
  }));

const GOLDENS: Record<string, () => Figure> = {
  "curves-homework": () => curvesFigure(homeworkOutcomes(), 100),
  "curves-seeds": () => curvesFigure(FEW_SEEDS, 60),
  "curves-twelve-widths": () => curvesFigure(TWELVE_WIDTHS, 30),
  "curves-diverged": () => curvesFigure(DIVERGED, 100),
  "interpolation-homework": () => interpolationFigure(homeworkOutcomes(), 100),
  "interpolation-seeds": () => interpolationFigure(FEW_SEEDS, 60),
  "curves-crossed": () => curvesFigure(NOISY, 60),
  "curves-crossed-many": () => curvesFigure(CROSSED_MANY, 30),
  "curves-crossed-slide": () => curvesFigure(CROSSED_MANY, 30, "slide"),
  "interpolation-crossed": () => interpolationFigure(NOISY, 60),
  "interpolation-crossed-seeds": () => interpolationFigure(NOISY_SEEDS, 60),
  "interpolation-crossed-many": () => interpolationFigure(MANY_POINTS, 60),
  "interpolation-crossed-phone": () => interpolationFigure(NOISY_SEEDS, 60, "phone"),
  "interpolation-rates": () => interpolationFigure(RATES_ALONE, 60),
  "curves-slide": () => curvesFigure(homeworkOutcomes(), 100, "slide"),
  "curves-train-loss-slide": () => slideOf("curves-train-loss"),
  "curves-test-loss-slide": () => slideOf("curves-test-loss"),
  "curves-train-accuracy-slide": () => slideOf("curves-train-accuracy"),
  "curves-test-accuracy-slide": () => slideOf("curves-test-accuracy"),
  "interpolation-slide": () => interpolationFigure(homeworkOutcomes(), 100, "slide"),
  "learning-rate-slide": () => learningRateFigure(SEARCH.probes, SEARCH.eta_star, 0.005, "slide"),
  "curves-phone": () => curvesFigure(FEW_SEEDS, 60, "phone"),
  "interpolation-phone": () => interpolationFigure(FEW_SEEDS, 60, "phone"),
  "learning-rate-phone": () => learningRateFigure(SEARCH.probes, SEARCH.eta_star, 0.005, "phone"),
  threshold: () => thresholdFigure(...FLAT_THRESHOLD),
  "threshold-slide": () => thresholdFigure(...FLAT_THRESHOLD, "slide"),
  "threshold-phone": () => thresholdFigure(...FLAT_THRESHOLD, "phone"),
  "threshold-never": () => thresholdFigure(NEVER, { low: 17, high: null, level: 0.95 }),
  ...Object.fromEntries(
    Object.entries(AGAINST).map(([name, spec]) => [name, () => againstFigure(spec)]),
  ),
  "against-phone": () => againstFigure(AGAINST.against, "phone"),
  "against-many-slide": () => againstFigure(AGAINST["against-many"], "slide"),
  ...Object.fromEntries(
    (["paper", "phone", "slide"] as const).map((size) => [
      size === "paper" ? "rounding-or-seed" : `rounding-or-seed-${size}`,
      () => roundingFigure(SPREADS, { name: "passes to interpolation", perturbations: 10 }, size),
    ]),
  ),
  "rounding-or-seed-long-slide": () =>
    roundingFigure(LONG_SPREADS, { name: "passes to interpolation", perturbations: 10 }, "slide"),
  "coordinate-check": () => coordinatesFigure("change", scalings("change"), "after 4 steps"),
  "coordinate-check-size": () => coordinatesFigure("size", scalings("size"), "after 4 steps"),
  "coordinate-check-phone": () =>
    coordinatesFigure("change", scalings("change"), "after 4 steps", "phone"),
  sharpness: () => sharpnessFigure(EDGES, "2/η"),
  "sharpness-slide": () => sharpnessFigure(EDGES, "2/η", "slide"),
  "sharpness-phone": () => sharpnessFigure(EDGES, "2/η", "phone"),
  "sharpness-width": () => sharpnessWidthFigure(EDGES, EDGES, "2/η"),
  "learning-rate": () => learningRateFigure(SEARCH.probes, SEARCH.eta_star, 0.005),
  map: () => mapFigure(CLASSES),
  "map-phone": () => mapFigure(CLASSES, "phone"),
  "map-numbers": () => mapFigure(NUMBERS),
  "map-numbers-slide": () => mapFigure(NUMBERS, "slide"),
  "map-words": () => mapFigure(OF_WORDS, "phone"),
  "stable-learning-rate": () => stableRates("paper"),
  "learning-rate-transfer": () => drawnTransfer("paper"),
  "learning-rate-transfer-phone": () => drawnTransfer("phone"),
};

describe("goldens", () => {
  test.each(Object.entries(GOLDENS))("%s", (name, draw) => {
    expectGolden(name, draw());
  });
});
