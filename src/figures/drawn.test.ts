// Which of very many points are drawn.

import { expect, test } from "vitest";
import { ensembleOutcomes, timedOutcome } from "../../test/support/outcomes.ts";
import { widthOf } from "../records/point.ts";
import { curvesFigure } from "./curves/curves.ts";
import { drawnOutcomes } from "./drawn.ts";
import { interpolationFigure } from "./interpolation.ts";

const widths = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("all of few, and of many some at even distances with all of their seeds, ends among them", () => {
  const few = ensembleOutcomes(widths(5), 2, 3);
  expect(drawnOutcomes(few, 5)).toEqual({ outcomes: few, caption: [] });
  const { outcomes, caption } = drawnOutcomes(ensembleOutcomes(widths(1001), 2, 1), 5);
  expect(outcomes.map(widthOf)).toEqual([1, 1, 251, 251, 501, 501, 751, 751, 1001, 1001]);
  expect(caption[0]).toContain("Of 1,001 points 5 are drawn");
});

test("figures of thousands of trials stay small, and say what they leave out", () => {
  const many = widths(3000).map((width) => timedOutcome(width, 3, { passes: 5 }));
  for (const figure of [curvesFigure(many, 5), interpolationFigure(many, 5)]) {
    expect(figure.svg.length).toBeLessThan(500_000);
    expect(figure.caption).toMatch(/Of 3,000 points \d+ are drawn/);
  }
  const seeds = Array.from({ length: 2100 }, (_, at) => timedOutcome(1 + (at % 30), 1 + (at % 4), { seed: at, passes: 5 })); // prettier-ignore
  const { svg, caption } = interpolationFigure(seeds, 5);
  expect(svg.match(/<circle/g)).toBeNull();
  expect(caption).not.toContain("are drawn");
});

test("long trajectories leave room for fewer lines, but for a dozen", () => {
  const long = widths(20).map((width) => timedOutcome(width, 3, { passes: 1199 }));
  expect(curvesFigure(long, 1199).caption).toContain("Of 20 points 12 are drawn");
  const shorter = widths(20).map((width) => timedOutcome(width, 3, { passes: 599 }));
  expect(curvesFigure(shorter, 599).caption).not.toContain("are drawn");
});
