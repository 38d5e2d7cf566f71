import { beforeEach, describe, expect, test } from "vitest";
import { update, keyOf, recordOf } from "../../test/support/updates.ts";
import { poolOf } from "../../test/support/pools.ts";
import { specification } from "../../test/support/updates.ts";
import { WidthwiseError } from "../base/errors.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { stopOf } from "../base/run-all.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Trial } from "../model/trial.ts";
import type { Pool } from "../pool/pool.ts";
import { trainOrReuse, type TrialContext } from "./train-or-reuse.ts";

const key = keyOf();
const trial: Trial = { specification: specification(), passes: 6 };

let store: MemoryStore;
let trained: number[];
let elsewhere: number;
let seen: number[];
let turnsEnded: number;
let controller: AbortController;
beforeEach(() => {
  store = new MemoryStore();
  controller = new AbortController();
  [trained, seen, elsewhere, turnsEnded] = [[], [], 0, 0];
});

/** Makes the rows of updates.ts, a second each; waits for `gate` before each. */
function madeUpPool(gate: (pass: number) => Promise<void> = () => Promise.resolve()): Pool {
  return poolOf(
    async function* ({ passes }, from) {
      const since = from?.checkpoint.pass ?? 0;
      for (let pass = from === null ? 0 : since + 1; pass <= passes; pass++) {
        await gate(pass);
        const { rows, checkpoint } = update(pass, pass);
        trained.push(pass);
        yield { row: rows[0], checkpoint, seconds: pass - since };
      }
      return { ending: { kind: "finished" }, fingerprint: recordOf(passes).fingerprint };
    },
    () => turnsEnded++,
  );
}

function context(pool = madeUpPool()): TrialContext {
  return {
    ...{ store, pool, sha256, ...stopOf(controller.signal) },
    onElsewhere: () => elsewhere++,
    onResumed: ({ pass }) => seen.push(pass),
    onPass: ({ evaluation: { pass } }) => seen.push(pass),
  };
}

test("trains what is not kept, and keeps it", async () => {
  expect((await trainOrReuse(trial, context())).reused).toBe(false);
  expect(trained).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(await store.get(key, 6)).toEqual(recordOf(6));
  expect(turnsEnded).toBe(1);
});

test("trains nothing of what is kept, with as many passes or more", async () => {
  await store.commit(update(0, 8));
  const { record, reused } = await trainOrReuse(trial, context());
  expect([record, reused, trained]).toEqual([recordOf(6), true, []]);
});

test("goes on from what is kept, and tells from where", async () => {
  await store.commit(update(0, 4, { seconds: 9 }));
  expect((await trainOrReuse(trial, context())).reused).toBe(false);
  expect(trained).toEqual([5, 6]);
  expect(seen).toEqual([4, 5, 6]);
  expect((await store.sittings(key)).map(({ from, to, seconds }) => [from, to, seconds])).toEqual([
    [0, 4, 9],
    [4, 6, 2],
  ]);
});

test("keeps that a trial diverges in the pass after the one that it goes on from", async () => {
  await store.commit(update(0, 4));
  const ending = { kind: "diverged", pass: 5, step: 9 } as const;
  const fingerprint = "d1".repeat(32);
  // eslint-disable-next-line require-yield
  const pool = poolOf(async function* () {
    return Promise.resolve({ ending, fingerprint });
  });
  expect((await trainOrReuse(trial, context(pool))).reused).toBe(false);
  expect(await store.get(key, 6)).toMatchObject({ ending, fingerprint });
  expect((await trainOrReuse(trial, context(pool))).reused).toBe(true);
});

test("commits every two seconds of training, rows and checkpoint together", async () => {
  const commits: [number[], number][] = [];
  const commit = store.commit.bind(store);
  store.commit = (one) => {
    commits.push([one.rows.map((row) => row.evaluation.pass), one.checkpoint.pass]);
    return commit(one);
  };
  await trainOrReuse(trial, context());
  expect(commits).toEqual([
    [[0, 1, 2], 2],
    [[3, 4], 4],
    [[5, 6], 6],
    [[], 6],
  ]);
});

describe("an interruption", () => {
  test("keeps what is trained by then, and does not wait for the pass under way", async () => {
    const pool = madeUpPool((pass) =>
      pass < 4 ? Promise.resolve() : new Promise(() => undefined),
    );
    const running = trainOrReuse(trial, context(pool));
    while (seen.length < 4) await Promise.resolve();
    controller.abort(new Error("aborted"));
    await expect(running).rejects.toThrow("aborted");
    expect(await store.resume(key)).toMatchObject({
      checkpoint: { pass: 3 },
      record: { ending: { kind: "finished" } },
    });
    expect(await store.claim(key)).not.toBeNull();
  });

  test("a commit that fails ends the training, and nothing is kept after it", async () => {
    let commits = 0;
    store.commit = () => {
      commits++;
      return Promise.reject(new WidthwiseError("the disk is full"));
    };
    await expect(trainOrReuse(trial, context())).rejects.toThrow("the disk is full");
    expect([trained, commits]).toEqual([[0, 1, 2], 1]);
    expect(await store.claim(key)).not.toBeNull();
  });
});

describe("another process that trains the trial", () => {
  test("is waited for, and its record taken", async () => {
    const claim = await store.claim(key);
    const running = trainOrReuse(trial, context());
    while (elsewhere === 0) await Promise.resolve();
    await store.commit(update(0, 6));
    await claim?.release();
    expect(await running).toMatchObject({ reused: true });
    expect(trained).toEqual([]);
  });

  test("and dies is taken over from, where it was", async () => {
    const claim = await store.claim(key);
    const running = trainOrReuse(trial, context());
    while (elsewhere === 0) await Promise.resolve();
    await store.commit(update(0, 3));
    await claim?.release();
    expect(await running).toMatchObject({ reused: false });
    expect(trained).toEqual([4, 5, 6]);
  });

  test("and ends between the look at the store and the claim is noticed", async () => {
    const get = store.get.bind(store);
    let looks = 0;
    store.get = async (...asked) => {
      const found = await get(...asked);
      if (looks++ === 0) await store.commit(update(0, 6));
      return found;
    };
    expect(await trainOrReuse(trial, context())).toMatchObject({ reused: true });
    expect(trained).toEqual([]);
  });
});
