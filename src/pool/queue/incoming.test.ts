// What comes in of a trial twice, out of order, with gaps, or with another bit.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../dist/base/sha256.node.js";
import { createNodePool, type NodePool } from "../../../dist/pool/node/node-pool.js";
import { CONTRACT_DATASET, CONTRACT_TRIALS } from "../../../test/support/pool-contract.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { packRows } from "../../records/packed-rows.ts";
import type { ResumePoint, TrainedPass, TrialEnd } from "../../records/record.ts";
import { Early, type OpenJob } from "./coordinator.node.ts";
import { incomingTrial } from "./incoming-trial.node.ts";
import { Incoming, type Kept, type Taken } from "./incoming.node.ts";
import {
  gainOf,
  jobOf,
  jobPayload,
  refusalPayload,
  stretchOf,
  stretchPayload,
  wholeOf,
  wholePayload,
  type Stretch,
} from "./messages.node.ts";
import { packed, unpacked } from "./payload.node.ts";

const WORKER = { name: "one", machine: "this", versions: "1" };

interface Made {
  readonly trial: Trial;
  readonly key: string;
  readonly passes: readonly TrainedPass[];
  readonly end: TrialEnd;
}

let pool: NodePool;
const made: Made[] = [];
beforeAll(async () => {
  pool = await createNodePool({ dataset: CONTRACT_DATASET, workers: 1, sha256 });
  // Without momentum, with Adam, and one that diverges; and one whose last pass is off the schedule.
  const asked = [0, 4, 5].map((at) => CONTRACT_TRIALS[at]);
  for (const trial of [...asked, scheduled(6)]) made.push(await trained(trial));
});
afterAll(() => pool.close());

/** Evaluated after each fourth pass. */
function scheduled(passes: number): Trial {
  return { specification: { ...CONTRACT_TRIALS[0].specification, evaluate: { every: 4 } }, passes };
}

async function trained(trial: Trial): Promise<Made> {
  const turn = await pool.turn(trial);
  const training = turn.train(null);
  const passes: TrainedPass[] = [];
  for (;;) {
    const { done, value } = await training.next();
    if (done === true) {
      turn.end();
      return { trial, key: turn.key, passes, end: value };
    }
    const { pass, parameters, state, order, average } = value.checkpoint;
    passes.push({ ...value, checkpoint: { pass, parameters, state, order, average } });
  }
}

/** Passes `from` to `to`, as they come through the queue. */
function stretch(one: Made, from: number, to: number): Stretch {
  const { specification } = one.trial;
  const found = stretchOf(gain(one, from, to).stretch, {
    specification,
    dataset: CONTRACT_DATASET,
  });
  if (found === null) throw new Error("none of the trial");
  return found;
}

function gain({ key, passes, end }: Made, from: number, to: number) {
  const told = passes.slice(from, to);
  const isEnd = to >= passes.length;
  const payload = stretchPayload({ job: "j", worker: WORKER }, key, {
    after: from === 0 ? -1 : passes[from - 1].row.evaluation.pass,
    rows: told.map(({ row }) => row),
    checkpoint: told.at(-1)?.checkpoint ?? null,
    ...{ since: 0, seconds: 1 },
    end: isEnd ? { ending: end.ending, fingerprint: end.fingerprint } : null,
  });
  const found = gainOf(JSON.parse(JSON.stringify(payload)));
  if (found?.kind !== "stretch") throw new Error("no stretch");
  return found;
}

/** An end that takes what it is given, and keeps that. */
function receiver(one: Made) {
  const kept: TrainedPass["row"][] = [];
  const known: Kept = () =>
    Promise.resolve({
      trajectory: kept.map(({ evaluation }) => evaluation),
      ending: { kind: "finished" },
      fingerprint: "",
    });
  const incoming = new Incoming(one.trial, one.key, null, known, sha256);
  return {
    kept,
    take: async (told: Stretch, worker = WORKER): Promise<Taken> => {
      const taken = await incoming.take(told, worker);
      if (taken.kind === "new" && taken.pass !== null)
        kept.push(...(taken.pass.earlier ?? []), taken.pass.row);
      return taken;
    },
  };
}

