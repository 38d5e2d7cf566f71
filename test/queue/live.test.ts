// A coordinator and workers in this process: what each does with jobs and gains.

import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import type { Trial } from "../../src/model/trial.ts";
import { trainOn } from "../../src/pool/pool.ts";
import { jobOf } from "../../dist/pool/queue/messages.node.js";
import { packed, unpacked } from "../../dist/pool/queue/payload.node.js";
import {
  coordinator,
  ends,
  gainsName,
  keeping,
  locally,
  lying,
  problems,
  redis,
  server,
  there,
  trial,
  trials,
  until,
  worker,
} from "./live.ts";
import { Started } from "./start.mjs";
import { TIMES } from "./study.mjs";

there(
  "a window of jobs is open, and offered again where the server has lost them; a gain stays there until it is kept",
  async () => {
    const pool = await coordinator();
    const many = Array.from({ length: 30 }, (_, seed) =>
      pool.turn(trial(96, seed)).then((turn) => turn.train(null).next()),
    );
    for (const one of many) one.catch(() => undefined);
    await until(() => trials.getWaitingCount()).toBe(8);
    expect(problems).toEqual([
      "no worker is there yet; start some with: widthwise worker --queue …",
    ]);
    await setTimeout(2 * TIMES.look);
    expect(await trials.getWaitingCount()).toBe(8);
    await pool.close();
    expect(await trials.getJobCounts()).toMatchObject({ waiting: 0, delayed: 0 });

    const next = await coordinator();
    const asked = trial(8);
    const turn = await next.turn(asked, { everyPass: true });
    const training = turn.train(null);
    const first = training.next();
    await until(() => trials.getWaitingCount()).toBe(1);
    await server.redis.flushall();
    worker();
    const passes = [await first];
    const gains = await gainsName();
    const left = () => lying(gains);
    // Passes 0 to 6, and the end.
    await until(left).toBe(8);
    await setTimeout(TIMES.delay);
    expect(await left()).toBe(8);
    for (let count = 7; ; count--) {
      const { value, done } = passes[passes.length - 1];
      value.onKept?.();
      if (done === true) break;
      await until(left).toBe(count);
      passes.push(await training.next());
    }
    await until(left).toBe(0);
    const { fingerprint } = await locally(asked);
    expect(passes.at(-1)?.value).toMatchObject({ fingerprint });

    const [small] = (await next.whole?.train([trial(3)])) ?? [];
    await setTimeout(TIMES.delay);
    expect(await left()).toBe(1);
    small.onKept?.();
    await until(left).toBe(0);
  },
);

there(
  "a worker that is asked to end hands its pass in, and another one goes on from there",
  async () => {
    const pool = await coordinator();
    const [reached, goOn] = [deferred(), deferred()];
    const one = worker({
      async each({ checkpoint }) {
        if (checkpoint.pass !== 3) return;
        reached.resolve(undefined);
        await goOn.promise;
      },
    });
    const asked = trial(8);
    const trained = trainOn(pool, asked, { ...keeping, everyPass: true });
    await reached.promise;
    const [job] = await trials.getActive();
    const stopped = one.stop();
    goOn.resolve(undefined);
    await stopped;
    expect(one.events.at(-1)?.kind).toBe("given back");
    const going = jobOf((await trials.getJob(job.id ?? ""))?.data);
    expect(going?.from).not.toBeNull();
    const other = worker();
    const { fingerprint, trajectory } = await trained;
    expect({ fingerprint, trajectory }).toEqual(await locally(asked));
    // The pass under way was handed in.
    expect(one.begun).toEqual([null]);
    expect(other.begun).toEqual([4]);
    expect(problems.filter((sentence) => !sentence.startsWith("no worker"))).toEqual([]);
  },
);

there("a worker hands back a trial with a field that it does not know, and trains on", async () => {
  const pool = await coordinator();
  const train = (one: Trial) => trainOn(pool, one, keeping);
  const strange = train(trial(8));
  strange.catch(() => undefined);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const [head, ...rest] = unpacked(job.data) ?? [];
  const text = new TextDecoder().decode(head);
  const other = text.replace('"learning_rate":', '"momentum2":0,"learning_rate":');
  expect(other).not.toBe(text);
  await job.updateData(packed(new TextEncoder().encode(other), ...rest));
  const { events } = worker();
  const reason = "a job says what this release of widthwise does not know";
  await until(() => events).toContainEqual({ kind: "refused", reason });
  await train(trial(9));
  expect(events.filter(({ kind }) => kind === "begun")).toHaveLength(1);
  expect(await trials.getJob(job.id ?? "")).toBeDefined();
});

there(
  "a trial that ends its workers is told by its name, alone or in a batch, once the others are trained",
  async () => {
    const pool = await coordinator();
    const { whole } = pool;
    if (whole === undefined) throw new Error("no small trials");
    const small = [trial(3), trial(6, 1), trial(4), trial(5)];
    const done: Trial[] = [];
    /** As a study asks for them: again and again what is left. */
    const batch = async () => {
      for (;;) {
        const left = small.filter((one) => !done.includes(one));
        for (const { at = 0, onKept } of await whole.train(left)) {
          done.push(left[at]);
          onKept?.();
        }
      }
    };
    const failed: unknown[] = [];
    const put = (error: unknown) => failed.push(error);
    // Whoever trains it beside them dies with it under way.
    const innocent = trainOn(pool, trial(96, 0, 300), keeping);
    const bad = [batch(), trainOn(pool, trial(6, 2), keeping)].map((one) => one.catch(put));
    const all = Promise.all([innocent, ...bad]).then(() => true);
    let deaths = 0;
    for (let isDone = false; !isDone;) {
      const env = { POISON: "6", MOST_DEATHS: "2" };
      const one = new Started(["worker", redis.address, "1"], { env });
      ends.push(() => one.end());
      isDone = await Promise.race([one.ended.then(() => false), all]);
      if (!isDone) deaths++;
    }
    expect(done).toEqual([small[0], small[2], small[3]]);
    expect((await innocent).trajectory).toHaveLength(301);
    expect(failed).toHaveLength(2);
    for (const error of failed)
      expect(String(error)).toMatch(/trial [0-9a-f]{12} \(hidden layers 6, .*ended its workers, 2/);
    expect(deaths).toBeGreaterThanOrEqual(4);
  },
);
