// A map that is watched from elsewhere: a cell is told once, when the last of its seeds is there.

import { expect, test } from "vitest";
import { record, type Row } from "../../test/support/outcomes.ts";
import { mapStudy, study } from "../../test/support/studies.ts";
import type { TrialRecord } from "../records/record.ts";
import { WatchedMap } from "./watched-map.ts";

const RATE = "training.learning_rate";

function watched(of: string, seeds: readonly number[]) {
  const map = WatchedMap.of(mapStudy(of, seeds));
  if (map === null) throw new Error("a map was asked for");
  const add = (
    seed: number,
    ending: TrialRecord["ending"] = { kind: "finished" },
    { width = 5, loss = 0.5 }: { readonly width?: number; readonly loss?: number } = {},
  ) => {
    const rows: Row[] = [
      [2, 0.1, 2, 0.1],
      [loss, 0.9, loss, 0.9],
    ];
    const made = record(width, rows, { seed, learning_rate: 0.1, ending });
    return { made, cell: map.add({ values: { width, [RATE]: 0.1 }, seed }, made) };
  };
  return { map, add };
}

const DIVERGED = { kind: "diverged", pass: 1, step: 3 } as const;

test("there is none of a study that asks for none", () => {
  expect(WatchedMap.of(study({ widths: [4] }))).toBeNull();
});

test("a cell comes with its last seed, its trials in the order of the study's seeds, and once", () => {
  const { add } = watched("test_loss", [4, 1, 2]);
  const [two, four] = [add(2), add(4)];
  expect([two.cell, four.cell]).toEqual([null, null]);
  // The same trial once more is no other seed.
  expect(add(4).cell).toBeNull();
  const one = add(1);
  expect(one.cell).toEqual({
    ...{ place: 2 * 5 + 2, value: 0.5, diverged: false, learningRate: 0.1 },
    trials: [four, one, two].map(({ made }) => ({
      ...{ key: made.key, fingerprint: made.fingerprint },
      seed: made.specification.streams.kind === "named" ? made.specification.streams.seed : null,
    })),
  });
  for (const seed of [1, 2, 4]) expect(add(seed).cell).toBeNull();
});

test("cells fill beside each other", () => {
  const { add } = watched("test_loss", [0, 1]);
  expect(add(0).cell).toBeNull();
  expect(add(0, undefined, { width: 8, loss: 0.25 }).cell).toBeNull();
  expect(add(1).cell).toMatchObject({ place: 12, value: 0.5 });
  expect(add(1, undefined, { width: 8, loss: 0.25 }).cell).toMatchObject({ place: 14, value: 0.25 }); // prettier-ignore
});

test.each([
  [[0], false],
  [[0, 1], false],
  [[0, 1, 2], true],
])("of four seeds %j diverged: the cell has, %s", (which, diverged) => {
  const { add } = watched("diverged", [0, 1, 2, 3]);
  const cells = [0, 1, 2, 3].map(
    (seed) => add(seed, which.includes(seed) ? DIVERGED : undefined).cell,
  );
  expect(cells.at(-1)).toMatchObject({ diverged, value: Number(diverged) });
});

test("trials of the notebook's streams have no seed", () => {
  const asked = mapStudy("test_loss", [0]);
  const map = WatchedMap.of({
    ...asked,
    streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
  });
  const made = record(2, [[2, 0.1, 2, 0.1]], { learning_rate: 0.01 });
  expect(map?.add({ values: { width: 2, [RATE]: 0.01 }, seed: null }, made)).toMatchObject({
    ...{ place: 0, trials: [{ key: made.key, seed: null }] },
  });
});