test("stretches are taken once and in order, whatever order and number they come in", async () => {
  for (const one of made) {
    const { take, kept } = receiver(one);
    const whole = one.passes.length;
    // The row off the schedule comes by itself, as workers hand it in.
    const last = whole > 3 ? 3 : 1;
    const cuts = whole === 3 ? [0, 2, 3] : whole > 3 ? [0, 1, last, whole] : [0, whole];
    const parts = cuts.slice(1).map((to, at) => stretch(one, cuts[at], to));
    if (parts.length > 1) expect((await take(parts[1])).kind).toBe("early");
    const [first, ...more] = parts;
    const taken = [await take(first)];
    if (more.length > 0) {
      expect((await take(first)).kind).toBe("known");
      for (const part of more) taken.push(await take(part));
    }
    expect(taken.map(({ kind }) => kind)).toEqual(parts.map(() => "new"));
    expect(kept).toEqual(one.passes.map(({ row }) => row));
    const end = taken.at(-1);
    expect(end).toMatchObject({
      end: { ending: one.end.ending, fingerprint: one.end.fingerprint },
    });
    const pass = end?.kind === "new" ? end.pass : null;
    expect(pass?.checkpoint).toEqual(pass === null ? undefined : one.passes.at(-1)?.checkpoint);
  }
});

test("a stretch of which a part is known goes on with the rest", async () => {
  const [one] = made;
  const { take, kept } = receiver(one);
  await take(stretch(one, 0, 3));
  expect(await take(stretch(one, 1, 5))).toMatchObject({
    kind: "new",
    pass: { earlier: { length: 1 } },
  });
  expect(kept).toEqual(one.passes.slice(0, 5).map(({ row }) => row));
});

test("a row off the schedule is no link of the chain: a longer training goes on from the one before", async () => {
  const longer = await trained(scheduled(8));
  const { take, kept } = receiver(longer);
  await take(stretch(longer, 0, 2));
  expect((await take({ ...stretch(made[3], 2, 3), end: null })).kind).toBe("new");
  expect((await take(stretch(longer, 2, 3))).kind).toBe("new");
  expect(kept.map(({ evaluation }) => evaluation.pass)).toEqual([0, 4, 6, 8]);
});

test("sittings follow each other, with their seconds", async () => {
  const [one] = made;
  const { take } = receiver(one);
  await take({ ...stretch(one, 0, 3), seconds: 8 });
  // Another worker had begun after pass 1, and takes 2 seconds for each pass.
  const other = { ...WORKER, name: "two", machine: "that" };
  const taken = await take({ ...stretch(one, 2, 5), since: 1, seconds: 6 }, other);
  const sitting = { since: 2, machine: "that", versions: "1" };
  expect(taken).toMatchObject({ pass: { sitting, seconds: 4 } });
  const after = await take({ ...stretch(one, 5, 6), since: 1, seconds: 8 }, other);
  expect(after).toMatchObject({ pass: { sitting, seconds: 6 } });
});

test("another bit in a row that is known is told with its pass, and nothing of it is taken", async () => {
  const [one] = made;
  const { take, kept } = receiver(one);
  await take(stretch(one, 0, 4));
  const passes = one.passes.map((pass, at) => (at === 3 ? withOtherBit(pass) : pass));
  expect(await take(stretch({ ...one, passes }, 2, 5))).toEqual({ kind: "differs", pass: 3 });
  expect(kept).toHaveLength(4);
});

