// Passes to interpolation: their marks, the lane of those that never do, and names.

import { describe, expect, test } from "vitest";
import {
  crossedOutcomes,
  ensembleOutcomes,
  homeworkOutcomes,
  timedOutcome,
} from "../../test/support/outcomes.ts";
import { MANY_POINTS } from "../../test/support/figures.ts";
import { interpolationFigure } from "./interpolation.ts";

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
