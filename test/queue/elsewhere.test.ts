// What a trial takes along to whoever goes on with it: where it was, the rules that it stops by, what it begins with.

import { expect } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import type { Trial } from "../../src/model/trial.ts";
import { trainOn } from "../../src/pool/pool.ts";
import { parametersDigest } from "../../src/records/given-parameters.ts";
import { RecordBuilder, type ResumePoint } from "../../src/records/record.ts";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { coordinator, DATA, ends, keeping, locally, server, there, trial, worker } from "./live.ts";

/** What is kept of a trial after a pass. */
async function upTo(asked: Trial, pass: number): Promise<ResumePoint> {
  const pool = await createNodePool({ dataset: DATA, workers: 1, sha256 });
  const turn = await pool.turn(asked);
  const built = new RecordBuilder({ key: turn.key, specification: asked.specification }, null);
  try {
    for await (const made of turn.train(null)) {
      built.add(made);
      if (made.checkpoint.pass < pass) continue;
      const { fingerprint } = made.row.evaluation;
      const record = built.end({ ending: { kind: "finished" }, fingerprint });
      return { record, checkpoint: made.checkpoint };
    }
    throw new Error("it has not so many passes");
  } finally {
    turn.end();
    await pool.close();
  }
}

/** Stops a worker after a pass. */
function stoppedAfter(pass: number) {
  const [reached, goOn] = [deferred(), deferred()];
  const one = worker({
    async each({ checkpoint }) {
      if (checkpoint.pass !== pass) return;
      reached.resolve(undefined);
      await goOn.promise;
    },
  });
  ends.push(() => {
    goOn.resolve(undefined);
    return goOn.promise;
  });
  return async () => {
    await reached.promise;
    const stopped = one.stop();
    goOn.resolve(undefined);
    await stopped;
  };
}

there("what the server has lost is offered again from what is kept by then", async () => {
  const asked = trial(8);
  let kept: ResumePoint | null = null;
  const pool = await coordinator({ kept: () => Promise.resolve(kept) });
  const trained = trainOn(pool, asked, {
    everyPass: true,
    async onPass({ checkpoint, onKept }) {
      kept = await upTo(asked, checkpoint.pass);
      onKept?.();
    },
  });
  await stoppedAfter(3)();
  await server.redis.flushall();
  const { begun } = worker();
  expect((await trained).fingerprint).toBe((await locally(asked)).fingerprint);
  expect(begun).toEqual([4]);
});

there(
  "rules to stop by count from where a trial interpolated, whoever trained it then",
  async () => {
    const asked = { ...trial(16, 0, 100), stop: { after_interpolation: 5 } };
    const expected = await locally(asked);
    const interpolated = expected.trajectory.findIndex(
      ({ train }) => train.correct === train.examples,
    );
    expect(expected.trajectory).toHaveLength(interpolated + 6);
    const pool = await coordinator();
    const trained = trainOn(pool, asked, { ...keeping, everyPass: true });
    await stoppedAfter(interpolated + 2)();
    worker();
    const { fingerprint, trajectory } = await trained;
    expect({ fingerprint, trajectory }).toEqual(expected);
    // And from what is kept.
    const from = await upTo(asked, interpolated + 2);
    const next = await trainOn(pool, asked, { ...keeping, from });
    expect(next.trajectory).toEqual(expected.trajectory);
  },
);

there("what a trial begins with comes along", async () => {
  const parameters = (await upTo(trial(8), 2)).checkpoint.parameters;
  const init = { parameters: parametersDigest(parameters, sha256) };
  const { specification, passes } = trial(8);
  const model = { hidden: specification.model.hidden, init };
  const asked: Trial = { passes, specification: { ...specification, model } };
  const given = new Map([[init.parameters, parameters]]);
  const pool = await coordinator({ given });
  worker();
  const { fingerprint } = await trainOn(pool, asked, keeping);
  const local = await createNodePool({ dataset: DATA, workers: 1, sha256, given });
  expect(fingerprint).toBe((await trainOn(local, asked)).fingerprint);
  await local.close();
});