test("what comes twice at once is compared when the first is kept", async () => {
  const [one] = made;
  const [whole, kept, differences] = [one.passes.length, [] as TrainedPass[], [] as number[]];
  const jobs: Omit<OpenJob, "name">[] = [];
  const unexpected = () => expect.unreachable();
  const training = incomingTrial(
    { trial: one.trial, key: one.key, from: null },
    {},
    {
      ...{ dataset: CONTRACT_DATASET, sha256, tell: unexpected },
      kept: () =>
        Promise.resolve({
          record: { trajectory: kept.map(({ row }) => row.evaluation) },
        } as unknown as ResumePoint),
      open(_trial, _key, opened) {
        jobs.push(opened);
        return { offer: () => Promise.resolve(), end: () => undefined };
      },
      payloadOf: unexpected,
      onDifferent: ({ pass }) => differences.push(pass),
    },
  );
  const begun = training.next();
  const other = { ...one, passes: one.passes.map(withOtherBit) };
  const taken = [one, other].map((from) => jobs[0].take(gain(from, 0, 1), null));
  const { value, done } = await begun;
  if (done === true) throw new Error("it goes on");
  kept.push(value);
  value.onKept?.();
  await Promise.all(taken);
  expect(differences).toEqual([0]);
  // Of the end, by who compares what comes late.
  const [first, second] = [one, other].map((from) => jobs[0].take(gain(from, 1, whole), null));
  await training.next();
  const end = await training.next();
  if (end.done === true) end.value.onKept?.();
  await first;
  await expect(second).rejects.toThrow(Early);
});

function withOtherBit(pass: TrainedPass): TrainedPass {
  const { row } = pass;
  const fingerprint = flipped(row.evaluation.fingerprint);
  return { ...pass, row: { ...row, evaluation: { ...row.evaluation, fingerprint } } };
}

const flipped = (digits: string) => (digits.startsWith("0") ? "1" : "0") + digits.slice(1);

test("weights, scores and ends that are not those of the fingerprints are not taken", async () => {
  const [one, , diverging] = made;
  const told = stretch(one, 0, 3);
  const { row, checkpoint } = one.passes[2];
  const weights = checkpoint.parameters.weights.map((matrix) => matrix.slice());
  new Uint32Array(weights[0].buffer)[0] ^= 1;
  const unsound: [Made, Stretch][] = [
    [
      one,
      { ...told, checkpoint: { ...checkpoint, parameters: { ...checkpoint.parameters, weights } } },
    ],
    [one, { ...told, checkpoint: null }],
    [
      one,
      {
        ...told,
        rows: [
          ...told.rows.slice(0, 2),
          {
            ...row,
            evaluation: { ...row.evaluation, train: { ...row.evaluation.train, correct: 0 } },
          },
        ],
      },
    ],
    // More passes than are asked for, an end before its passes, and a divergence that was none.
    [{ ...one, trial: { ...one.trial, passes: 1 } }, told],
    [
      one,
      { ...told, end: { ending: { kind: "finished" }, fingerprint: row.evaluation.fingerprint } },
    ],
    [
      diverging,
      {
        ...stretch(diverging, 0, diverging.passes.length),
        end: {
          ending: { kind: "diverged", pass: 1, step: 99 },
          fingerprint: diverging.end.fingerprint,
        },
      },
    ],
  ];
  for (const [of, bad] of unsound) {
    const { take, kept } = receiver(of);
    expect((await take(bad)).kind).toBe("unsound");
    expect(kept).toEqual([]);
  }
});

test("what is not whole, of another version or of another network is no message", () => {
  const [{ trial, key, passes }] = made;
  const payload = stretchPayload({ job: "j", worker: WORKER }, key, {
    after: -1,
    rows: [passes[0].row],
    checkpoint: passes[0].checkpoint,
    ...{ since: 0, seconds: 0, end: null },
  });
  expect(gainOf(payload)).not.toBeNull();
  const other = payload.bytes[80] === "A" ? "B" : "A";
  const changed = payload.bytes.slice(0, 80) + other + payload.bytes.slice(81);
  const bad = [
    { ...payload, bytes: changed },
    { ...payload, bytes: payload.bytes.slice(0, -8) },
    { ...payload, version: 2 },
    { ...payload, seal: flipped(payload.seal) },
    { ...payload, bytes: 7 },
    null,
    "payload",
    {},
  ];
  for (const one of bad) expect(gainOf(one)).toBeNull();
  const gain = gainOf(payload);
  if (gain?.kind !== "stretch") throw new Error("no stretch");
  const { specification } = trial;
  const wider = { ...specification, model: { ...specification.model, hidden: [9] } };
  expect(stretchOf(gain.stretch, { specification: wider, dataset: CONTRACT_DATASET })).toBeNull();
  const dataset = { ...CONTRACT_DATASET, test: { examples: 0 } };
  expect(stretchOf(gain.stretch, { specification, dataset })).toBeNull();
  // More is right than there are examples.
  const few = { ...specification, data: { ...specification.data, train_examples: 1 } };
  expect(stretchOf(gain.stretch, { specification: few, dataset: CONTRACT_DATASET })).toBeNull();
  // Of which nothing is made.
  const huge = { length: 3e8 } as Uint8Array;
  expect(() => packed(huge)).toThrow("a trial's state of 300 MB does not fit through the queue");
  expect(unpacked(packed(new Uint8Array([1]), new Uint8Array()))).toEqual([
    new Uint8Array([1]),
    new Uint8Array(),
  ]);
});

