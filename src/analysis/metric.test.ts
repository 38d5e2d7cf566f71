import { expect, test } from "vitest";

import { outcome, type Row } from "../../test/support/outcomes.ts";
import { isGain, METRICS, metricAt, type MetricPlace } from "./metric.ts";

const ROWS: Row[] = [
  [2.3, 0.1, 2.4, 0.2],
  [0.5, 0.9, 0.7, 0.8],
  [0.1, 1, 0.9, 0.75],
  [0.2, 0.99, 1.1, 0.7],
];

const at = (place: MetricPlace, one = outcome(8, ROWS)) =>
  METRICS.map((metric) => metricAt(one, metric, place));

test("a metric is taken at the end, at its best or worst, or at interpolation", () => {
  expect(at("end")).toEqual([0.2, 1.1, 0.99, 0.7, 0.01, 0.3]);
  expect(at("best")).toEqual([0.1, 0.7, 1, 0.8, 0, 0.2]);
  expect(at("worst")).toEqual([2.3, 2.4, 0.1, 0.2, 0.9, 0.8]);
  expect(at("interpolation")).toEqual([0.1, 0.9, 1, 0.75, 0, 0.25]);
});

test("a trial that never interpolates has no value there, whatever the metric", () => {
  expect(at("interpolation", outcome(8, ROWS.slice(0, 2)))).toEqual(METRICS.map(() => Infinity));
});

test("a trial that diverged ends worse than any, and keeps its best", () => {
  const diverged = outcome(8, [...ROWS.slice(0, 2), [NaN, 0.1, Infinity, 0.1]], {
    ending: { kind: "diverged", pass: 3, step: 5 },
  });
  const worst = [Infinity, Infinity, -Infinity, -Infinity, Infinity, Infinity];
  expect(at("end", diverged)).toEqual(worst);
  expect(at("worst", diverged)).toEqual(worst);
  expect(at("best", diverged)).toEqual([0.5, 0.7, 0.9, 0.8, 0.1, 0.2]);
});

test("what was measured is a metric; what was not, or is not finite, is the worst", () => {
  const measured = new Map([
    [
      "sharpness",
      new Map([
        [0, 3],
        [1, 8],
        [2, NaN],
        [3, 5],
      ]),
    ],
    [
      "margin",
      new Map([
        [0, -1],
        [3, 0.5],
      ]),
    ],
  ]);
  const one = { ...outcome(8, ROWS), measured };
  expect(metricAt(one, "sharpness", "end")).toBe(5);
  expect(metricAt(one, "sharpness", "best")).toBe(3);
  expect(metricAt(one, "sharpness", "interpolation")).toBe(Infinity);
  expect(metricAt(one, "margin", "best")).toBe(0.5);
  expect(metricAt(one, "sharpness", "worst")).toBe(Infinity);
  expect(metricAt(one, "margin", "interpolation")).toBe(-Infinity);
  expect(["margin", "test_accuracy", "sharpness", "test_error"].map(isGain)).toEqual([
    ...[true, true, false, false],
  ]);
});
