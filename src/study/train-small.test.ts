import { beforeEach, describe, expect, test } from "vitest";
import { keyOf, recordOf, specification, update, wholeTrial } from "../../test/support/updates.ts";
import { runAll } from "../base/run-all.ts";
import { WidthwiseError } from "../base/errors.ts";
import type { WholeTraining } from "../pool/pool.ts";
import { MemoryStore } from "../records/memory-store.ts";
import type { PlannedTrial } from "./plans/plan.ts";
import { smallTrialWorks } from "./train-small.ts";

const PASSES = 3;
const trials = Array.from({ length: 20 }, (_, seed): PlannedTrial => {
  const trial = { specification: specification(seed), passes: PASSES };
  return { role: "sweep", point: { values: { width: 2 }, seed }, trial };
});
const seedOf = ({ point }: PlannedTrial) => point.seed ?? -1;

let store: MemoryStore;
let asked: number[][];
let events: string[];
beforeEach(() => {
  store = new MemoryStore();
  [asked, events] = [[], []];
});

/** Comes to `reach` trials of each batch. */
function training(reach = 3, batches = 2): WholeTraining {
  return {
    batches,
    isSmall: () => true,
    train: (batch) => {
      const seeds = batch.map(({ specification: { streams } }) =>
        streams.kind === "named" ? streams.seed : -1,
      );
      asked.push(seeds);
      return Promise.resolve(seeds.slice(0, reach).map((seed) => wholeTrial(PASSES, { seed })));
    },
  };
}

function run(all = training(), signal?: AbortSignal): Promise<void> {
  const begun = (planned: PlannedTrial) => {
    events.push(`begun ${seedOf(planned)}`);
    return Promise.resolve();
  };
  const works = smallTrialWorks(trials, begun, {
    ...{ store, whole: all, keyOf: (planned) => keyOf(seedOf(planned)) },
    onElsewhere: (planned) => events.push(`elsewhere ${seedOf(planned)}`),
    onEnded: (planned, record, reused) => {
      expect(record).toEqual(recordOf(PASSES, seedOf(planned)));
      events.push(`${reused ? "reused" : "trained"} ${seedOf(planned)}`);
    },
  });
  return runAll(works, signal);
}

const all = (kind: string) => trials.map((planned) => `${kind} ${seedOf(planned)}`).sort();

test("trains every trial once, those again asked for that a batch did not come to", async () => {
  await run();
  expect(events.sort()).toEqual(all("trained"));
  for (const one of trials) expect(await store.get(keyOf(seedOf(one)), PASSES)).not.toBeNull();
  expect(Math.max(...asked.map((batch) => batch.length))).toBeGreaterThan(3);
});

test("asks for more at once as long as there is time for it", async () => {
  await run(training(Infinity, 1));
  expect(asked.map((batch) => batch.length)).toEqual([1, 2, 4, 8, 5]);
});

test("takes trials that come in another order than they were asked for", async () => {
  const inOrder = training(2, 1);
  const fromBehind: WholeTraining = {
    ...inOrder,
    async train(batch) {
      const [first, ...rest] = batch;
      const trained = await inOrder.train(rest.length > 0 ? rest : [first]);
      return trained.map((one, at) => ({ ...one, at: rest.length > 0 ? at + 1 : 0 }));
    },
  };
  await run(fromBehind);
  expect(events.sort()).toEqual(all("trained"));
});

test("a trial counts once its commit is durable, and not before", async () => {
  const keepWhole = store.keepWhole.bind(store);
  store.keepWhole = async (batch) => {
    const before = events.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
    const records = await keepWhole(batch);
    expect(events.length).toBe(before);
    return records;
  };
  await run(training(3, 1));
  expect(events.sort()).toEqual(all("trained"));
});

test("what cannot be kept does not count, and its claims are let go", async () => {
  store.keepWhole = () => Promise.reject(new WidthwiseError("the disk is full"));
  await expect(run()).rejects.toThrow("the disk is full");
  expect(events).toEqual([]);
  expect((await store.claim(...trials.map((one) => keyOf(seedOf(one)))))?.keys).toHaveLength(20);
});

test("looks at ever more at once of what is kept", async () => {
  await store.keepWhole(trials.map((one) => wholeTrial(PASSES, { seed: seedOf(one) })));
  const claim = store.claim.bind(store);
  const claimed: number[] = [];
  store.claim = (...keys) => {
    claimed.push(keys.length);
    return claim(...keys);
  };
  await run(training(Infinity, 1));
  expect(claimed).toEqual([1, 2, 4, 8, 5]);
  expect(events.sort()).toEqual(all("reused"));
});

test("takes what is kept, and hands over what is kept in part", async () => {
  await store.keepWhole([wholeTrial(PASSES, { seed: 1 })]);
  await store.commit(update(0, PASSES, { seed: 2 }));
  await store.commit(update(0, 1, { seed: 3 }));
  await run();
  expect(events).toEqual(expect.arrayContaining(["reused 1", "reused 2", "begun 3", "trained 4"]));
  expect(events).toHaveLength(20);
});

describe("another process", () => {
  test("that trains some is waited for at the end, and what it trained is taken", async () => {
    const claim = await store.claim(keyOf(0), keyOf(5));
    const running = run();
    while (!events.includes("elsewhere 0")) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(events.filter((event) => event.startsWith("trained"))).toHaveLength(18);
    await store.keepWhole([wholeTrial(PASSES, { seed: 0 })]);
    await claim?.release();
    await running;
    expect(events).toContain("reused 0");
    expect(events).toContain("trained 5");
  });
});

test("an interruption does not wait for the batches under way, and lets their claims go", async () => {
  const controller = new AbortController();
  const stuck = { ...training(), train: () => new Promise<never>(() => undefined) };
  const running = run(stuck, controller.signal);
  await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort(new Error("interrupted"));
  await expect(running).rejects.toThrow("interrupted");
  expect((await store.claim(...trials.map((one) => keyOf(seedOf(one)))))?.keys).toHaveLength(20);
});

describe("a share of what waits", () => {
  test("is all that one takes after much that was kept, so that the others have the rest", async () => {
    await store.keepWhole(
      trials.slice(0, 12).map((one) => wholeTrial(PASSES, { seed: seedOf(one) })),
    );
    let [now, most] = [0, 0];
    const made = training(Infinity, 8);
    await run({
      ...made,
      async train(batch) {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now--;
        return made.train(batch);
      },
    });
    expect(most).toBeGreaterThan(3);
    expect(events).toHaveLength(20);
  });

  test("is asked for one by one where a beginning is kept, which takes time", async () => {
    for (const one of trials) await store.commit(update(0, 1, { seed: seedOf(one) }));
    const claims: number[] = [];
    const claim = store.claim.bind(store);
    store.claim = (...keys) => {
      claims.push(keys.length);
      return claim(...keys);
    };
    await run(training(3, 1));
    expect(claims).toEqual(Array(20).fill(1));
  });

  test("is offered again once nobody holds it", async () => {
    const claim = store.claim.bind(store);
    store.claim = async (...keys) => {
      const held = await claim(...keys);
      return (
        held && {
          ...held,
          async release() {
            await new Promise((resolve) => setTimeout(resolve, 2));
            await held.release();
          },
        }
      );
    };
    await run(training(1, 2));
    expect(events.sort()).toEqual(all("trained"));
  });
});
