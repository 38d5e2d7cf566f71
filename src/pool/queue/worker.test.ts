// What a worker has for its jobs: pools that are closed again, and places side by side or alone.

import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { sha256 } from "../../base/sha256.node.ts";
import { WidthwiseError } from "../../base/errors.ts";
import { createNodePool } from "../../../dist/pool/node/node-pool.js";
import { CONTRACT_DATASET, CONTRACT_TRIALS } from "../../../test/support/pool-contract.ts";
import type { GivenParameters } from "../../model/initializations/initialization.ts";
import { packParameters, parametersDigest } from "../../records/given-parameters.ts";
import { Admission } from "./admission.node.ts";
import { work } from "./job.node.ts";
import { gainOf, jobPayload } from "./messages.node.ts";
import { insist, repeatedly, TIMES, type QueueServer } from "./server.node.ts";
import { WorkerPools, type ClosablePool } from "./worker-pools.node.ts";

const job = (dataset: string) => ({
  ...{ coordinator: "c", dataset, source: null, given: [], trials: [CONTRACT_TRIALS[0]] },
  ...{ isWhole: false, everyPass: false, from: null },
});

/** Pools that count, of data that `load` finds. */
function pools(
  load: (digest: string) => Promise<unknown> = () => Promise.resolve(),
  check: () => void = () => undefined,
) {
  const open: string[] = [];
  let made = 0;
  const pool = new WorkerPools({
    sha256,
    load: async (digest) => {
      await load(digest);
      return { ...CONTRACT_DATASET, digest };
    },
    createPool({ digest }) {
      open.push(digest);
      made++;
      return Promise.resolve({
        check,
        turn: () => Promise.reject(new Error("nothing is trained")),
        close() {
          open.splice(open.indexOf(digest), 1);
          return Promise.resolve();
        },
      });
    },
  });
  return { pool, open, made: () => made };
}

test("a worker of a hundred data sets keeps two pools without work, the newest, and each that has work", async () => {
  const { pool, open, made } = pools();
  const busy = await pool.take(job("busy"));
  const again = await pool.take(job("busy"));
  for (let set = 0; set < 100; set++) await (await pool.take(job(String(set)))).end();
  expect(open).toEqual(["busy", "98", "99"]);
  await (await pool.take(job("98"))).end();
  expect(made()).toBe(101);
  await again.end();
  expect(open).toContain("busy");
  await busy.end();
  await (await pool.take(job("98"))).end();
  expect(open).toEqual(["busy", "98"]);
  await pool.close();
  expect(open).toEqual([]);
});

test("what trials begin with is found by its digest, whatever its order", async () => {
  const [trial] = CONTRACT_TRIALS;
  const parameters = [1, 2].map((value) => ({
    weights: [new Float32Array(12 * 8).fill(value), new Float32Array(8 * 3)],
    biases: [new Float32Array(8), new Float32Array(3)],
  }));
  const digests = parameters.map((one) => parametersDigest(one, sha256));
  const begins = (digest: string) => {
    const model = { hidden: [8], init: { parameters: digest } };
    return { ...trial, specification: { ...trial.specification, model } };
  };
  const made: GivenParameters[] = [];
  const pool = new WorkerPools({
    sha256,
    load: () => Promise.resolve(CONTRACT_DATASET),
    createPool(_, given) {
      made.push(given);
      return Promise.resolve({ check: () => undefined } as unknown as ClosablePool);
    },
  });
  const asked = { ...job("a"), trials: digests.map(begins) };
  await pool.take({ ...asked, given: parameters.map(packParameters).reverse() });
  expect(made).toEqual([new Map(digests.map((digest, at) => [digest, parameters[at]]))]);
  const lacking = { ...asked, given: parameters.slice(1).map(packParameters) };
  await expect(pool.take(lacking)).rejects.toThrow("lacks what its trial begins with");
});

