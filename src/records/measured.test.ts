// Predictions as they are kept, and as they are given back.

import { expect, test } from "vitest";
import { record } from "../../test/support/outcomes.ts";
import { sha256 } from "../base/sha256.node.ts";
import { keptMeasurement, predictionsAt } from "./measured.ts";

test("predictions are given back at the row that they were made at, and at no other", () => {
  const [first, last] = record(8, [
    [2.3, 0.1, 2.3, 0.1],
    [1, 0.5, 1, 0.5],
  ]).trajectory;
  const values = Float32Array.of(0.25, 0.75, 1, 0);
  const kept = [
    keptMeasurement("margin", last, Float64Array.of(1), sha256),
    keptMeasurement("predictions", last, values, sha256),
  ];
  expect(predictionsAt(last, kept, sha256)).toEqual(values);
  expect(predictionsAt(first, kept, sha256)).toBeNull();
  expect(predictionsAt({ ...last, fingerprint: "00".repeat(32) }, kept, sha256)).toBeNull();
  expect(predictionsAt(last, kept.slice(0, 1), sha256)).toBeNull();
});
