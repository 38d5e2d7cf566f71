// Every figure against its golden in golden/, and what must hold for any figure.
//
// A mismatch leaves golden/NAME-changed.svg beside the golden: look at both. If the new one is right,
// write the goldens again with   UPDATE_GOLDENS=1 npx vitest run src/figures   and commit them.

import { widthOf } from "../records/point.ts";
import { fileURLToPath } from "node:url";

import { Resvg } from "@resvg/resvg-js";
import { describe, expect, test } from "vitest";

import { AGAINST } from "../../test/support/against.ts";
import { drawnRates } from "../../test/support/rates.ts";
import { drawnTransfer } from "../../test/support/transfer.ts";
import {
  crossedOutcomes,
  ensembleOutcomes,
  homeworkOutcomes,
  outcome,
  pytorchRows,
  timedOutcome,
} from "../../test/support/outcomes.ts";
import { expectGolden } from "../../test/support/golden.ts";
import { SEARCH } from "../../test/support/results.ts";
import { xmlFault } from "../../test/support/xml.ts";
import { threeDigits } from "../base/numbers.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { againstFigure } from "./against.ts";
import { coordinatesFigure } from "./axes/coordinates.ts";
import { sharpnessFigure, sharpnessWidthFigure } from "./sharpness.ts";
import { roundingFigure } from "./rounding.ts";
import { curvesFigure, curvesSlides } from "./curves/curves.ts";
import { interpolationFigure } from "./interpolation.ts";
import { learningRateFigure } from "./learning-rate.ts";
import { png } from "./png.node.ts";
import { style } from "./series.ts";
import { mapFigure, type Heat } from "./map.ts";
import { thresholdFigure, type SharePoint, type ThresholdEnds } from "./threshold.ts";
import { spreadLabels } from "./axes/spread-labels.ts";
import { element, figure, text, type Figure } from "./svg.ts";
import { logDomain, logTicks, passTicks } from "./axes/ticks.ts";

