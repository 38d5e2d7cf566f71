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

  describe("of many rates beside each other", () => {
    const probes = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4].map((rate) => tried(rate, 1 - rate / 100));
    const search = [...probes, tried(12.8, 1.2e11)];

    test.each(["paper", "slide", "phone"] as const)(
      "no label covers another at %s size",
      (size) => {
        const { svg, caption } = learningRateFigure(search, 6.4, 3.2, size);
        const labels = [
          ...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(<tspan.*?)<\/text>/g),
        ].map(([, x, y, content]) => ({
          ...{ x: Number(x), y: Number(y) },
          content: content.replaceAll(/<[^>]*>/g, " ").trim(),
        }));
        const [[, etaStar]] = [...svg.matchAll(/>(η\*)<\/tspan>/g)];
        expect(etaStar).toBe("η*");
        expect(labels.map(({ content }) => content)).toContain("1.20 × 10¹¹");
        for (const [place, one] of labels.entries())
          for (const other of labels.slice(place + 1)) {
            const [left, right] = one.x < other.x ? [one, other] : [other, one];
            const isApart = Math.abs(one.y - other.y) > 11 || right.x - left.x > 6 * left.content.length; // prettier-ignore
            expect([one, other, isApart]).toEqual([one, other, true]);
          }
        expect(labels.length === search.length).toBe(!caption.includes("the table has them"));
      },
    );
  });

  test("takes a single rate", () => {
    expect(xmlFault(learningRateFigure([tried(0.1, 0)], 0.1, 0.1).svg)).toBeNull();
  });
});