test("a job comes out as it went in, and one with a field that is not known not at all", () => {
  const [{ trial }] = made;
  const job = {
    ...{ coordinator: "c", dataset: CONTRACT_DATASET.digest, source: { name: "mnist-1d" } },
    ...{ given: [new Uint8Array([1, 2])], trials: [trial], isWhole: false, everyPass: false },
    from: { fingerprint: "ab".repeat(32), interpolated: 3, checkpoint: new Uint8Array([5]) },
  };
  expect(jobOf(jobPayload(job))).toEqual(job);
  expect(jobOf(jobPayload({ ...job, from: null }))).toEqual({ ...job, from: null });
  const training = { ...trial.specification.training, momentum: 0.9 };
  const more = { ...trial, specification: { ...trial.specification, training } };
  expect(jobOf(jobPayload({ ...job, trials: [more] }))).toBeNull();
  expect(jobOf(jobPayload({ ...job, more: 1 } as typeof job))).toBeNull();
  expect(jobOf(jobPayload({ ...job, dataset: "cd".repeat(32) }))).toBeNull();
  const several = { ...job, trials: [trial, trial], from: null };
  expect(jobOf(jobPayload({ ...several, isWhole: true }))?.trials).toHaveLength(2);
  expect(jobOf(jobPayload(several))).toBeNull();
});

test("a small trial comes whole, or not at all", () => {
  for (const { trial, key, passes, end } of made) {
    const isOff = trial.specification.evaluate !== undefined;
    const scheduled = isOff ? passes.slice(0, -1) : passes;
    const rows = scheduled.map(({ row }) => row);
    const last = scheduled[scheduled.length - 1];
    const { train, test: tested } = last.row.evaluation;
    const off = passes[passes.length - 1];
    const whole = {
      ...{ key, seconds: 1, checkpoint: last.checkpoint, ending: end.ending },
      fingerprint:
        end.ending.kind === "diverged" ? end.fingerprint : last.row.evaluation.fingerprint,
      rows: packRows(rows),
      examples: { train: train.examples, test: tested.examples },
      ...(isOff && { last: { row: off.row, checkpoint: off.checkpoint } }),
    };
    const told = (one: typeof whole) => {
      const gain = gainOf(wholePayload({ job: "j", worker: WORKER }, [one]));
      if (gain?.kind !== "whole") throw new Error("none");
      const { specification } = trial;
      return wholeOf(gain.trained[0], { specification, dataset: CONTRACT_DATASET }, sha256);
    };
    expect({ key, ...told(whole)?.whole }).toEqual(whole);
    expect(told({ ...whole, fingerprint: flipped(whole.fingerprint) })).toBeNull();
    expect(told({ ...whole, rows: whole.rows.slice(8) })).toBeNull();
    expect(told({ ...whole, key: flipped(trialKey(trial.specification, sha256)) })).toBeNull();
  }
});

test("what a worker says of itself and of a refusal is one line that can be printed", () => {
  const worker = { ...WORKER, name: "one\u001b[2J\nother" };
  expect(gainOf(refusalPayload({ job: "j", worker }, "it has\u202e not"))).toEqual({
    ...{ kind: "refused", job: "j", worker: { ...WORKER, name: "one [2J other" } },
    reason: "it has  not",
  });
});
