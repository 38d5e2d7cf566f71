// What becomes of a job beside others, at the wrong time, or more than once.

import { setTimeout } from "node:timers/promises";
import { Worker, type Job } from "bullmq";
import { expect } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { InputError } from "../../dist/base/errors.js";
import { trainOn } from "../../src/pool/pool.ts";
import { trialKey } from "../../src/records/fingerprint.ts";
import type { ResumePoint } from "../../src/records/record.ts";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import {
  jobOf,
  jobPayload,
  refusalPayload,
  stretchPayload,
  wholePayload,
} from "../../dist/pool/queue/messages.node.js";
import { beThere } from "../../dist/pool/queue/presence.node.js";
import { RELEASE, TRIALS } from "../../dist/pool/queue/server.node.js";
import { queueState } from "../../dist/pool/queue/state.node.js";
import {
  coordinator,
  DATA,
  ends,
  gainsName,
  handIn,
  keeping,
  locally,
  lying,
  problems,
  server,
  there,
  trial,
  trials,
  until,
  worker,
} from "./live.ts";
import { TIMES } from "./study.mjs";

const WORKER = { name: "one", machine: "this", versions: "1" };
const left = async () =>
  Object.values(await trials.getJobCounts("waiting", "active", "delayed")).reduce((a, b) => a + b);

there("what has ended many workers is trained alone, until a pass of it is handed in", async () => {
  const pool = await coordinator();
  const [long, suspect] = [trial(96, 0, 300), trial(8)];
  const first = trainOn(pool, long, keeping);
  await until(() => trials.getWaitingCount()).toBe(1);
  const second = trainOn(pool, suspect, { ...keeping, everyPass: true });
  await until(() => trials.getWaitingCount()).toBe(2);
  const isSuspect = (job: Job) => jobOf(job.data)?.trials[0].specification.model.hidden[0] === 8;
  const [job] = (await trials.getWaiting()).filter(isSuspect);
  await job.updateProgress(10);
  const underWay: unknown[][] = [];
  const { events } = worker({
    async begin({ specification }) {
      if (specification.model.hidden[0] !== 8) return;
      const others = () => {
        const of = (kinds: readonly string[]) =>
          events.filter(
            (one) =>
              kinds.includes(one.kind) &&
              "trials" in one &&
              one.trials[0].specification.model.hidden[0] === 96,
          ).length;
        return of(["begun"]) - of(["ended", "given back"]);
      };
      const before = others();
      await setTimeout(3 * TIMES.stretch);
      underWay.push([before, others()]);
    },
    async each({ checkpoint }) {
      if (checkpoint.parameters.biases[0].length !== 8) return;
      underWay.push([(await trials.getJob(job.id ?? ""))?.progress]);
    },
  });
  const { fingerprint } = await second;
  expect(underWay).toEqual([[0, 0], ...Array.from({ length: 7 }, () => [0])]);
  expect(fingerprint).toBe((await locally(suspect)).fingerprint);
  expect((await first).fingerprint).toBe((await locally(long)).fingerprint);
});

there("what cannot be trained fails its run once nothing else is being trained", async () => {
  const pool = await coordinator();
  const goOn = deferred();
  worker({
    async begin({ specification }) {
      if (specification.model.hidden[0] === 6) throw new Error("boom");
      await goOn.promise;
    },
  });
  ends.push(() => {
    goOn.resolve(undefined);
    return goOn.promise;
  });
  const ended: string[] = [];
  const bad = trainOn(pool, trial(6), keeping).catch((error: unknown) => ended.push(String(error)));
  const good = trainOn(pool, trial(8), keeping).then(() => ended.push("trained"));
  const told = expect.stringMatching(/hidden layers 6, .*failed on its worker \(boom\)/) as string;
  await until(() => problems).toContainEqual(told);
  expect(ended).toEqual([]);
  goOn.resolve(undefined);
  await Promise.all([bad, good]);
  expect(ended).toEqual(["trained", told]);
});

there("a job whose coordinator is gone is dropped, and not trained", async () => {
  const pool = await coordinator();
  const trained = trainOn(pool, trial(8), keeping);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const known = jobOf(job.data);
  if (known === null) throw new Error("no job");
  const other = jobPayload({ ...known, coordinator: "gone", trials: [trial(9)] });
  const gone = await trials.add("job", other, { jobId: "gone_1" });
  const { events } = worker();
  await until(() => trials.getJob(gone.id ?? "")).toBeUndefined();
  await trained;
  const begun = events.flatMap((one) => (one.kind === "begun" ? one.trials : []));
  expect(begun.map(({ specification }) => specification.model.hidden)).toEqual([[8]]);
});

there(
  "what workers hand in after a run was interrupted is cleared away when the next one begins, and so are those who are gone",
  async () => {
    const pool = await coordinator();
    const [reached, goOn] = [deferred(), deferred()];
    const { events } = worker({
      async each({ checkpoint }) {
        if (checkpoint.pass > 0) return;
        reached.resolve(undefined);
        await goOn.promise;
      },
    });
    ends.push(() => {
      goOn.resolve(undefined);
      return goOn.promise;
    });
    const trained = trainOn(pool, trial(96, 0, 400), { ...keeping, everyPass: true });
    trained.catch(() => undefined);
    await reached.promise;
    const gains = await gainsName();
    await pool.close();
    goOn.resolve(undefined);
    await until(left).toBe(0);
    expect(events.map(({ kind }) => kind)).toEqual(["begun", "given back"]);
    expect(await lying(gains)).toBeGreaterThan(0);
    await server.redis.sadd("widthwise:workers", "dead");
    await coordinator();
    expect(await server.redis.keys(`widthwise:${gains}*`)).toEqual([]);
    expect(await server.redis.smembers("widthwise:coordinators")).toHaveLength(1);
    expect(await server.redis.smembers("widthwise:workers")).toHaveLength(1);
  },
);

