// Small multiples of the curves: when they are drawn, what their panels share, and how they are named.

import { describe, expect, test } from "vitest";

import { expectGolden } from "../../../test/support/golden.ts";
import { crossedOutcomes, ensembleOutcomes, outcome } from "../../../test/support/outcomes.ts";
import { xmlFault } from "../../../test/support/xml.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Figure } from "../svg.ts";
import { curvesFigure, curvesSlides } from "./curves.ts";

const WIDTHS = [4, 8, 16, 32, 64, 128, 256];
const noisy = (widths: readonly number[], noises: readonly number[], seeds = 3, passes = 40) =>
  crossedOutcomes(widths, "dataset.label_noise", noises, seeds, passes);
const NOISY = noisy(WIDTHS, [0, 0.1, 0.2, 0.4]);

/** Of two axes whose values have long names. */
const LONG: Outcome[] = ["relu", "square"].flatMap((activation) =>
  crossedOutcomes(
    [8, 32, 128],
    "training.optimizer",
    ["momentum-sgd", "nesterov", "adam"],
    1,
    20,
  ).map((one) => ({
    ...one,
    point: { ...one.point, values: { ...one.point.values, "model.activation": activation } },
  })),
);

const slideOf = (name: string, outcomes = NOISY): Figure => {
  const found = curvesSlides(outcomes, 40).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no slide is named ${name}`);
  return found;
};

const GOLDENS: Record<string, () => Figure> = {
  "curves-multiples": () => curvesFigure(NOISY, 40),
  "curves-multiples-phone": () => curvesFigure(NOISY, 40, "phone"),
  "curves-multiples-slide": () => curvesFigure(NOISY, 40, "slide"),
  "curves-multiples-train-accuracy-slide": () => slideOf("curves-train-accuracy"),
  "curves-multiples-long-slide": () => curvesFigure(LONG, 20, "slide"),
};

describe("goldens", () => {
  test.each(Object.entries(GOLDENS))("%s", (name, draw) => {
    expectGolden(name, draw());
  });
});

/** One for each panel. */
const clips = ({ svg }: Figure) =>
  [
    ...svg.matchAll(
      /<clipPath id="([^"]+)"><rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"/g,
    ),
  ].map(([, id, ...box]) => {
    const [x, y, width, height] = box.map(Number);
    return { id, x, y, width, height };
  });
const textsOf = ({ svg }: Figure) =>
  [...svg.matchAll(/<text [^>]*>([^<]+)<\/text>/g)].map(([, text]) => text);

describe("are drawn", () => {
  test.each([
    ["of twelve lines no", noisy([8, 16, 32, 64], [0, 0.1, 0.2]), 4],
    ["of fourteen", noisy(WIDTHS, [0, 0.1]), 8],
    ["of six values of the other axis", noisy(WIDTHS, [0, 0.1, 0.2, 0.3, 0.4, 0.5]), 24],
    ["of seven no", noisy(WIDTHS, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 1), 4],
    [
      "of one axis no",
      ensembleOutcomes(
        Array.from({ length: 20 }, (_, at) => at + 1),
        1,
        10,
      ),
      4,
    ],
    ["of combinations of two axes", LONG, 24],
  ])("%s", (_, outcomes, panels) => {
    for (const size of ["paper", "slide", "phone"] as const)
      expect(clips(curvesFigure(outcomes, 40, size))).toHaveLength(panels);
    for (const slide of curvesSlides(outcomes, 40)) expect(clips(slide)).toHaveLength(panels / 4);
  });
});

test("a slide of six panels has two rows of them", () => {
  const noises = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
  const boxes = clips(slideOf("curves-test-loss", noisy(WIDTHS, noises)));
  expect(new Set(boxes.map(({ y }) => y)).size).toBe(2);
  for (const { width, height } of boxes) {
    expect(width).toBeGreaterThan(150);
    expect(height).toBeGreaterThan(80);
  }
});

describe.each(["paper", "slide", "phone"] as const)("on %s", (size) => {
  const figure = curvesFigure(NOISY, 40, size);

  test("panels are alike, on the sheet, and beside each other", () => {
    const boxes = clips(figure);
    const [, sheetWidth, sheetHeight] = /viewBox="0 0 (\S+) (\S+)"/.exec(figure.svg) ?? [];
    expect(new Set(boxes.map(({ id }) => id)).size).toBe(16);
    expect(new Set(boxes.map(({ width }) => width)).size).toBe(1);
    expect(new Set(boxes.map(({ height }) => height)).size).toBe(1);
    for (const [index, { x, y, width, height }] of boxes.entries()) {
      expect(x + width).toBeLessThanOrEqual(Number(sheetWidth));
      expect(y + height + 25).toBeLessThanOrEqual(Number(sheetHeight));
      for (const other of boxes.slice(index + 1)) {
        const isApart = other.x >= x + width || other.x + other.width <= x || other.y >= y + height;
        expect(isApart).toBe(true);
      }
    }
  });

  test("each panel has its combination's name, and the legend each width once", () => {
    const texts = textsOf(figure);
    const count = (wanted: string) => texts.filter((text) => text === wanted).length;
    if (size === "slide") {
      expect(count("a panel for each label noise")).toBe(1);
      for (const name of ["0.2", "0.4"]) expect(count(name)).toBeGreaterThanOrEqual(4);
    } else for (const noise of [0, 0.1, 0.2, 0.4]) expect(count(`label noise ${noise}`)).toBe(4);
    for (const width of [4, 8, 16, 32, 64, 128, 256]) expect(count(String(width))).toBe(1);
  });

  test("well-formed and finite", () => {
    expect(xmlFault(figure.svg)).toBeNull();
    expect(figure.svg).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

/** Where the lines of a panel begin and end, from its top. */
function heightsOf(figure: Figure, measure: string): number[][] {
  return clips(figure)
    .filter(({ id }) => id.includes(measure))
    .map(({ id, y }) => {
      const [, drawn = ""] = figure.svg.split(`url(#${id})`);
      const [lines] = drawn.split("</g>");
      return [
        ...lines.matchAll(
          / d="M[\d.]+,([\d.]+)L[^"]*" fill="none" stroke="[^"]+" stroke-width="1.3"/g,
        ),
      ].map(([, top]) => Number(top) - y);
    });
}

