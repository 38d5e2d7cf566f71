import { beforeEach, expect, test } from "vitest";
import {
  evaluation,
  update,
  keyOf,
  plan,
  recordOf,
  specification,
} from "../../../test/support/updates.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import { compareAndKeep } from "./compare-fresh.ts";

let fresh: MemoryStore;
let kept: MemoryStore;
const { id } = plan(5);
beforeEach(async () => {
  [fresh, kept] = [new MemoryStore(), new MemoryStore()];
  await fresh.plan(plan(5));
  await fresh.commit(update(0, 5));
  await fresh.finish(id, "f1".repeat(32));
});

test("what was not kept is kept, with its study", async () => {
  expect(await compareAndKeep(id, fresh, kept)).toEqual({ compared: 0, differences: [] });
  expect(await kept.get(keyOf(), 5)).toEqual(recordOf(5));
  expect(await kept.study(id)).toMatchObject({
    trials: plan(5).trials,
    fingerprint: "f1".repeat(32),
  });
});

test("with a trial that draws nothing, what it begins with is kept", async () => {
  const given = Uint8Array.of(1, 2, 3, 4);
  const digest = "3f".repeat(32);
  const model = { hidden: [2], init: { parameters: digest } };
  await fresh.commit({ ...update(0, 5), specification: { ...specification(), model } });
  await fresh.keepGiven(digest, given);
  await compareAndKeep(id, fresh, kept);
  expect(await kept.given(digest)).toEqual(given);
});

test("of a study that is not there nothing is compared, nor of a trial that was not trained", async () => {
  const nothing = { compared: 0, differences: [] };
  expect(await compareAndKeep("00".repeat(32), fresh, kept)).toEqual(nothing);
  const two = plan(5, [3, 4]);
  await fresh.plan(two);
  expect(await compareAndKeep(two.id, fresh, kept)).toEqual(nothing);
  expect(await kept.study(two.id)).toMatchObject({ trials: two.trials, finished: null });
});

test("a trial that another process is training is that one's to keep", async () => {
  const claim = await kept.claim(keyOf());
  expect(await compareAndKeep(id, fresh, kept)).toEqual({ compared: 0, differences: [] });
  expect(await kept.keys("")).toEqual([]);
  await claim?.release();
  await compareAndKeep(id, fresh, kept);
  expect(await kept.keys("")).toEqual([keyOf()]);
  expect(await kept.claim(keyOf())).not.toBeNull();
});

test("what matches is left as it was where it goes as far, and replaced where it does not", async () => {
  for (const passes of [5, 7]) {
    await kept.commit(update(0, passes, { seconds: 77 }));
    expect(await compareAndKeep(id, fresh, kept)).toEqual({ compared: 1, differences: [] });
    expect((await kept.get(keyOf(), passes))?.seconds).toBe(77);
    expect(await kept.parameters(keyOf(), 5)).not.toBeNull();
  }
  await kept.commit(update(0, 3));
  expect(await compareAndKeep(id, fresh, kept)).toEqual({ compared: 1, differences: [] });
  expect(await kept.get(keyOf(), 5)).not.toBeNull();
});

test.each([0, 4, 5])(
  "the first pass that differs is told (%i), and nothing is changed",
  async (pass) => {
    const { rows, ...rest } = update(0, 8);
    const other = { ...evaluation(pass), fingerprint: "00".repeat(32) };
    const changed = rows.map((row, index) =>
      index === pass ? { ...row, evaluation: other } : row,
    );
    await kept.commit({ ...rest, rows: changed });
    const before = await kept.get(keyOf(), 8);
    const { compared, differences } = await compareAndKeep(id, fresh, kept);
    expect([compared, differences]).toEqual([1, [{ trial: plan(5).trials[0], pass }]]);
    expect(await kept.get(keyOf(), 8)).toEqual(before);
    expect((await kept.study(id))?.fingerprint).toBeNull();
  },
);

test("a divergence that was not one, and another one, are differences", async () => {
  const ending = { kind: "diverged", pass: 4, step: 2 } as const;
  await kept.commit(update(0, 3, { ending }));
  expect((await compareAndKeep(id, fresh, kept)).differences).toMatchObject([{ pass: 4 }]);
  await fresh.commit({ ...update(0, 3, { ending }), fingerprint: "d2".repeat(32) });
  expect((await compareAndKeep(id, fresh, kept)).differences).toMatchObject([{ pass: 4 }]);
  await fresh.commit(update(0, 3, { ending }));
  expect((await compareAndKeep(id, fresh, kept)).differences).toEqual([]);
});
