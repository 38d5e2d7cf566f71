import { describe, expect, test } from "vitest";
import { spreadLabels } from "./spread-labels.ts";

describe("labels", () => {
  test("stay where they are if they have room, and move apart as little as possible if not", () => {
    expect(spreadLabels([10, 40], 10, [0, 100])).toEqual([10, 40]);
    expect(spreadLabels([50, 50], 10, [0, 100])).toEqual([45, 55]);
    expect(spreadLabels([52, 50], 10, [0, 100])).toEqual([56, 46]);
  });

  test("keep inside their bounds, or are given up", () => {
    expect(spreadLabels([-20, 0, 99, 100], 10, [0, 100])).toEqual([0, 10, 90, 100]);
    expect(spreadLabels([1, 2, 3], 10, [0, 15])).toBeNull();
  });
});
