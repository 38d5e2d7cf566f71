// The contract of every store: trials, as they grow and end.

import { describe, expect, test } from "vitest";
import {
  evaluation,
  update,
  wholeTrial,
  keyOf,
  plan,
  recordOf,
  specification,
} from "../../test/support/updates.ts";
import { STORES } from "../../test/support/stores.ts";
import { MemoryStore } from "./memory-store.ts";

const key = keyOf();

describe.each(STORES)("a store %s", (_, open) => {
  test("gives what was committed, cut to the passes asked for", async () => {
    const store = open();
    expect(await store.get(key, 0)).toBeNull();
    await store.commit(update(0, 8));
    expect(await store.get(key, 8)).toEqual(recordOf(8));
    expect(await store.get(key, 3)).toEqual(recordOf(3));
    expect(await store.get(key, 0)).toEqual(recordOf(0));
    expect(await store.get(key, 9)).toBeNull();
    expect(await store.get(keyOf(4), 0)).toBeNull();
  });

  test("grows by commits, to the same as at once", async () => {
    const store = open();
    await store.commit(update(0, 0, { seconds: 0 }));
    await store.commit(update(1, 3, { seconds: 2.5 }));
    await store.commit(update(4, 7));
    expect(await store.get(key, 7)).toEqual(recordOf(7));
    expect(await store.resume(key)).toMatchObject({
      record: recordOf(7),
      checkpoint: update(4, 7).checkpoint,
    });
  });

  test("keeps trials that were trained whole like others, and goes on from them", async () => {
    const store = open();
    const records = await store.keepWhole([wholeTrial(4), wholeTrial(2, { seed: 9 })]);
    expect(records).toHaveLength(2);
    expect(await store.get(key, 4)).toEqual(recordOf(4));
    expect(await store.get(key, 3)).toEqual(recordOf(3));
    expect(await store.get(keyOf(9), 2)).toEqual(recordOf(2, 9));
    expect((await store.trials([key]))[0]).toMatchObject({ passes: 4, last: evaluation(4) });
    await store.commit(update(5, 6));
    expect(await store.get(key, 6)).toEqual(recordOf(6));
    expect((await store.resume(key))?.checkpoint).toEqual(update(5, 6).checkpoint);
    expect(await store.gaps()).toEqual([]);
  });

  test("a trial that was trained whole replaces what was kept, and is replaced", async () => {
    const store = open();
    const ending = { kind: "diverged", pass: 3, step: 5 } as const;
    await store.commit(update(0, 5));
    await store.keepWhole([wholeTrial(2, { ending })]);
    expect(await store.get(key, 5)).toMatchObject({ ending, trajectory: recordOf(2).trajectory });
    await store.commit(update(0, 1));
    expect(await store.get(key, 1)).toEqual(recordOf(1));
    expect(await store.gaps()).toEqual([]);
  });

  test("keeps each trial apart", async () => {
    const store = open();
    await store.commit(update(0, 2));
    await store.commit(update(0, 4, { seed: 9 }));
    await store.commit(update(3, 3));
    expect((await store.get(key, 3))?.trajectory).toEqual(recordOf(3).trajectory);
    expect((await store.get(keyOf(9), 4))?.trajectory).toEqual(recordOf(4, 9).trajectory);
  });

  test("refuses what does not follow, and stays as it was", async () => {
    const store = open();
    await expect(store.commit(update(1, 2))).rejects.toThrow();
    expect(await store.get(key, 0)).toBeNull();
    await store.commit(update(0, 2));
    await expect(store.commit(update(4, 5))).rejects.toThrow();
    await expect(store.commit(update(2, 3))).rejects.toThrow();
    expect(await store.get(key, 2)).toEqual(recordOf(2));
  });

  test("begins anew with pass 0", async () => {
    const store = open();
    await store.commit(update(0, 5));
    await store.commit(update(0, 1));
    expect(await store.get(key, 1)).toEqual(recordOf(1));
    expect(await store.get(key, 2)).toBeNull();
    expect(await store.sittings(key)).toHaveLength(1);
  });

  test("a diverged trial is whole for any later pass, and cut before it", async () => {
    const store = open();
    const ending = { kind: "diverged", pass: 4, step: 17 } as const;
    await store.commit(update(0, 2));
    await store.commit(update(3, 3, { ending }));
    const whole = { ...recordOf(3), ending, fingerprint: "d1".repeat(32) };
    expect(await store.get(key, 100)).toEqual(whole);
    expect(await store.get(key, 4)).toEqual(whole);
    expect(await store.get(key, 3)).toEqual(recordOf(3));
    expect(await store.get(key, 1)).toEqual(recordOf(1));
  });

  test("a trial may diverge with nothing new in its last commit", async () => {
    const store = open();
    const ending = { kind: "diverged", pass: 3, step: 1 } as const;
    await store.commit(update(0, 2));
    await store.commit(update(3, 2, { ending }));
    expect((await store.get(key, 9))?.ending).toEqual(ending);
    expect((await store.get(key, 9))?.trajectory).toHaveLength(3);
  });

  test("adds up the seconds of the sittings that the passes took", async () => {
    const store = open();
    await store.commit(update(0, 3, { seconds: 2 }));
    await store.commit(update(4, 4, { seconds: 3 }));
    await store.commit(update(5, 8, { since: 4, seconds: 10 }));
    expect((await store.sittings(key)).map(({ from, to, seconds }) => [from, to, seconds])).toEqual(
      [
        [0, 4, 3],
        [4, 8, 10],
      ],
    );
    const seconds = async (passes: number) => (await store.get(key, passes))?.seconds;
    expect([await seconds(2), await seconds(4), await seconds(6), await seconds(8)]).toEqual([
      1.5, 3, 8, 13,
    ]);
  });

  test("tells what there is of trials", async () => {
    const store = open();
    await store.commit(update(0, 2));
    await store.commit(update(0, 1, { seed: 9 }));
    const facts = await store.trials();
    expect(facts.map((trial) => [trial.key, trial.passes])).toEqual([
      [key, 2],
      [keyOf(9), 1],
    ]);
    expect(facts[0]).toMatchObject({
      specification: specification(),
      ending: { kind: "finished" },
      last: evaluation(2),
    });
    expect(await store.trials(["00".repeat(32)])).toEqual([]);
  });

  test("keeps nothing of what it does not know", async () => {
    const store = open();
    const { id } = plan(5);
    await store.finish(id, "f1".repeat(32));
    await store.describe(id, "{}");
    expect(await store.study(id)).toBeNull();
    expect([await store.studies(), await store.damagedStudies()]).toEqual([[], []]);
    expect(await store.parameters(key, 0)).toBeNull();
    expect(await store.sittings(key)).toEqual([]);
    expect(await store.resume(key)).toBeNull();
  });
});

test("a store in memory lets one train a trial, and tells the others when it may have grown", async () => {
  const store = new MemoryStore();
  await store.changed(key);
  const claim = await store.claim(key);
  expect(claim).not.toBeNull();
  expect(await store.claim(key)).toBeNull();
  expect(await store.claim(keyOf(9))).not.toBeNull();
  const told: string[] = [];
  const waiting = store.changed(key).then(() => told.push("changed"));
  await Promise.resolve();
  told.push("released");
  await claim?.release();
  await waiting;
  expect(told).toEqual(["released", "changed"]);
  expect(await store.claim(key)).not.toBeNull();
});
