// The contract of every store.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  evaluation,
  update,
  wholeTrial,
  keyOf,
  parametersOf,
  plan,
  recordOf,
  specification,
} from "../../test/support/updates.ts";
import { hex } from "../base/sha256.ts";
import { sha256 } from "../base/sha256.node.ts";
import { trialKey } from "./fingerprint.ts";
import { MemoryStore } from "./memory-store.ts";
import { WidthwiseError } from "../base/errors.ts";
import { fileFailure } from "./sqlite/failures.ts";
import { SqliteStore } from "./sqlite/sqlite-store.node.ts";
import type { RecordStore } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-store-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let stores = 0;

/** A store in a file, which is opened anew after every step: what it gives has been on the disk. */
function reopening(): RecordStore {
  const path = join(folder, `${++stores}.db`);
  const open = () =>
    new SqliteStore(path, {
      sha256,
      trainer: { machine: "a machine", versions: "some versions" },
      onDamage: (message) => {
        throw new Error(message);
      },
    });
  return new Proxy({} as RecordStore, {
    get:
      (_, name: keyof RecordStore) =>
      async (...args: never[]): Promise<unknown> => {
        const store = open();
        try {
          return await (store[name] as (...args: never[]) => Promise<unknown>)(...args);
        } finally {
          if (name !== "close") await store.close();
        }
      },
  });
}

const key = keyOf();