there("a trial is offered again where passes before those that came in are lost", async () => {
  const pool = await coordinator();
  const asked = trial(8);
  const trained = trainOn(pool, asked, keeping);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const stretch = { after: 3, rows: [], checkpoint: null, since: 0, seconds: 0, end: null };
  const key = trialKey(asked.specification, sha256);
  await handIn(
    await gainsName(),
    stretchPayload({ job: job.id ?? "", worker: WORKER }, key, stretch),
  );
  await job.remove();
  await until(() => trials.getWaitingCount()).toBe(1);
  worker();
  expect((await trained).fingerprint).toBe((await locally(asked)).fingerprint);
});

there("a small trial that comes twice is compared, and leaves the server", async () => {
  const asked = trial(3);
  const key = trialKey(asked.specification, sha256);
  const record = { ...(await locally(asked)), key, specification: asked.specification };
  const kept = { record, checkpoint: null } as unknown as ResumePoint;
  const pool = await coordinator({ kept: () => Promise.resolve(kept) });
  const training = pool.whole?.train([asked]);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const gain = async (dataset = DATA) => {
    const local = await createNodePool({ dataset, workers: 1, sha256 });
    const [whole] = (await local.whole?.train([asked])) ?? [];
    await local.close();
    return wholePayload({ job: job.id ?? "", worker: WORKER }, [{ ...whole, key }]);
  };
  const labels = DATA.train.labels.map((label, at) => (at === 0 ? (label + 1) % 4 : label));
  const other = await gain({ ...DATA, train: { ...DATA.train, labels } });
  const gains = await gainsName();
  await handIn(gains, await gain());
  const [trained] = (await training) ?? [];
  trained.onKept?.();
  await handIn(gains, await gain(), other);
  await until(() => problems.slice(1)).toEqual(["differs from pass 1 on"]);
  await until(() => lying(gains)).toBe(0);
});

there("what is no gain, or none of what was asked for, is told and leaves the server", async () => {
  const pool = await coordinator();
  const [first, second] = [trial(3), trial(4)];
  const training = pool.whole?.train([first]);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const local = await createNodePool({ dataset: DATA, workers: 1, sha256 });
  const made = (await local.whole?.train([first, second])) ?? [];
  await local.close();
  const whole = made.map((one, at) => ({
    ...one,
    key: trialKey([first, second][at].specification, sha256),
  }));
  const gains = await gainsName();
  const sender = { job: job.id ?? "", worker: WORKER };
  await handIn(gains, { version: 2 }, wholePayload(sender, whole));
  await handIn(gains, refusalPayload({ ...sender, job: "another_1" }, "no data for others"));
  await until(() => problems.slice(1)).toEqual([
    "something came through the queue that is no gain of this release; it is not taken",
    "worker one handed in small trials that are none of those asked for; they are not taken",
  ]);
  await until(() => lying(gains)).toBe(0);
  await handIn(gains, wholePayload(sender, whole.slice(0, 1)));
  const [trained] = (await training) ?? [];
  trained.onKept?.();
});

there("what workers hand back as often as they like does not count as their deaths", async () => {
  const pool = await coordinator();
  const trained = trainOn(pool, trial(8), keeping);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  let isThere = false;
  const { events } = worker({
    load: () => (isThere ? Promise.resolve(DATA) : Promise.reject(new InputError("not here"))),
  });
  const refusals = () => events.filter(({ kind }) => kind === "refused").length;
  await until(refusals).toBeGreaterThan(1);
  await until(() => trials.getDelayedCount()).toBe(1);
  expect((await trials.getJob(job.id ?? ""))?.progress).toBe(0);
  isThere = true;
  await trained;
});

there("a worker of many threads has a wider window open, and what waits is told", async () => {
  const leave = await beThere(
    server.redis,
    "worker",
    { id: "many", name: "many", release: RELEASE, threads: 5 },
    10_000,
  );
  ends.push(leave);
  const pool = await coordinator();
  const many = Array.from({ length: 30 }, (_, seed) =>
    pool.turn(trial(96, seed)).then((turn) => turn.train(null).next()),
  );
  for (const one of many) one.catch(() => undefined);
  await until(() => trials.getWaitingCount()).toBe(20);
  const [first, second] = await trials.getWaiting();
  const other = new Worker(TRIALS, null, server.shared);
  ends.push(() => other.close());
  const token = "token";
  const failing = await other.getNextJob(token);
  await failing.moveToFailed(new Error("boom"), token, false);
  const late = await other.getNextJob(token);
  await late.moveToDelayed(Date.now() + 60_000, token);
  await other.getNextJob(token);
  expect([first.id, second.id]).toContain(failing.id);
  expect(await queueState(server)).toMatchObject({
    ...{ workers: [{ id: "many" }], otherWorkers: 0, coordinators: { length: 1 } },
    ...{ waiting: 18, underWay: 1 },
    failed: [{ trials: 1, width: "96", reason: "boom" }],
  });
});
