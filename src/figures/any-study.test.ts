// What holds for curves and interpolation whatever the study, and for slides of any figure.

import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { describe, expect, test } from "vitest";
import { AGAINST } from "../../test/support/against.ts";
import {
  crossedOutcomes,
  ensembleOutcomes,
  homeworkOutcomes,
  outcome,
  pytorchRows,
} from "../../test/support/outcomes.ts";
import { SEARCH } from "../../test/support/results.ts";
import { xmlFault } from "../../test/support/xml.ts";
import {
  DIVERGED,
  FEW_SEEDS,
  MANY_WIDTHS,
  NOISY,
  NOISY_SEEDS,
  MANY_POINTS,
  CROSSED_MANY,
  RATES_ALONE,
} from "../../test/support/figures.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { againstFigure } from "./against.ts";
import { curvesFigure, curvesSlides } from "./curves/curves.ts";
import { interpolationFigure } from "./interpolation.ts";
import { learningRateFigure } from "./learning-rate.ts";
import type { Figure } from "./svg.ts";

const WORDS = crossedOutcomes([64], "model.activation", ["relu", "tanh", "square"], 3, 40);

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
