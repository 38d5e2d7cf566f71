// How trials are dealt to shards.

import { expect, test } from "vitest";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { keysOf } from "../follow.ts";
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

test("round robin, the dearest first, whatever their order", () => {
  const shards = deal([small, wide, middle, wide1], DATASET_SIZES, 3, keyOf);
  expect([wide, wide1, middle, small].map((one) => shards.get(keyOf(one)))).toEqual([1, 2, 3, 1]);
  // More passes are dearer, too.
  const longer = planned(8, 1, 90_000);
  const dealt = deal([small, wide, longer], DATASET_SIZES, 3, keyOf);
  expect([longer, wide, small].map((one) => dealt.get(keyOf(one)))).toEqual([1, 2, 3]);
});

test("one trial for several numbers of passes is dealt once, by the most of them", () => {
  const longer = planned(8, 0, 90_000);
  expect(keyOf(longer)).toBe(keyOf(small));
  for (const trials of [
    [small, wide, longer],
    [longer, wide, small],
  ]) {
    const shards = deal(trials, DATASET_SIZES, 2, keyOf);
    expect([...shards]).toEqual([
      [keyOf(small), 1],
      [keyOf(wide), 2],
    ]);
  }
});
