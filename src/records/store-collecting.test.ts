// The contract of every store: what it keeps as long as somebody asks for it, and what it gives up.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { update, keyOf, plan, recordOf, specification } from "../../test/support/updates.ts";
import { STORES, folder } from "../../test/support/stores.ts";
import { hex } from "../base/sha256.ts";
import { sha256 } from "../base/sha256.node.ts";
import { trialKey } from "./fingerprint.ts";
import { WidthwiseError } from "../base/errors.ts";
import { SqliteStore } from "./sqlite/sqlite-store.node.ts";

const key = keyOf();

describe.each(STORES)("a store %s", (_, open) => {
  test("keeps given parameters as long as a study or a trial names them", async () => {
    const store = open();
    const given = [1, 2, 3].map((byte) => Uint8Array.of(byte, 0, 0, 0));
    const digests = given.map((bytes) => hex(sha256(bytes)));
    const asked = { ...plan(5), specification: JSON.stringify({ init: digests[1] }) };
    await store.plan(asked);
    const begun = { ...specification(9), model: { hidden: [2], init: { parameters: digests[2] } } };
    const key = trialKey(begun, sha256);
    const trial = { ...update(0, 2, { seed: 9 }), specification: begun, key };
    await store.commit(trial);
    expect(await store.given(digests[0])).toBeNull();
    for (const [at, digest] of digests.entries()) await store.keepGiven(digest, given[at]);
    await store.keepGiven(digests[0], given[0]);
    for (const [at, digest] of digests.entries())
      expect(await store.given(digest)).toEqual(given[at]);
    // The trial is one that no study asks for: with it goes what it begins with.
    await store.collect();
    const kept = () => Promise.all(digests.map((digest) => store.given(digest)));
    expect(await kept()).toEqual([null, given[1], null]);
    await store.plan({ ...plan(2, [9]), trials: [{ ...plan(2, [9]).trials[0], key }] });
    await store.commit(trial);
    await store.keepGiven(digests[2], given[2]);
    await store.removeStudy(asked.id);
    await store.collect();
    expect(await kept()).toEqual([null, null, given[2]]);
  });

  test("keeps measurements beside rows, the newest of a name; predictions as long as a study asks for as many passes", async () => {
    const store = open();
    const measured = (pass: number, name: string, value: number, version = 1) => ({
      ...{ pass, name, version, values: Uint8Array.of(value, 2), digest: "ab".repeat(32) },
    });
    await expect(store.addMeasurements(key, [])).rejects.toThrow(WidthwiseError);
    expect(await store.measurements(key)).toEqual([]);
    const first = [measured(0, "margin", 1), measured(2, "margin", 2)];
    await store.commit({ ...update(0, 2), measurements: first });
    await store.commit({ ...update(3, 4), measurements: [measured(3, "margin", 3)] });
    const later = [
      measured(0, "margin", 9),
      measured(2, "predictions", 5),
      measured(4, "predictions", 6),
    ];
    await store.addMeasurements(key, later);
    const kept = [later[0], first[1], later[1], measured(3, "margin", 3), later[2]];
    expect(await store.measurements(key)).toEqual(kept);
    await store.plan(plan(4));
    await store.collect();
    expect(await store.measurements(key)).toEqual(kept.filter((one) => one !== later[1]));
    // Of another version it is another one.
    await store.addMeasurements(key, [measured(3, "margin", 4, 2)]);
    expect(await store.measurements(key)).toHaveLength(5);
    await store.commit(update(0, 1));
    expect(await store.measurements(key)).toEqual([]);
    expect(await store.gaps()).toEqual([]);
  });

  test("collects no predictions and weights at which a study's rule stops its trial, and where it diverged", async () => {
    const store = open();
    const predictions = {
      ...{ pass: 3, name: "predictions", version: 1 },
      ...{ values: Uint8Array.of(1), digest: "ab".repeat(32) },
    };
    const diverged = keyOf(4);
    const stopping = { ...plan(5), specification: '{"stop":{"after_interpolation":1}}' };
    for (const study of [stopping, plan(6, [4])]) await store.plan(study);
    await store.commit({ ...update(0, 3), measurements: [predictions] });
    const ending = { kind: "diverged", pass: 4, step: 9 } as const;
    await store.commit({ ...update(0, 3, { seed: 4, ending }), measurements: [predictions] });
    expect(await store.collect()).toMatchObject({ trials: 0, weights: 0 });
    for (const one of [key, diverged]) expect(await store.measurements(one)).toEqual([predictions]);
    // Another study has trained on.
    await store.commit(update(4, 5));
    await store.collect();
    expect(await store.measurements(key)).toEqual([predictions]);
  });

  test("collects no newest weights of trials that a study asks for", async () => {
    const store = open();
    await store.plan(plan(2));
    await store.commit(update(0, 3));
    expect(await store.collect()).toMatchObject({ trials: 0, weights: 0 });
    expect((await store.trials([key]))[0]?.weights).toEqual([3]);
  });

  test("removes a study but not its trials, a trial, and what nobody asks for", async () => {
    const store = open();
    const [one, other] = [plan(2, [3, 4]), plan(5, [3])];
    for (const study of [one, other]) await store.plan(study);
    await store.commit(update(0, 2, { seed: 3 }));
    await store.commit(update(3, 5, { seed: 3 }));
    await store.commit(update(0, 2, { seed: 4 }));
    await store.removeStudy(one.id);
    expect((await store.studies()).map(({ id }) => id)).toEqual([other.id]);
    expect(await store.keys("")).toHaveLength(2);
    const { trials, weights, before, after } = await store.collect();
    expect([trials, weights]).toEqual([1, 1]);
    expect(after).toBeLessThanOrEqual(before);
    expect((await store.trials()).map((trial) => [trial.key, trial.weights])).toEqual([
      [keyOf(3), [5]],
    ]);
    expect(await store.get(keyOf(3), 5)).toEqual(recordOf(5));
    await store.removeTrial(keyOf(3));
    expect(await store.keys("")).toEqual([]);
    expect(await store.get(keyOf(3), 0)).toBeNull();
    expect((await store.studies()).map(({ id }) => id)).toEqual([other.id]);
  });
});

test("what is being trained is not collected", async () => {
  const path = join(folder, "claimed.db");
  const options = { sha256, trainer: { machine: "", versions: "" }, onDamage: () => undefined };
  const [store, second] = [new SqliteStore(path, options), new SqliteStore(path, options)];
  for (const seed of [3, 4]) await store.commit(update(0, 2, { seed }));
  const claim = await store.claim(keyOf(3));
  expect((await second.collect()).trials).toBe(1);
  expect(await second.keys("")).toEqual([keyOf(3)]);
  await claim?.release();
  expect((await second.collect()).trials).toBe(1);
  for (const each of [store, second]) await each.close();
});
