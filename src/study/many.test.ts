// Studies of more trials than are held at once: planned, supplied and answered set by set.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { wholeTrial } from "../../test/support/updates.ts";
import { DATASET_SIZES, study } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Pool } from "../pool/pool.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { recordOfRows } from "../records/record.ts";
import type { WholeTrial } from "../records/store.ts";
import { MOST_HELD } from "./plans/trials.ts";
import { runStudy, type StudyEvent } from "./run.ts";
import { runShard } from "./shards/run-shard.ts";

const SET = { examples: 20, size: 4, values: new Uint8Array(80), labels: new Uint8Array(20) };
const dataset = { ...DATASET_SIZES, train: SET, test: SET };
const SEEDS = Array.from({ length: MOST_HELD / 2 + 2 }, (_, seed) => seed);
const asked = study({ widths: [8, 16], seeds: SEEDS, passes: 1 });
const COUNT = 2 * SEEDS.length;

/** Trains nothing, of so many at a time. */
function poolOfStubs(most = Infinity) {
  const trained = { count: 0, checked: 0 };
  const pool: Pool = {
    check(trials) {
      trained.checked += [...trials].length;
    },
    turn: () => Promise.reject(new Error("all are small")),
    whole: {
      batches: 2,
      isSmall: () => true,
      train: (trials) => {
        const some = trials.slice(0, most);
        trained.count += some.length;
        return Promise.resolve(some.map(() => wholeTrial(1)));
      },
    },
  };
  return { pool, trained };
}

function watchedStore() {
  const store = new MemoryStore();
  const planned: (readonly [number | undefined, number])[] = [];
  const plan = store.plan.bind(store);
  store.plan = (one, from) => {
    planned.push([from, one.trials.length]);
    return plan(one, from);
  };
  return { store, planned };
}

test("a study's plan is kept piece by piece before its trials, each of which ends once, in the answer at its place", async () => {
  const { store, planned } = watchedStore();
  const { pool, trained } = poolOfStubs();
  const events: StudyEvent[] = [];
  const context = { catalogue: CATALOGUE, dataset, pool, store, sha256 };
  const result = await runStudy(asked, { ...context, onEvent: (event) => events.push(event) });
  expect(planned).toEqual([
    [0, MOST_HELD],
    [MOST_HELD, COUNT - MOST_HELD],
  ]);
  expect(trained).toEqual({ count: COUNT, checked: COUNT });
  const [first, ...others] = events;
  expect(first.kind === "planned" && first.trials.length).toBe(COUNT);
  const ended = others.map((event) => event.kind === "ended" && event.record.key);
  const kept = await store.study(result.id);
  expect(new Set(ended)).toEqual(new Set(kept?.trials.map(({ key }) => key)));
  expect(ended).toHaveLength(COUNT);
  const places = [8, 16].flatMap((width) => SEEDS.map((seed) => [width, seed]));
  const placesOf = (all: readonly { readonly point: (typeof result.outcomes)[0]["point"] }[]) =>
    all.map(({ point: { values, seed } }) => [values.width, seed]);
  expect(placesOf(kept?.trials ?? [])).toEqual(places);
  expect(placesOf(result.outcomes)).toEqual(places);
  expect(result.outcomes.map(({ record }) => record.key)).toEqual(
    kept?.trials.map(({ key }) => key),
  );

  const again = await runStudy(asked, context);
  expect(again.fingerprint).toBe(result.fingerprint);
  expect(trained).toEqual({ count: COUNT, checked: COUNT });
}, 60_000);

test("a shard trains its share of them, and what it lacks is asked for again", async () => {
  const { store } = watchedStore();
  const { pool, trained } = poolOfStubs();
  const context = { catalogue: CATALOGUE, dataset, pool, store, sha256 };
  const counts = { share: COUNT / 2, search: 0, unknown: [] };
  const shard = { index: 1, of: 2 };
  const events: StudyEvent[] = [];
  const begun = runShard(asked, shard, { ...context, onEvent: (event) => events.push(event) });
  expect(await begun).toEqual({ ...counts, trained: COUNT / 2 });
  expect(events[0].kind === "planned" && events[0].trials.length).toBe(COUNT / 2);
  expect(await runShard(asked, shard, context)).toEqual({ ...counts, trained: 0 });
  await runShard(asked, { ...shard, index: 2 }, context);
  expect(trained).toEqual({ count: COUNT, checked: 2 * COUNT });
}, 60_000);

/** Says that it keeps what it is given, as one on a disk does. */
class StoreElsewhere extends MemoryStore {
  readonly #source = { rowsOf: () => expect.fail("nobody looks at them") };

  override plan = () => Promise.resolve();
  override trials = () => Promise.resolve([]);
  override keepWhole = (trials: readonly WholeTrial[]) =>
    Promise.resolve(
      trials.map(({ key, specification, ending, fingerprint, seconds }) => {
        const kept = { key, specification, ending, fingerprint, seconds };
        return recordOfRows({ ...kept, source: this.#source, passes: 1 });
      }),
    );
}

test("of what has ended there is no object in memory until there is an answer", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // Not what lies in arrays of numbers, which is given back some time after it is collected.
  const held = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const [from, to] = [2 * MOST_HELD, 8 * MOST_HELD];
  const seeds = Array.from({ length: to }, (_, seed) => seed);
  const { pool } = poolOfStubs(20);
  const had: number[] = [];
  let ended = 0;
  const enough = new Error("all have ended");
  const run = runStudy(study({ widths: [8], seeds, passes: 1 }), {
    ...{ catalogue: CATALOGUE, dataset, pool, store: new StoreElsewhere(), sha256 },
    onEvent(event) {
      if (event.kind !== "ended") return;
      ended++;
      if (ended === from || ended === to) had.push(held());
      if (ended === to) throw enough;
    },
  });
  await expect(run).rejects.toThrow(enough);
  expect((had[1] - had[0]) / (to - from)).toBeLessThan(50);
}, 60_000);
