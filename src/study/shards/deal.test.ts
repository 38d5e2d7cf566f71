// How trials are dealt to shards.

import { expect, test } from "vitest";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { keysOf } from "../follow.ts";
import type { PlannedTrial } from "../plans/plan.ts";
import { plannedTrial } from "../plans/planned-trial.ts";
import { deal } from "./deal.ts";

const asked = study({ widths: [8, 512, 32], seeds: [0, 1] });
const keyOf = keysOf(sha256);
const planned = (width: number, seed: number, passes = 100) =>
  plannedTrial(asked, DATASET_SIZES, {
    ...{ role: "sweep", values: { width }, seed, after: () => [], passes },
  });
const [small, middle, wide, wide1] = [
  planned(8, 0),
  planned(32, 0),
  planned(512, 0),
  planned(512, 1),
];

const dealt = (trials: readonly PlannedTrial[], of: number) => [
  ...deal(trials, DATASET_SIZES, of, keyOf),
];

test("round robin, the dearest first, whatever their order", () => {
  expect(dealt([small, wide, middle, wide1], 3)).toEqual([1, 1, 3, 2]);
  // More passes are dearer, too.
  const longer = planned(8, 1, 90_000);
  expect(dealt([small, wide, longer], 3)).toEqual([3, 2, 1]);
});

test("one trial for several numbers of passes is dealt once, by the most of them", () => {
  const longer = planned(8, 0, 90_000);
  expect(keyOf(longer)).toBe(keyOf(small));
  expect(dealt([small, wide, middle, longer], 3)).toEqual([1, 2, 3, 1]);
  expect(dealt([longer, wide, small], 2)).toEqual([1, 2, 1]);
});

test("each shard's share is as large as the others', to a trial", () => {
  const many = Array.from({ length: 202 }, (_, seed) => planned(8, seed));
  const shares = [0, 0, 0, 0, 0];
  for (const one of dealt(many, 4)) shares[one]++;
  expect(shares).toEqual([0, 51, 51, 50, 50]);
});

test("a search's trials are nobody's share", () => {
  expect(dealt([{ ...wide, role: "search" }, small, { ...small, role: "search" }, middle], 2)).toEqual([0, 2, 0, 1]); // prettier-ignore
  expect(dealt([], 2)).toEqual([]);
});
