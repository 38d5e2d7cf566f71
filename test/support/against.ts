// Made-up numbers against an axis, for figures.

import type { Against, AgainstLine } from "../../src/figures/against.ts";

const WIDTHS = [2, 3, 4, 6, 8, 10, 14, 18, 24, 31, 40, 53, 70, 92, 120, 150, 190, 230, 270, 300];

/** A test error with a peak near width 47 that is the higher the more labels are wrong. */
function peaked(name: string, height: number, widths = WIDTHS): AgainstLine {
  return {
    name,
    points: widths.map((x) => {
      const y = 0.62 - 0.06 * Math.log(x) + height * Math.exp(-((Math.log(x / 47) / 0.5) ** 2));
      const half = 0.012 + 0.05 * height;
      return { x, y, low: y - half, high: y + 1.4 * half };
    }),
  };
}

const AXES: Pick<Against, "x" | "y"> = {
  x: { label: "hidden width", scale: "log" },
  y: { label: "test error at the end", scale: "linear" },
};

const NAMES = Array.from({ length: 12 }, (_, index) => `${index * 2} %`);

/** By the names of their goldens. */
export const AGAINST: Readonly<Record<string, Against>> = {
  against: {
    name: "against",
    title: "Test error against width",
    caption: "Medians over ten seeds with 95 % intervals.",
    ...AXES,
    lines: [peaked("0", 0), peaked("0.15", 0.12), peaked("0.3", 0.2)],
    verticals: [{ x: 61, label: "threshold 61" }],
  },
  "against-many": {
    name: "against-many",
    title: "Test error against width",
    caption: "Medians over ten seeds with 95 % intervals.",
    ...AXES,
    lines: NAMES.map((name, index) => peaked(name, index / 50)),
    verticals: [{ x: 47, label: "threshold 47" }],
  },
  "against-fit": {
    name: "against-fit",
    title: "The largest stable rate against width",
    caption: "Medians over six seeds, with a power law.",
    x: { label: "hidden width", scale: "log" },
    y: { label: "learning rate", scale: "log" },
    lines: [
      {
        name: "largest stable rate",
        points: [16, 32, 64, 128, 256, 512].map((x, index) => {
          const y = (1.3 - 0.1 * (index % 3)) / Math.sqrt(x);
          return { x, y, low: y / 1.2, high: y * 1.3 };
        }),
      },
      {
        ...{ name: "width^−0.5", dashed: true, plain: true },
        points: [16, 512].map((x) => ({ x, y: 1.2 / Math.sqrt(x) })),
      },
    ],
    levels: [{ y: 0.1, label: "searched from 0.1" }],
  },
  "against-categories": {
    name: "against-categories",
    title: "Test error by activation",
    caption: "Medians over ten seeds with 95 % intervals; without labels on the left.",
    x: { label: "activation", scale: "categories" },
    y: { label: "test error at the end", scale: "linear" },
    lines: ["32", "128", "512"].map((name, index) => ({
      name: `width ${name}`,
      points: ["relu", "tanh", "square"].map((x, place) => {
        const y = 0.3 - 0.04 * index + 0.03 * place;
        return { x, y, low: y - 0.02, high: y + 0.015 };
      }),
    })),
  },
};