describe.each([
  ["in memory", () => new MemoryStore()],
  ["in a file", reopening],
])("a store %s", (_, open) => {
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

  test("keeps the weights of the newest pass, and of those that a study asks for", async () => {
    const store = open();
    await store.plan(plan(2));
    await store.commit(update(0, 2));
    await store.commit(update(3, 4));
    await store.commit(update(5, 6));
    expect((await store.trials([key]))[0]?.weights).toEqual([2, 6]);
    expect(await store.parameters(key, 2)).toEqual(parametersOf(2));
    expect(await store.parameters(key, 4)).toBeNull();
  });

  test("keeps the weights of a network without biases", async () => {
    const store = open();
    const biases = [new Float32Array(0), new Float32Array(0)];
    const parameters = { ...parametersOf(2), biases };
    const made = update(0, 2);
    await store.commit({ ...made, checkpoint: { ...made.checkpoint, parameters } });
    expect(await store.parameters(key, 2)).toEqual(parameters);
  });

  test.each([
    ["momentum", 1, true],
    ["Adam", 2, true],
    ["Adam without biases", 2, false],
  ])("keeps the optimizer's state: %s", async (_, states, hasBiases) => {
    const store = open();
    const of = (pass: number) =>
      hasBiases
        ? parametersOf(pass)
        : { ...parametersOf(pass), biases: [new Float32Array(0), new Float32Array(0)] };
    const at = (pass: number) => ({
      ...update(0, pass).checkpoint,
      parameters: of(pass),
      state: Array.from({ length: states }, (_, place) => of(10 * pass + place)),
    });
    await store.plan(plan(2));
    await store.commit({ ...update(0, 2), checkpoint: at(2) });
    await store.commit({ ...update(3, 4), checkpoint: at(4) });
    expect((await store.resume(key))?.checkpoint).toEqual(at(4));
    expect(await store.checkpoint(key, 2)).toEqual(at(2));
    expect(await store.parameters(key, 2)).toEqual(of(2));
    await store.addCheckpoint(key, at(3));
    expect(await store.checkpoint(key, 3)).toEqual(at(3));
    expect(await store.checkpoint(key, 1)).toBeNull();
    await store.keepWhole([{ ...wholeTrial(4), checkpoint: at(4) }]);
    expect((await store.resume(key))?.checkpoint).toEqual(at(4));
    const full = (await store.studyTotals(plan(2).id)).bytes;
    await store.keepWhole([{ ...wholeTrial(4), checkpoint: { ...at(4), state: [] } }]);
    // As float32, beside each weight.
    const values = hasBiases ? 14 : 10;
    expect(full - (await store.studyTotals(plan(2).id)).bytes).toBeGreaterThanOrEqual(
      4 * values * states,
    );
  });

  test("adds the checkpoint of a pass that it keeps, and of no other", async () => {
    const store = open();
    await store.plan(plan(2));
    await store.commit(update(0, 4));
    await store.addCheckpoint(key, update(0, 2).checkpoint);
    await store.commit(update(5, 5));
    expect((await store.trials([key]))[0]?.weights).toEqual([2, 5]);
    expect(await store.parameters(key, 2)).toEqual(parametersOf(2));
    expect(await store.gaps()).toEqual([]);
    const { checkpoint } = update(0, 6);
    await expect(store.addCheckpoint(key, checkpoint)).rejects.toThrow(/has no pass 6 to keep/);
    await expect(store.addCheckpoint(keyOf(9), checkpoint)).rejects.toThrow(WidthwiseError);
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

  test("keeps studies: their plan as it grows, their answer, whence it comes", async () => {
    const store = open();
    const first = plan(5, [1]);
    await store.plan(first);
    await store.plan(plan(6));
    await store.finish(first.id, "f1".repeat(32));
    await store.describe(first.id, '{"command":"?"}');
    const grown = { ...first, trials: plan(5, [1, 2]).trials };
    await store.plan(grown);
    const kept = await store.study(first.id);
    expect(kept).toMatchObject({
      ...grown,
      size: 2,
      fingerprint: "f1".repeat(32),
      provenance: '{"command":"?"}',
    });
    // Another run of it begins to plan.
    await store.plan(first);
    expect((await store.study(first.id))?.trials).toEqual(grown.trials);
    expect(kept?.finished).toMatch(/^\d{4}-.*Z$/);
    expect(await store.study("00".repeat(32))).toBeNull();
    const all = await store.studies();
    expect(all.map(({ id, size, fingerprint }) => [id, size, fingerprint])).toEqual([
      [first.id, 2, "f1".repeat(32)],
      [plan(6).id, 1, null],
    ]);
  });

  test("keeps a plan piece by piece; a piece that differs is the last one, and none follows what is not kept", async () => {
    const store = open();
    const whole = plan(5, [1, 2, 3, 4]);
    const piece = (from: number, to: number, of = whole) =>
      store.plan({ ...of, trials: of.trials.slice(from, to) }, from);
    const seeds = async () =>
      (await store.study(whole.id))?.trials.map(({ point }) => point.seed) ?? null;
    await piece(0, 1);
    await store.finish(whole.id, "f1".repeat(32));
    await store.plan(plan(6));
    await piece(1, 3);
    expect(await store.study(whole.id)).toMatchObject({
      ...{ size: 3, fingerprint: "f1".repeat(32), trials: whole.trials.slice(0, 3) },
    });
    await piece(3, 4);
    expect(await seeds()).toEqual([1, 2, 3, 4]);
    // Another run of it: what it comes to stays, and it is the one planned last.
    await piece(0, 2);
    await piece(2, 3);
    expect(await seeds()).toEqual([1, 2, 3, 4]);
    expect((await store.studies()).map(({ id }) => id)).toEqual([whole.id, plan(6).id]);
    expect(await store.studyTotals(whole.id)).toMatchObject({ size: 4, ended: 0 });
    const other = { ...plan(5, [1, 2, 9, 4, 5]), id: whole.id };
    await piece(2, 3, other);
    expect(await seeds()).toEqual([1, 2, 9]);
    await expect(piece(4, 5, other)).rejects.toThrow(
      `study ${whole.name}: it was taken out of the store while it ran; run it again, which trains what is not kept`,
    );
    await piece(3, 5, other);
    expect(await seeds()).toEqual([1, 2, 9, 4, 5]);
    await store.removeStudy(whole.id);
    await expect(piece(3, 5, other)).rejects.toThrow(WidthwiseError);
    expect(await seeds()).toBeNull();
    expect(await store.gaps()).toEqual([]);
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

  test("finds trials by the beginning of their keys, and who asks for them", async () => {
    const store = open();
    for (const seed of [3, 4]) await store.commit(update(0, 2, { seed }));
    expect(await store.keys("")).toEqual([keyOf(3), keyOf(4)].sort());
    expect(await store.keys(keyOf(4).slice(0, 9))).toEqual([keyOf(4)]);
    expect(await store.keys(keyOf(5))).toEqual([]);
    const studies = [plan(2, [4]), plan(1, [3, 4])];
    for (const study of studies) await store.plan(study);
    const studiesUsing = await store.studiesUsing(keyOf(4));
    expect(
      studiesUsing.map(({ study, trial }) => [study.id, trial.passes, trial.point.seed]),
    ).toEqual([
      [studies[1].id, 1, 4],
      [studies[0].id, 2, 4],
    ]);
    expect(await store.studiesUsing(keyOf(9))).toEqual([]);
  });

  test("counts what a study has of its trials, and what nobody asks for", async () => {
    const store = open();
    const study = plan(4, [3, 4, 5, 6]);
    await store.plan(study);
    await store.commit(update(0, 6, { seed: 3 }));
    await store.commit(update(0, 2, { seed: 4 }));
    await store.commit(update(0, 1, { seed: 5, ending: { kind: "diverged", pass: 2, step: 9 } }));
    await store.commit(update(0, 1, { seed: 8 }));
    const { ended, diverged, bytes } = await store.studyTotals(study.id);
    expect([ended, diverged]).toEqual([2, 1]);
    expect(bytes).toBeGreaterThanOrEqual(3 * 56);
    const totals = await store.totals();
    expect([totals.trials, totals.unasked]).toEqual([4, 1]);
    expect(totals.bytes).toBeGreaterThanOrEqual(bytes / 2);
    expect(await store.studyTotals("00".repeat(32))).toMatchObject({ size: 0, ended: 0, bytes: 0 });
  });

  test.each<[string, number, number | null, [ended: number, diverged: number]]>([
    ["fewer passes", 3, null, [0, 0]],
    ["as many passes", 4, null, [1, 0]],
    ["a divergence before", 1, 2, [1, 1]],
    ["a divergence in the last pass", 3, 4, [1, 1]],
    ["a divergence after", 4, 5, [1, 0]],
    ["a divergence after, not trained as far", 3, 5, [0, 0]],
  ])("of a trial with %s, counts what the study asks for", async (_, passes, pass, counts) => {
    const store = open();
    const asked = plan(4);
    const searched = {
      ...plan(4, [3, 9]),
      trials: asked.trials.map((trial) => ({ ...trial, role: "search" as const })),
    };
    for (const study of [asked, searched]) await store.plan(study);
    const ending = pass === null ? undefined : ({ kind: "diverged", pass, step: 9 } as const);
    await store.commit(update(0, passes, ending && { ending }));
    const { ended, diverged } = await store.studyTotals(asked.id);
    expect([ended, diverged]).toEqual(counts);
    expect((await store.studyTotals(searched.id)).diverged).toBe(0);
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

test.each(["SQLITE_CORRUPT_VTAB", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_CONSTRAINT_PRIMARYKEY"])(
  "a failure with %s is told as damage, in one printable line",
  (code) => {
    const met = Object.assign(new Error('unrecognized token: "\u0007\n\u202e"'), { code });
    const told = fileFailure("a.db", met);
    expect(told).toBeInstanceOf(WidthwiseError);
    expect((told as Error).message).toBe(
      'store a.db: the file is damaged (unrecognized token: " "); move it away to begin a new one, or put a copy in its place',
    );
  },
);