const DIVERGED: Outcome[] = [
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

const FEW_SEEDS = ensembleOutcomes([8, 32, 128], 4, 60);
const TWELVE_WIDTHS = ensembleOutcomes([2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512], 4, 30);
const MANY_WIDTHS = ensembleOutcomes(
  [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024],
  1,
  40,
);

const RATES = [0.001, 0.00316228, 0.01, 0.0316228, 0.1, 0.316228, 1];
const NOISY = crossedOutcomes([8, 32, 128, 512], "dataset.label_noise", [0, 0.1, 0.2], 1, 60);
const NOISY_SEEDS = crossedOutcomes([8, 32, 128], "dataset.label_noise", [0, 0.2], 4, 60);
const MANY_POINTS = crossedOutcomes([32, 64, 128, 512], "training.learning_rate", RATES, 3, 60);
/** Too many lines for a panel, and too many rates for small multiples. */
const CROSSED_MANY = crossedOutcomes(
  [8, 16, 32, 64, 128, 256, 512],
  "training.learning_rate",
  RATES,
  1,
  30,
);
const RATES_ALONE = crossedOutcomes([64], "training.learning_rate", RATES, 3, 60);
const WORDS = crossedOutcomes([64], "model.activation", ["relu", "tanh", "square"], 3, 40);

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
const SCALINGS = [1, 2, 3].map((layer) => ({
  ...({ line: "", key: "", layer, isOutput: layer === 3, coordinate: "change", pass: 4 } as const),
  points: [32, 64, 128, 256].map((width) => {
    const median = (layer === 3 ? 0.02 * width ** 0.6 : 0.1) / layer;
    return { width, median, range: [0.9 * median, 1.2 * median] as const };
  }),
  ...{ law: null, lost: 0 },
}));

/** Sharpness that rises to its limit and stays, the sooner the narrower. */
const EDGES = [16, 64, 256].map((width, place) => ({
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
  "coordinate-check": () => coordinatesFigure("change", SCALINGS, "after 4 steps"),
  "coordinate-check-phone": () => coordinatesFigure("change", SCALINGS, "after 4 steps", "phone"),
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

const zeroPasses = [
  outcome(0, pytorchRows(32).slice(0, 1)),
  outcome(64, pytorchRows(8).slice(0, 1)),
];
const born = outcome(32, pytorchRows(32).slice(0, 1), {
  ending: { kind: "diverged", pass: 1, step: 3 },
});
const nothingFinite = outcome(8, [
  [NaN, 0.1, Infinity, 0.1],
  [NaN, 0.1, -Infinity, 0.1],
]);
const perfect = outcome(8, [
  [0, 1, 0, 1],
  [0, 1, 0, 1],
]);

type Study = [outcomes: readonly Outcome[], passes: number];

const CASES: [string, readonly Outcome[], number][] = [
  ["the homework", homeworkOutcomes(), 100],
  ["seeds", FEW_SEEDS, 60],
  ["a diverged trial", DIVERGED, 100],
  ["twenty widths", MANY_WIDTHS, 40],
  [
    "forty widths",
    ensembleOutcomes(
      Array.from({ length: 40 }, (_, index) => index + 1),
      1,
      5,
    ),
    5,
  ],
  ["a thousand passes", ensembleOutcomes([32], 2, 1000), 1000],
  ["one pass", [outcome(32, pytorchRows(32).slice(0, 2))], 1],
  ["no pass, and width 0", zeroPasses, 0],
  ["divergence in the first pass", [born], 100],
  ["no finite loss", [nothingFinite], 1],
  ["zero loss", [perfect], 1],
  ["nothing", [], 10],
  ["two axes", NOISY, 60],
  ["two axes with seeds", NOISY_SEEDS, 60],
  ["many points of two axes", MANY_POINTS, 60],
  ["more points of two axes", CROSSED_MANY, 30],
  ["rates without widths", RATES_ALONE, 60],
  ["words without widths", WORDS, 40],
];

const SIZES = ["paper", "slide", "phone"] as const;

describe.each([
  ...SIZES.map((size) => {
    const draw = (...study: Study): Figure[] => [curvesFigure(...study, size)];
    return [`curves for ${size}`, draw] as const;
  }),
  ...SIZES.map((size) => {
    const draw = (...study: Study): Figure[] => [interpolationFigure(...study, size)];
    return [`interpolation for ${size}`, draw] as const;
  }),
  ["slides of the panels", curvesSlides] as const,
])("%s", (_, draw) => {
  test.each(CASES)("are well-formed, finite, and need nothing else: %s", (__, outcomes, passes) => {
    for (const one of draw(outcomes, passes)) examine(one);
  });

  function examine({ svg, title, caption }: Figure): void {
    expect(xmlFault(svg)).toBeNull();
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(svg).not.toMatch(/href|<image|<style|@import|url\((?!#)/);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    expect(svg).toMatch(/<title id="[\w-]+">[^<]+<\/title>\s*<desc id="[\w-]+">[^<]+<\/desc>/);
    expect(title).not.toBe("");
    expect(caption).toMatch(/\.$/);
  }
});

describe("slides", () => {
  const slides = CASES.flatMap(([name, outcomes, passes]): [string, Figure][] =>
    [
      curvesFigure(outcomes, passes, "slide"),
      ...curvesSlides(outcomes, passes),
      interpolationFigure(outcomes, passes, "slide"),
      learningRateFigure(SEARCH.probes, SEARCH.eta_star, 0.005, "slide"),
      ...Object.values(AGAINST).map((spec) => againstFigure(spec, "slide")),
    ].map((slide) => [`${slide.name} of ${name}`, slide]),
  );

  test.each(slides)("have 16:9 and letters of at least 3 % of their height: %s", (_, { svg }) => {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    expect(Number(width) / Number(height)).toBe(16 / 9);
    const texts = [...svg.matchAll(/<text\b[^>]*>/g)].map(([tag]) => tag);
    const sizes = [...svg.matchAll(/ font-size="([^"]+)"/g)].map(([, size]) => Number(size));
    expect(texts.length).toBeGreaterThan(5);
    for (const tag of texts) expect(tag).toContain(" font-size=");
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.03 * Number(height));
    expect(svg).not.toMatch(/scale\(/);
  });

  test("leave the panels their room under the legend of a hundred widths", () => {
    const widths = Array.from({ length: 100 }, (_, index) => index + 1);
    const outcomes = ensembleOutcomes(widths, 1, 2);
    const heights = [curvesFigure(outcomes, 2, "slide"), ...curvesSlides(outcomes, 2)].map(
      ({ svg }) => [...svg.matchAll(/<clipPath.*?height="([^"]+)"/g)].map(([, height]) => height),
    );
    expect(heights.map((of) => Math.min(...of.map(Number)) > 70)).toEqual(Array(5).fill(true));
  });

  test.each(slides)("keep every text on the sheet: %s", (_, { svg }) => {
    const { left, right, top, bottom } = boxOfTexts(svg);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(608);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(bottom).toBeLessThanOrEqual(342);
  });
});

describe("curves", () => {
  test("show every width in the legend, with a mark of its own", () => {
    const marks = MANY_WIDTHS.map((__, index) => {
      const { color, dash, marker } = style(index, MANY_WIDTHS.length);
      return `${color} ${dash ?? ""} ${marker(0, 0)}`;
    });
    expect(new Set(marks).size).toBe(MANY_WIDTHS.length);
    const { svg } = curvesFigure(MANY_WIDTHS, 40);
    for (const one of MANY_WIDTHS) expect(svg).toContain(`>${widthOf(one)}</text>`);
  });

  test("grow steadily darker with width", () => {
    const luminances = Array.from({ length: 20 }, (__, index) => luminance(style(index, 20).color));
    for (const [index, value] of luminances.entries()) {
      if (index > 0) expect(value).toBeLessThan(luminances[index - 1] ?? 0);
    }
    // 2.2 to 1 on white is what the lightest line needs to be seen in print.
    expect(1.05 / ((luminances[0] ?? 1) + 0.05)).toBeGreaterThan(2.2);
  });

  test("mark the pass of interpolation", () => {
    const { svg } = curvesFigure(homeworkOutcomes(), 100);
    for (const pass of [55, 41, 37]) expect(svg).toContain(`>${pass}</text>`);
    expect(svg.match(/<circle[^>]*r="3.4"/g)).toHaveLength(3);
  });

  test("end a diverged line with a cross in each panel and say so", () => {
    const { svg, caption } = curvesFigure(DIVERGED, 100);
    expect(svg.match(/stroke-width="1.8"/g)).toHaveLength(4);
    expect(caption).toContain("diverged (1 of 4)");
    expect(curvesFigure(homeworkOutcomes(), 100).caption).not.toContain("diverged");
  });

  test("the caption says that stopped trials are not in what comes after", () => {
    const [first, ...others] = FEW_SEEDS;
    const stopped = [{ ...first, stopped: true } as const, ...others];
    expect(curvesFigure(stopped, 60).caption).toContain(
      `The study's rules stopped 1 of ${stopped.length} trials; from there on a line speaks of the others.`,
    );
    expect(curvesFigure(FEW_SEEDS, 60).caption).not.toContain("stopped");
  });

  test("have bands only where there are seeds", () => {
    expect(curvesFigure(FEW_SEEDS, 60).svg.match(/opacity="0.16"/g)).toHaveLength(12);
    expect(curvesFigure(homeworkOutcomes(), 100).svg).not.toContain('opacity="0.16"');
  });

  test("draw every band of a panel before its first line, so that no median is covered", () => {
    const [, ...panels] = curvesFigure(FEW_SEEDS, 60).svg.split("<clipPath");
    expect(panels).toHaveLength(4);
    for (const panel of panels) {
      const lastBand = panel.lastIndexOf('opacity="0.16"');
      expect(lastBand).toBeGreaterThan(0);
      expect(panel.indexOf('stroke-linejoin="round"')).toBeGreaterThan(lastBand);
    }
  });

  test("show the seeds of more than six widths as bars at the markers instead, and say so", () => {
    const widths = (count: number): number[] => Array.from({ length: count }, (__, i) => 2 ** i);
    const six = curvesFigure(ensembleOutcomes(widths(6), 3, 20), 20);
    expect(six.svg.match(/opacity="0.16"/g)).toHaveLength(4 * 6);
    expect(six.caption).toContain("bands their range");
    const seven = curvesFigure(ensembleOutcomes(widths(7), 3, 20), 20);
    const bars = seven.svg.match(/ d="M[\d.]+ [\d.]+V[\d.]+m-2 0h4/g);
    const markers = seven.svg.match(/<path d="[^"]*" transform/g);
    expect(seven.svg).not.toContain('opacity="0.16"');
    // The legend has a marker, and no bar, for each width.
    expect(bars?.length).toBe((markers?.length ?? 0) - 7);
    expect(seven.caption).toContain("bars at the markers their range");
  });
});

describe("interpolation", () => {
  const optimizers = ["momentum-sgd", "nesterov-accelerated-sgd", "adam", "adam-with-decay"];
  const long = (activations: readonly string[], some: readonly string[]) =>
    activations.flatMap((activation) =>
      crossedOutcomes([8, 32, 128], "training.optimizer", some, 3, 40).map((one) => ({
        ...one,
        point: { ...one.point, values: { ...one.point.values, "model.activation": activation } },
      })),
    );

  test.each([
    [4, long(["relu"], optimizers)],
    [6, long(["relu", "tanh"], optimizers.slice(0, 3))],
  ])("names all of %i lines of long names on a slide", (lines, outcomes) => {
    const { svg } = interpolationFigure(outcomes, 40, "slide");
    const names = [...svg.matchAll(/>((?:momentum|nesterov|adam)[^<]*)<\/text>/g)];
    expect(names).toHaveLength(lines);
    const [, top] = /<rect [^>]*y="([^"]+)"[^>]*fill="#f1f1f1"/.exec(svg) ?? [];
    expect(Number(top)).toBeLessThan(130);
  });

  test("keeps marks that never interpolate beside each other", () => {
    const { svg } = interpolationFigure(long(["relu", "tanh"], optimizers.slice(0, 3)), 40);
    const open = [...svg.matchAll(/translate\(([\d.]+) ([\d.]+)\)" fill="#ffffff"/g)];
    const atEight = open.slice(0, 6).map(([, x]) => Number(x)).toSorted((a, b) => a - b); // prettier-ignore
    for (const [at, x] of atEight.entries())
      if (at > 0) expect(x - atEight[at - 1]).toBeGreaterThan(7);
  });

  test("draws lines of more than six as the legend has them, open marks being those of never", () => {
    const { svg } = interpolationFigure(MANY_POINTS, 60);
    const dashes = [...svg.matchAll(/<polyline [^>]*stroke-dasharray="([^"]+)"/g)];
    expect(dashes).toHaveLength(1);
    const open = [...svg.matchAll(/translate\([\d.]+ ([\d.]+)\)" fill="#ffffff"/g)];
    expect(new Set(open.map(([, y]) => y)).size).toBeLessThanOrEqual(1);
  });

  test("drops no width: those that never interpolate are open marks in the lane", () => {
    const { svg } = interpolationFigure(homeworkOutcomes(), 100);
    for (const label of ["8", "16", "32", "128", "512", "never"]) {
      expect(svg).toContain(`>${label}</text>`);
    }
    expect(svg).toContain("not within 100 passes");
    expect(svg.match(/translate\([\d.]+ 29\.0\)" fill="#ffffff"/g)).toHaveLength(2);
  });

  test("counts seeds and draws one point for each", () => {
    const outcomes = ensembleOutcomes([8, 32, 512], 10);
    const { svg } = interpolationFigure(outcomes, 100);
    expect(svg).toContain(">0/10</text>");
    expect(svg).toContain(">9/10</text>");
    expect(svg).toContain(">10/10</text>");
    expect(svg.match(/<circle/g)).toHaveLength(30);
  });
});

test("of many seeds a width has a box, and no point for each", () => {
  const drawn = (seeds: number) => {
    const outcomes = Array.from({ length: seeds }, (_, seed) =>
      timedOutcome(8, seed % 4 === 3 ? null : 10 + seed, { seed }),
    );
    const { svg, caption } = interpolationFigure(outcomes, 300);
    return { circles: svg.split("<circle").length - 1, isBoxed: caption.includes("Boxes hold") };
  };
  expect(drawn(200)).toEqual({ circles: 200, isBoxed: false });
  expect(drawn(201)).toEqual({ circles: 0, isBoxed: true });
});

describe("learning rate", () => {
  const tried = (
    learning_rate: number,
    after: number,
  ): Parameters<typeof learningRateFigure>[0][0] => ({
    learning_rate,
    before: 2.3,
    after,
    threshold: 1.15,
    verdict: after < 1.15 ? "converges" : "diverges",
  });

  test("puts what is not finite into the lane", () => {
    const { svg } = learningRateFigure(
      [tried(0.1, NaN), tried(0.02, Infinity), tried(0.01, 0.5)],
      0.01,
      0.005,
    );
    expect(xmlFault(svg)).toBeNull();
    expect(svg).toContain(">NaN</tspan>");
    expect(svg).toContain(">∞</tspan>");
    expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
  });

  test("takes a single rate", () => {
    expect(xmlFault(learningRateFigure([tried(0.1, 0)], 0.1, 0.1).svg)).toBeNull();
  });
});

describe("PNG", () => {
  test("has twice the figure's size and letters on it", () => {
    const drawing = (content: string): Figure =>
      figure(
        { name: "test", title: "t", caption: "c", description: "d" },
        { width: 60, height: 20 },
        text(content, { x: 5, y: 15, "font-weight": 600 }),
      );
    const image = Buffer.from(png(drawing("Width 32")));
    expect(image.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([120, 40]);
    // Without its fonts the rasterizer draws nothing where text should be.
    expect(image.length).toBeGreaterThan(2 * png(drawing("")).length);
  });
});

describe("SVG", () => {
  test("escapes text and attributes, and replaces what XML forbids", () => {
    const written = text(`<script>&"\u0000\ud800`, { "aria-label": `"<&>` });
    expect(written).toBe(
      `<text font-size="11" fill="#1a1a1a" aria-label="&quot;&lt;&amp;&gt;">&lt;script&gt;&amp;&quot;\ufffd\ufffd</text>`,
    );
  });

  test("refuses a coordinate that is not finite", () => {
    expect(() => element("rect", { x: NaN })).toThrow(RangeError);
  });
});

describe("ticks", () => {
  test("of passes are round, with both ends", () => {
    expect(passTicks(100)).toEqual([0, 1, 2, 5, 10, 20, 50, 100]);
    expect(passTicks(7)).toEqual([0, 1, 2, 5, 7]);
    expect(passTicks(0)).toEqual([0]);
  });

  test("of a logarithmic scale lie in its domain and stay readable in number", () => {
    for (const domain of [
      [0.5, 2.4],
      [0.9, 1.1],
      [1e-4, 2.3],
      [1e-30, 1e30],
    ] as const) {
      const named = logTicks(domain).filter(({ label }) => label !== "");
      expect(named.length).toBeGreaterThanOrEqual(1);
      expect(named.length).toBeLessThanOrEqual(12);
      for (const { value } of named) expect(value >= domain[0] && value <= domain[1]).toBe(true);
    }
    expect(logTicks([1e-4, 2]).find(({ value }) => value === 1e-3)?.label).toBe("10⁻³");
  });

  test("have a domain even where all values agree or none is positive", () => {
    const [low, high] = logDomain([2, 2]);
    expect(high / low).toBeGreaterThanOrEqual(2);
    expect(logDomain([0, NaN, Infinity])).toEqual([0.1, 10]);
  });
});

describe("labels", () => {
  test("stay where they are if they have room, and move apart as little as possible if not", () => {
    expect(spreadLabels([10, 40], 10, [0, 100])).toEqual([10, 40]);
    expect(spreadLabels([50, 50], 10, [0, 100])).toEqual([45, 55]);
    expect(spreadLabels([52, 50], 10, [0, 100])).toEqual([56, 46]);
  });

  test("keep inside their bounds, or are given up", () => {
    expect(spreadLabels([-20, 0, 99, 100], 10, [0, 100])).toEqual([0, 10, 90, 100]);
    expect(spreadLabels([1, 2, 3], 10, [0, 15])).toBeNull();
  });
});

/** The box around everything written on a drawing, in Inter's letters. */
function boxOfTexts(svg: string): { left: number; right: number; top: number; bottom: number } {
  const texts = [...svg.matchAll(/<text[^>]*>.*?<\/text>/g)].map(([text]) => text);
  const fontFiles = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map(
    (name) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${name}`)),
  );
  const drawing = new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="608" height="342">${texts.join("")}</svg>`,
    { font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Inter" } },
  );
  const { x = NaN, y = NaN, width = NaN, height = NaN } = drawing.getBBox() ?? {};
  return { left: x, right: x + width, top: y, bottom: y + height };
}

/** Relative luminance (WCAG 2) of "rgb(r, g, b)". */
function luminance(color: string): number {
  const hexadecimal = /^#(..)(..)(..)$/
    .exec(color)
    ?.slice(1)
    .map((pair) => parseInt(pair, 16));
  const channels = hexadecimal ?? (color.match(/\d+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("sharpness that grows without bound leaves the room to the others, and is told", () => {
  const [first] = EDGES[0].paths;
  const row = { ...first.rows[0], pass: 1e3, sharpness: 1e9 };
  const wild = { name: "wild", paths: [{ ...first, rows: [...first.rows, row] }] };
  const { svg, caption } = sharpnessFigure([...EDGES, wild], "2/η");
  expect(caption).toMatch(
    /What lies beyond \d+(\.\d+)?, as where training diverges, is left out\./,
  );
  expect(svg).not.toContain("10⁹");
  expect(sharpnessFigure(EDGES, "2/η").caption).not.toContain("left out");
});
