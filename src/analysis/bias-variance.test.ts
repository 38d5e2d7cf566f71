import { describe, expect, test } from "vitest";

import reference from "../../test/reference/bias-variance.json" with { type: "json" };
import { outcome } from "../../test/support/outcomes.ts";
import { atOnce } from "../base/parts.ts";
import { sha256 } from "../base/sha256.node.ts";
import { namedStream } from "../random/named.ts";
import { PART_AXIS, pairVariance, partGroups } from "./bias-variance.ts";

describe("the variance over models of disjoint parts", () => {
  test("is by hand of two and of three", () => {
    const of = (seed: number, ...predictions: number[]) => ({
      seed,
      predictions: Float32Array.from(predictions),
    });
    // ½ (0.5² + 0.5²) and ½ (0 + 0), over two examples.
    expect(pairVariance([of(0, 1, 0, 0.5, 0.5), of(1, 0.5, 0.5, 0.5, 0.5)], 2)).toBe(0.125);
    // Sums of squares: 2, 0.5, 0.5.
    expect(pairVariance([of(0, 1, 0), of(1, 0, 1), of(2, 0.5, 0.5)], 1)).toBe(0.5);
  });

  test("is NumPy's sample variance, and bias² what is left of the risk", () => {
    for (const { predictions, labels, classes, variance, bias_squared, risk } of reference) {
      const models = predictions.map((one, seed) => ({
        seed,
        predictions: Float32Array.from(one),
      }));
      const found = pairVariance(models, labels.length);
      expect(found).toBeCloseTo(variance, 6);
      const risks = predictions.map((one) =>
        one.reduce(
          (sum, p, at) =>
            sum + (p - (labels[Math.floor(at / classes)] === at % classes ? 1 : 0)) ** 2,
          0,
        ),
      );
      const mean = risks.reduce((a, b) => a + b) / risks.length / labels.length;
      expect(mean).toBeCloseTo(risk, 10);
      expect(mean - found).toBeCloseTo(bias_squared, 6);
    }
  });

  test("takes pairs of one seed only where there are no others", () => {
    const model = (seed: number, p: number) => ({ seed, predictions: Float32Array.of(p) });
    expect(pairVariance([model(0, 0), model(0, 1), model(1, 1)], 1)).toBe(0.25);
    expect(pairVariance([model(0, 0), model(0, 1)], 1)).toBe(0.5);
  });

  test("has no bias: of normal predictions it is their variance on average", () => {
    const stream = namedStream(sha256, 0, 0, "bootstrap");
    const draws = Array.from({ length: 4000 }, () => {
      const values = atOnce(stream.standardNormals(3));
      return pairVariance(
        [...values].map((value, seed) => ({ seed, predictions: Float32Array.of(2 * value) })),
        1,
      );
    });
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    // Its standard error is 4 / √4000.
    expect(Math.abs(mean - 4)).toBeLessThan(0.2);
  });
});

test("a group has a model of each part, of different seeds, and each model is in one group", () => {
  const trials = [8, 32].flatMap((width) =>
    ["a", "b", "c"].flatMap((part) =>
      [0, 1, 2, 3].map((seed) => {
        const one = outcome(width, [[1, 1, 1, 1]], { seed });
        return { ...one, point: { seed, values: { width, [PART_AXIS]: part } } };
      }),
    ),
  );
  const groups = partGroups(trials);
  expect(groups).toHaveLength(8);
  expect(groups.map(({ values }) => values)).toEqual(
    [8, 8, 8, 8, 32, 32, 32, 32].map((width) => ({ width })),
  );
  for (const { values, trials: of } of groups) {
    expect(of.map(({ point }) => point.values[PART_AXIS])).toEqual(["a", "b", "c"]);
    expect(new Set(of.map(({ point }) => point.seed)).size).toBe(3);
    for (const { point } of of) expect(point.values.width).toBe(values.width);
  }
  expect(new Set(groups.flatMap((group) => group.trials)).size).toBe(trials.length);
});
