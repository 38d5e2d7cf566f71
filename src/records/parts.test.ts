// The small parts of a record: points, plans, sittings.

import { expect, test } from "vitest";
import { plan } from "../../test/support/updates.ts";
import { grownPlan } from "./plan.ts";
import { pointText, widthOf } from "./point.ts";
import { secondsWithin } from "./sitting.ts";

test("points tell their values and their seed", () => {
  const values = { width: 32, fraction: 0.1 };
  expect(pointText({ values, seed: null })).toBe("width 32, fraction 0.1");
  expect(pointText({ values, seed: 0 }, ", ")).toBe("width 32, fraction 0.1, seed 0");
  expect(widthOf({ point: { values, seed: 0 } })).toBe(32);
});

test("a plan that another one begins with stays whole; one that differs takes its place", () => {
  const kept = plan(5, [1, 2, 3]).trials;
  expect(grownPlan(kept, kept.slice(0, 2))).toBe(kept);
  for (const planned of [plan(5, [1, 2, 3, 4]), plan(5, [1, 3]), plan(6, [1, 2, 3])])
    expect(grownPlan(kept, planned.trials)).toBe(planned.trials);
});

test.each<[string, [from: number, to: number, seconds: number][], number, number]>([
  ["none", [], 3, 0],
  [
    "whole ones",
    [
      [0, 2, 1],
      [2, 4, 2],
    ],
    4,
    3,
  ],
  [
    "a share of the last",
    [
      [0, 2, 1],
      [2, 6, 2],
    ],
    3,
    1.5,
  ],
  [
    "of those after it, nothing",
    [
      [0, 2, 1],
      [2, 4, 2],
    ],
    2,
    1,
  ],
  ["one that trained no pass", [[0, 0, 1]], 0, 1],
  [
    "one that diverged at once",
    [
      [0, 2, 1],
      [2, 2, 2],
    ],
    2,
    3,
  ],
])("seconds of %s", (_, sittings, passes, seconds) => {
  const trainer = { machine: "", versions: "" };
  const made = sittings.map(([from, to, seconds]) => ({ from, to, seconds, ...trainer }));
  expect(secondsWithin(made, passes)).toBe(seconds);
});
