import { describe, expect, test } from "vitest";
import { xmlFault } from "../../test/support/xml.ts";
import { learningRateFigure } from "./learning-rate.ts";

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