test("what was not to be had is asked for again", async () => {
  let isThere = false;
  const { pool, open } = pools(() =>
    isThere ? Promise.resolve() : Promise.reject(new WidthwiseError("not here")),
  );
  await expect(pool.take(job("a"))).rejects.toThrow("not here");
  isThere = true;
  await pool.take(job("a"));
  expect(open).toEqual(["a"]);
});

test("what takes more memory than there is here is not taken, and its pool is nobody's", async () => {
  const { pool, open } = pools(undefined, () => {
    throw new WidthwiseError("too large");
  });
  for (const set of ["a", "b", "c"]) await expect(pool.take(job(set))).rejects.toThrow("too large");
  expect(open).toEqual(["b", "c"]);
});

test("what has ended a worker, perhaps, is handed in after its first pass", async () => {
  const pool = new WorkerPools({
    sha256,
    load: () => Promise.resolve(CONTRACT_DATASET),
    createPool: (dataset) => createNodePool({ dataset, workers: 1, sha256 }),
  });
  const afters: number[][] = [[], []];
  for (const [deaths, handed] of afters.entries()) {
    const done = () => Promise.resolve();
    const data = jobPayload(job(CONTRACT_DATASET.digest));
    await work({ data, progress: deaths, updateProgress: done, updateData: done } as never, "", {
      server: { redis: { exists: () => Promise.resolve(1) } } as unknown as QueueServer,
      ...{ worker: { name: "one", machine: "this", versions: "1" }, pools: pool, sha256 },
      ...{ admission: new Admission(), times: { ...TIMES, stretch: 1e9 }, mostDeaths: 20 },
      ...{ signal: new AbortController().signal, onEvent: () => undefined },
      handIn(_coordinator, payload) {
        const gain = gainOf(payload);
        if (gain?.kind === "stretch") handed.push(gain.stretch.after);
        return Promise.resolve(true);
      },
    });
  }
  expect(afters).toEqual([[-1], [-1, 0]]);
  await pool.close();
});

test("one that is to be alone waits until those before it have left, and those after it wait for it", async () => {
  const admission = new Admission();
  const inside: string[] = [];
  const enter = async (name: string, isAlone = false) => {
    const place = await admission.enter(isAlone);
    inside.push(name);
    return place;
  };
  const [first, second] = [await enter("first"), await enter("second")];
  const [alone, third] = [enter("alone", true), enter("third")];
  const other = enter("other", true);
  first.leave();
  await setTimeout(0);
  expect(inside).toEqual(["first", "second"]);
  expect(admission.isAwaited).toBe(true);
  second.leave();
  const place = await alone;
  await setTimeout(0);
  expect(inside).toEqual(["first", "second", "alone"]);
  place.admitOthers();
  const after = await third;
  after.leave();
  await setTimeout(0);
  expect(inside).toEqual(["first", "second", "alone", "third"]);
  place.leave();
  await other;
  expect(admission.isAwaited).toBe(false);
});

test("what is done again and again is never done twice at once, and goes on where it fails", async () => {
  let begun = 0;
  let fail: (() => void) | undefined;
  const end = repeatedly(1, () => {
    begun++;
    return new Promise((_, reject) => {
      fail = () => {
        reject(new Error("no"));
      };
    });
  });
  await expect.poll(() => begun).toBe(1);
  await setTimeout(20);
  expect(begun).toBe(1);
  fail?.();
  await expect.poll(() => begun).toBe(2);
  fail?.();
  end();
  await setTimeout(20);
  expect(begun).toBe(2);
});

test("what a server that is away is asked for is given up where the signal aborts, with its reason", async () => {
  const end = new AbortController();
  const asked = insist(() => new Promise(() => undefined), {
    ...{ onProblem: () => undefined, delay: 1, signal: end.signal },
  });
  end.abort(new WidthwiseError("enough"));
  await expect(asked).rejects.toThrow("enough");
});