test("the panels of a measure share their scale", () => {
  // The same networks before training, whatever the noise.
  const figure = curvesFigure(NOISY, 40);
  for (const measure of ["train_loss", "test_loss"]) {
    const [first, ...others] = heightsOf(figure, measure);
    expect(first).toHaveLength(7);
    for (const one of others)
      for (const [place, height] of one.entries()) expect(height).toBeCloseTo(first[place], 1);
  }
});

test("a width has its row in the lane of no error, and its style, in every panel, also where others are missing", () => {
  const perfect = (width: number, noise: number): Outcome => {
    const one = outcome(width, [[2, 0.1, 2, 0.1], [0.1, 1, 0.2, 0.9]]); // prettier-ignore
    return { ...one, point: { ...one.point, values: { width, "dataset.label_noise": noise } } };
  };
  const all = WIDTHS.flatMap((width) => [0, 0.1].map((noise) => perfect(width, noise)));
  const figure = curvesFigure(
    all.filter(
      ({ point }) => point.values["dataset.label_noise"] === 0 || point.values.width !== 4,
    ),
    1,
  );
  const rings = [...figure.svg.matchAll(/<circle cx="[^"]+" cy="([^"]+)" [^>]*stroke="([^"]+)"/g)];
  const [clean, noised] = [rings.slice(0, 7), rings.slice(7)].map((some) =>
    some.map(([, y, color]) => `${y} ${color}`),
  );
  expect(noised).toHaveLength(6);
  expect(noised).toEqual(clean.slice(1));
});

test("no marker looks like the ring of interpolation", () => {
  const widths = Array.from({ length: 20 }, (_, at) => at + 1);
  const { svg } = curvesFigure(noisy(widths, [0, 0.1], 1, 10), 10);
  const [, circle] = /<path d="(M[^"]+)" transform/.exec(svg) ?? [];
  const circles = svg.split(`d="${circle}"`).slice(1);
  expect(circles.length).toBeGreaterThan(0);
  for (const one of circles) expect(one).not.toMatch(/^ transform="[^"]*" fill="#ffffff"/);
});

test("numbers are in ascending order of lightness, whatever the study's", () => {
  const rates = [1, 0.1, 0.01, 0.001, 0.5, 0.05, 0.005];
  const outcomes = crossedOutcomes([8, 64], "training.learning_rate", rates, 1, 10);
  const shown = textsOf(curvesFigure(outcomes, 10)).filter((text) => rates.includes(Number(text)));
  expect(shown.slice(0, 7)).toEqual(["0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1"]);
});

test("long names are told in the legend, all of them", () => {
  const texts = textsOf(curvesFigure(LONG, 20, "slide"));
  for (const [at, name] of [
    "momentum-sgd · relu",
    "nesterov · relu",
    "adam · relu",
    "momentum-sgd · square",
    "nesterov · square",
    "adam · square",
  ].entries()) {
    expect(texts).toContain(`${at + 1}: ${name}`);
    expect(texts.filter((text) => text === String(at + 1)).length).toBeGreaterThanOrEqual(4);
  }
});

test("caption and description say what a line and a panel are", () => {
  const { caption, svg } = curvesFigure(NOISY, 40);
  expect(caption).toContain(
    "one line per width, a panel for each label noise. The panels of a measure share their scales.",
  );
  expect(caption).toContain("Rings mark the pass");
  expect(caption).toContain("each width on a row of its own");
  expect(caption).toContain("bars at the markers their range");
  expect(svg).toContain(
    "Four measures over 40 passes, one line per width, a panel for each label noise",
  );
  expect(curvesFigure(noisy([4, 8, 16, 32, 64], [0, 0.1, 0.2]), 40).caption).toContain(
    "bands their range",
  );
  expect(curvesFigure(noisy([8, 32], [0, 0.1]), 40).caption).not.toContain("share their scales");
});
