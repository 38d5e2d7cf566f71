import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { sha256 } from "../base/sha256.node.ts";
import { namedStream } from "../random/named.ts";
import { drawnShape, lineShape } from "./line-shape.ts";
import { median } from "./median.ts";
import { bootstrapInterval } from "./statistics/bootstrap.ts";

const stream = () => namedStream(sha256, 0, 0, "bootstrap");

describe("the shape of a line", () => {
  test("has the point that stands highest above both of its sides, which need not be the largest", () => {
    expect(lineShape([9, 4, 3, 5, 8, 2, 1])).toEqual({
      largest: { at: 0, value: 9 },
      smallest: { at: 6, value: 1 },
      peak: { at: 4, value: 8, rise: 5 },
    });
  });

  test("of a line that falls or rises throughout has no positive rise", () => {
    expect(lineShape([4, 3, 2, 0])?.peak?.rise).toBe(-1);
    expect(lineShape([1, 2, 4])?.peak?.rise).toBe(-2);
    expect(lineShape([1, 1, 1])?.peak).toEqual({ at: 1, value: 1, rise: 0 });
  });

  test("leaves out what is not finite", () => {
    expect(lineShape([Infinity, 1, Infinity, 3, 2])).toEqual({
      largest: { at: 3, value: 3 },
      smallest: { at: 1, value: 1 },
      peak: { at: 3, value: 3, rise: 1 },
    });
    expect(lineShape([1, 2])?.peak).toBeNull();
    expect(lineShape([Infinity, NaN])).toBeNull();
  });

  test("agrees with the definition", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3 }), (values) => {
        const rises = values
          .map((value, i) =>
            Math.min(
              value - Math.min(...values.slice(0, i)),
              value - Math.min(...values.slice(i + 1)),
            ),
          )
          .slice(1, -1);
        const peak = lineShape(values)?.peak;
        expect(peak?.rise).toBe(Math.max(...rises));
        expect(peak?.at).toBe(1 + rises.indexOf(Math.max(...rises)));
      }),
    );
  });
});

describe("the shape over draws of seeds", () => {
  const x = [10, 20, 40, 80];

  test("is that of the medians, with percentiles of its numbers", () => {
    const values = [
      [5, 6, 7, 5, 6, 7],
      [8, 9, 9, 10, 8, 9],
      [8, 8, 10, 10, 9, 8],
      [1, 2, 3, 1, 2, 3],
    ];
    const found = drawnShape(
      x.map((place, i) => ({ x: place, values: values[i] })),
      stream(),
    );
    expect(found?.shape).toMatchObject({
      ...lineShape(values.map(median)),
      // Where other seeds stand highest: in most draws at 20, which is 0.5 above 40 and then above nothing there.
      peak: { at: 1, value: 9 },
    });
    const { peak_at, peak, smallest_at, rise } = found?.intervals ?? expect.fail();
    // In some draws width 40 stands higher, in none another.
    expect([peak_at.low, peak_at.high]).toEqual([20, 40]);
    expect([smallest_at.low, smallest_at.high]).toEqual([80, 80]);
    expect(peak.low).toBeGreaterThanOrEqual(8);
    expect(peak.high).toBeLessThanOrEqual(10);
    expect(rise.low).toBeGreaterThan(0);
    expect(found?.interior).toBe(1);
    expect(
      drawnShape(
        x.map((place, i) => ({ x: place, values: values[i] })),
        stream(),
      ),
    ).toEqual(found);
  });

  test("keeps what a seed has at all points together", () => {
    // Every seed has its own level, and the same shape.
    const values = [0, 3, 1, 2].map((shape) =>
      [0, 10, 20, 30, 40, 50, 60].map((level) => level + shape),
    );
    const { intervals } =
      drawnShape(
        x.map((place, i) => ({ x: place, values: values[i] })),
        stream(),
      ) ?? {};
    expect(intervals?.rise).toMatchObject({ low: 2, high: 2 });
    expect(intervals?.peak_at).toMatchObject({ low: 20, high: 20 });
    expect(intervals?.peak.high).toBeGreaterThan(intervals?.peak.low ?? NaN);
  });

  test("has no rise for certain where points differ by chance alone, however many there are", () => {
    const next = namedStream(sha256, 0, 0, "bootstrap");
    const noise = () => next.randints(1000, 10);
    const flat = () => Array.from({ length: 12 }, (_, x) => ({ x, values: [...noise()] }));
    const lines = Array.from({ length: 20 }, flat);
    const found = lines.map((line) => drawnShape(line, stream()));
    const lows = found.map((one) => one?.intervals?.rise);
    // The rise told is that of the draws, not that of the highest median among them all.
    found.forEach((one, i) => {
      const rise = one?.shape.peak?.rise ?? expect.fail();
      expect(rise).toBeLessThan(lineShape(lines[i].map(({ values }) => median(values)))?.peak?.rise ?? NaN); // prettier-ignore
      expect(rise).toBeGreaterThanOrEqual(lows[i]?.low ?? NaN);
    });
    expect(lows.filter((rise) => rise !== undefined && rise.low > 0)).toHaveLength(0);
    expect(lows.filter((rise) => rise !== undefined && rise.high > 0).length).toBeGreaterThan(10);
  });

  test("of one seed has no interval, and of seeds that never come there none that ends", () => {
    expect(drawnShape([{ x: 1, values: [2] }], stream())).toEqual({
      shape: { largest: { at: 0, value: 2 }, smallest: { at: 0, value: 2 }, peak: null },
      ...{ intervals: null, interior: null },
    });
    const never = [1, Infinity, Infinity, 2, 3];
    const { intervals } = drawnShape([{ x: 1, values: never }], stream()) ?? {};
    expect(intervals?.largest.high).toBe(Infinity);
    expect(drawnShape([{ x: 1, values: [Infinity, Infinity] }], stream())).toBeNull();
  });

  test("tells what a rising line has: no interior maximum, and a draw without a peak has no rise", () => {
    const rising = [1, 2, 3].map((x) => ({ x, values: [x, x, x + 0.5] }));
    expect(drawnShape(rising, stream())?.interior).toBe(0);
    // Seeds of which two or more never come to the second point leave no point between the ends.
    const lost = [[1, 1, 1], [2, Infinity, Infinity], [1, 1, 1]].map((values, i) => ({ x: i + 1, values })); // prettier-ignore
    expect(drawnShape(lost, stream())?.intervals?.rise.low).toBe(-Infinity);
  });

  test.each([[[4, 1, Infinity, 2, 2, 9, 5, 3]], [[0.5, 1.25, 2.75, 7]], [[1, 2, 4, 8, 16]]])(
    "draws medians as medians of the drawn values: %j",
    (values) => {
      const { intervals } = drawnShape([{ x: 1, values }], stream()) ?? {};
      const wanted = bootstrapInterval(
        values.length,
        (units) => median([...units].map((unit) => values[unit])),
        stream(),
      );
      expect(intervals?.largest).toEqual(wanted);
    },
  );
});
