// Trials that are not evaluated after every pass, and trials that are stopped: whoever trains them, one at a time or whole,
// and whichever store keeps them, a shorter training is the beginning of a longer one, to the bit.

import { readFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stopOf } from "../src/base/run-all.ts";
import { sha256 } from "../src/base/sha256.node.ts";
import type { Dataset, LabelledExamples } from "../src/data/dataset.ts";
import { createLocalHost, privateMemory } from "../src/kernel/host.ts";
import type { EvaluationSchedule } from "../src/model/evaluation-schedule.ts";
import type { StopRules, Trial, TrialSpecification } from "../src/model/trial.ts";
import { ExampleCache } from "../src/pool/example-cache.ts";
import { localPool } from "../src/pool/local-pool.ts";
import { trainOn } from "../src/pool/pool.ts";
import { trainWhole } from "../src/pool/train-whole.ts";
import { NumpyRandomState } from "../src/random/numpy.ts";
import { trialKey } from "../src/records/fingerprint.ts";
import { MemoryStore } from "../src/records/memory-store.ts";
import { lastPass, type TrainedPass, type TrialRecord } from "../src/records/record.ts";
import { SqliteStore } from "../src/records/sqlite/sqlite-store.node.ts";
import type { RecordStore, StudyPlan } from "../src/records/store.ts";
import { inspect, lostTrials, verify, type Verdict } from "../src/study/checks/verify.ts";
import { trainOrReuse } from "../src/study/train-or-reuse.ts";

function examples(seed: number, count: number): LabelledExamples {
  const draws = new NumpyRandomState(seed);
  const labels = Uint8Array.from(draws.randints(3, count));
  const values = Uint8Array.from(draws.randints(100, count * 4));
  labels.forEach((label, example) => (values[4 * example + label] += 90));
  return { examples: count, size: 4, values, labels };
}

const dataset: Dataset = {
  ...{ name: "", classes: 3, digest: "ab".repeat(32) },
  ...{ train: examples(1, 30), test: examples(2, 20) },
};

const kernel = new WebAssembly.Module(
  readFileSync(new URL("../dist/kernel/private.wasm", import.meta.url)),
);
const host = createLocalHost({ module: kernel, wide: false }, privateMemory());
const context = {
  ...{ host, dataset, sha256, examples: new ExampleCache(dataset) },
  ...{ now: () => performance.now(), pause: () => Promise.resolve() },
};
const pool = localPool(context);

const EVERY: EvaluationSchedule = { every: 10 };

function specification(changes: Partial<TrialSpecification> = {}): TrialSpecification {
  return {
    numerics: 1,
    data: { dataset: dataset.digest, train_examples: 30 },
    model: { hidden: [6], init_std: 0.3 },
    training: { learning_rate: 0.02, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed: 1 },
    evaluate: EVERY,
    ...changes,
  };
}

const asking = (
  passes: number,
  stop?: StopRules,
  changes?: Partial<TrialSpecification>,
): Trial => ({
  ...{ specification: specification(changes), passes },
  ...(stop && { stop }),
});

const key = trialKey(specification(), sha256);
const passesOf = ({ trajectory }: TrialRecord) => trajectory.map(({ pass }) => pass);

/** All of a record but the time that it took. */
function bits(record: TrialRecord | null) {
  if (record === null) return null;
  const { trajectory, running_averages, ending, fingerprint } = record;
  return { trajectory, running_averages, ending, fingerprint };
}

const ROWS_OF_95 = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95];
const ROWS_OF_100 = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

test("scheduled passes and the last one are evaluated, with the numbers of a trial that is evaluated after each", async () => {
  const scheduled = await trainOn(pool, asking(95));
  const { evaluate: schedule, ...everyPass } = specification();
  expect(schedule).toEqual(EVERY);
  const whole = await trainOn(pool, { specification: everyPass, passes: 95 });
  expect(passesOf(scheduled)).toEqual(ROWS_OF_95);
  for (const { pass, train, test } of scheduled.trajectory)
    expect({ train, test }).toEqual({
      ...{ train: whole.trajectory[pass].train, test: whole.trajectory[pass].test },
    });
  expect(scheduled.running_averages).toEqual(whole.running_averages);
  expect(scheduled.key).not.toBe(whole.key);
});

test("the chain links scheduled passes alone, and a last pass off the schedule hangs off it", async () => {
  const made: TrainedPass[] = [];
  await trainOn(pool, asking(25), { onPass: (pass) => made.push(pass) });
  const digest = (...parts: (Uint8Array | string)[]) => {
    const hash = createHash("sha256");
    for (const part of parts)
      hash.update(typeof part === "string" ? Buffer.from(part, "hex") : part);
    return hash.digest("hex");
  };
  const weights = ({ checkpoint: { parameters } }: TrainedPass) =>
    parameters.weights.flatMap((matrix, layer) =>
      [matrix, parameters.biases[layer]].map((values) => new Uint8Array(values.buffer)),
    );
  const evaluation = ({ row: { evaluation } }: TrainedPass) => {
    const bytes = Buffer.alloc(28);
    bytes.writeUInt32LE(evaluation.pass, 0);
    bytes.writeDoubleLE(evaluation.train.objective, 4);
    bytes.writeDoubleLE(evaluation.test.objective, 12);
    bytes.writeUInt32LE(evaluation.train.correct, 20);
    bytes.writeUInt32LE(evaluation.test.correct, 24);
    return bytes;
  };
  const links = [digest(key, ...weights(made[0]))];
  for (const one of made.slice(1))
    links.push(digest(links.at(-1) ?? "", evaluation(one), ...weights(one)));
  expect(made.map(({ row }) => row.evaluation.fingerprint)).toEqual(links);
  const longer = await trainOn(pool, asking(30));
  expect(longer.trajectory.slice(0, 3).map(({ fingerprint }) => fingerprint)).toEqual(
    links.slice(0, 3),
  );
});

const folder = mkdtempSync(join(tmpdir(), "widthwise-evaluate-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let stores = 0;
const damages: string[] = [];

/** Which passes were trained and evaluated, or told to be gone on from. */
interface Had {
  readonly record: TrialRecord;
  readonly passes: readonly number[];
  readonly resumed: readonly number[];
}

async function train(store: RecordStore, trial: Trial): Promise<Had> {
  const passes: number[] = [];
  const resumed: number[] = [];
  const { record } = await trainOrReuse(trial, {
    ...{ store, pool, sha256, ...stopOf(new AbortController().signal) },
    onElsewhere: () => undefined,
    onResumed: ({ pass }) => resumed.push(pass),
    onPass: ({ evaluation: { pass } }) => passes.push(pass),
  });
  return { record, passes, resumed };
}

/** A trial of which nothing is kept. */
async function trainSmall(store: RecordStore, trial: Trial): Promise<TrialRecord> {
  const [trained] = await trainWhole([trial], context);
  const { specification } = trial;
  const [record] = await store.keepWhole([
    { ...trained, key: trialKey(specification, sha256), specification },
  ]);
  return record;
}

/** A study that asks for the trial with so many passes, so that its weights stay. */
function study(passes: number, stop?: StopRules): StudyPlan {
  const said = { name: `to ${passes}`, evaluate: EVERY, ...(stop && { stop }) };
  return {
    ...{ id: createHash("sha256").update(JSON.stringify(said)).digest("hex"), name: said.name },
    specification: JSON.stringify(said),
    dataset: { name: "", digest: dataset.digest, train_examples: 30 },
    trials: [
      {
        ...{ key, passes, role: "sweep", point: { values: { width: 6 }, seed: 1 } },
        ...(stop && { stop }),
      },
    ],
  };
}

async function verdicts(store: RecordStore): Promise<(Verdict | null)[]> {
  const facts = await store.trials();
  const found: (Verdict | null)[] = [];
  for (const one of facts) found.push(await inspect(one, { store, sha256 }));
  await verify(facts, { store, pool, sha256, onVerdict: (_, verdict) => found.push(verdict) });
  return found;
}
const WELL = [null, { kind: "matches" }];

describe.each<[string, () => RecordStore]>([
  ["in memory", () => new MemoryStore()],
  [
    "in a file",
    () =>
      new SqliteStore(join(folder, `${++stores}.db`), {
        sha256,
        trainer: { machine: "", versions: "" },
        onDamage: (message) => damages.push(message),
      }),
  ],
])("a store %s", (_, open) => {
  test.each([
    [
      "one at a time",
      async (store: RecordStore, trial: Trial) => (await train(store, trial)).record,
    ],
    ["whole", trainSmall],
  ])("95 passes, then 100, are 100 at once, trained %s", async (_, begin) => {
    const store = open();
    await store.plan(study(95));
    const shorter = await begin(store, asking(95));
    expect(bits(shorter)).toEqual(bits(await trainOn(pool, asking(95))));
    expect((await store.trials())[0]).toMatchObject({
      passes: 90,
      offSchedule: [95],
      weights: [90, 95],
    });
    expect(await store.studyTotals(study(95).id)).toMatchObject({ ended: 1, stopped: 0 });

    const longer = await train(store, asking(100));
    expect([longer.resumed, longer.passes]).toEqual([[90], [100]]);
    const atOnce = await begin(open(), asking(100));
    expect(passesOf(longer.record)).toEqual(ROWS_OF_100);
    expect(bits(longer.record)).toEqual(bits(atOnce));
    expect(bits(await store.get(key, 100))).toEqual(bits(atOnce));
    // The shorter study's rows are what they were, and its weights are there.
    expect(bits(await store.get(key, 95))).toEqual(bits(shorter));
    expect((await store.trials())[0]).toMatchObject({
      passes: 100,
      offSchedule: [95],
      weights: [95, 100],
    });
    expect(await verdicts(store)).toEqual(WELL);
    expect(damages).toEqual([]);
  });

  test("a pass off the schedule that a longer record lacks is trained again from the last scheduled checkpoint kept", async () => {
    const store = open();
    await store.plan(study(50));
    await train(store, asking(50));
    await train(store, asking(100));
    expect(await store.get(key, 95)).toBeNull();
    const again = await train(store, asking(95));
    expect([again.resumed, again.passes]).toEqual([[50], [60, 70, 80, 90, 95]]);
    expect(bits(again.record)).toEqual(bits(await trainOn(pool, asking(95))));
    // A search's, before the first checkpoint: from the start.
    const first = await train(store, asking(1));
    expect([first.resumed, first.passes]).toEqual([[], [0, 1]]);
    expect(passesOf(first.record)).toEqual([0, 1]);
    expect(bits(first.record)).toEqual(bits(await trainOn(pool, asking(1))));
    // Nothing of what was kept has changed.
    expect(bits(await store.get(key, 100))).toEqual(bits(await trainOn(pool, asking(100))));
    expect((await store.trials())[0]).toMatchObject({ passes: 100, offSchedule: [1, 95] });
    expect((await train(store, asking(95))).passes).toEqual([]);
    expect(await verdicts(store)).toEqual(WELL);
  });

  test("nothing goes on from a pass off the schedule", async () => {
    const store = open();
    await store.plan(study(50));
    await store.plan(study(95));
    await train(store, asking(50));
    await train(store, asking(95));
    await train(store, asking(100));
    const other = await train(store, asking(97));
    expect([other.resumed, other.passes]).toEqual([[50], [60, 70, 80, 90, 97]]);
    expect(bits(other.record)).toEqual(bits(await trainOn(pool, asking(97))));
  });

  test.each<[string, Partial<TrialSpecification["training"]>]>([
    ["momentum", { optimizer: { kind: "sgd", momentum: 0.9 } }],
    ["Adam", { batch: 10, optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } }],
  ])("the state of %s goes along", async (_, changes) => {
    const training = { learning_rate: 0.01, regularization: 0, ...changes };
    const store = open();
    await train(store, asking(25, undefined, { training }));
    const { record, resumed } = await train(store, asking(40, undefined, { training }));
    expect(resumed).toEqual([20]);
    expect(bits(record)).toEqual(bits(await trainOn(pool, asking(40, undefined, { training }))));
    expect(await verdicts(store)).toEqual(WELL);
  });

  test("other schedules are other trials, and powers of ten are kept alike", async () => {
    const store = open();
    const log = { evaluate: { log: 3 } };
    const { record } = await train(store, asking(40, undefined, log));
    expect(passesOf(record)).toEqual([0, 1, 2, 5, 10, 22, 40]);
    const whole = await trainSmall(open(), asking(47, undefined, log));
    expect(bits((await train(store, asking(47, undefined, log))).record)).toEqual(bits(whole));
    expect(await store.trials([key])).toEqual([]);
  });

  test("a divergence between scheduled passes follows the last of them", async () => {
    const store = open();
    const wild = { training: { learning_rate: 1, regularization: 2.12 } };
    const { record } = await train(store, asking(95, undefined, wild));
    expect(record.ending.kind).toBe("diverged");
    const { ending } = record;
    const pass = ending.kind === "diverged" ? ending.pass : 0;
    expect(pass % 10).not.toBe(0);
    expect(lastPass(record)).toBe(10 * Math.floor(pass / 10));
    expect(bits(await trainSmall(open(), asking(95, undefined, wild)))).toEqual(bits(record));
    // A pass before it that has no row is trained again, and the divergence stays.
    {
      const before = (await train(store, asking(pass - 1, undefined, wild))).record;
      expect([before.ending.kind, lastPass(before)]).toEqual(["finished", pass - 1]);
    }
    expect(bits(await store.get(record.key, 95))).toEqual(bits(record));
    expect(await verdicts(store)).toEqual(WELL);
  });

  test.each([
    [
      "one at a time",
      async (store: RecordStore, trial: Trial) => (await train(store, trial)).record,
    ],
    ["whole", trainSmall],
  ])("rules stop at the first scheduled pass that satisfies them, trained %s", async (_, begin) => {
    const { trajectory } = await trainOn(pool, asking(200));
    const interpolating = trajectory.find(({ train }) => train.correct === 30)?.pass ?? NaN;
    expect(interpolating).toBeGreaterThan(0);
    expect(interpolating).toBeLessThan(150);
    const loss = trajectory[4].train.objective;
    const stops: [StopRules, number][] = [
      [{ after_interpolation: 0 }, interpolating],
      [{ after_interpolation: 11 }, interpolating + 20],
      [{ after_interpolation: 20 }, interpolating + 20],
      // The loss falls; at the bound itself it is not below.
      [{ train_loss_below: loss }, 50],
      [{ train_loss_below: loss + 1e-9 }, 40],
      [{ train_loss_below: loss, after_interpolation: 150 }, 50],
      [{ train_loss_below: 1e-9, after_interpolation: 0 }, interpolating],
      [{ train_loss_below: 99 }, 0],
    ];
    for (const [stop, pass] of stops) {
      const store = open();
      await store.plan(study(200, stop));
      const record = await begin(store, asking(200, stop));
      expect([stop, lastPass(record), record.ending.kind]).toEqual([stop, pass, "finished"]);
      expect(bits(record)).toEqual(bits(await trainOn(pool, asking(pass))));
      expect(bits(await store.get(key, 200, stop))).toEqual(bits(record));
      expect(await store.get(key, 200)).toBeNull();
      expect(await store.studyTotals(study(200, stop).id)).toMatchObject({ ended: 1, stopped: 1 });
      await store.finish(study(200, stop).id, "00".repeat(32));
      const kept = await store.study(study(200, stop).id);
      expect(kept && (await lostTrials(kept, store))).toEqual([]);
    }
  });

  test("a longer record is cut where rules stop it, and a shorter one goes on; no rule counts a last pass off the schedule", async () => {
    const whole = await trainOn(pool, asking(100));
    const loss = whole.trajectory[4].train.objective + 1e-9;
    const stop = { train_loss_below: loss };
    const longer = open();
    await train(longer, asking(100));
    const cut = await train(longer, asking(100, stop));
    expect([cut.passes, lastPass(cut.record)]).toEqual([[], 40]);
    expect(cut.record.fingerprint).toBe(whole.trajectory[4].fingerprint);

    // Where fewer passes are asked for, these end it.
    expect(bits(await longer.get(key, 30, stop))).toEqual(bits(await longer.get(key, 30)));

    const shorter = open();
    await train(shorter, asking(100, stop));
    const on = await train(shorter, asking(100));
    expect([on.resumed, on.passes]).toEqual([[40], [50, 60, 70, 80, 90, 100]]);
    expect(bits(on.record)).toEqual(bits(whole));
    expect(bits(await shorter.get(key, 100, stop))).toEqual(bits(cut.record));
    expect(await verdicts(shorter)).toEqual(WELL);

    // Pass 39 is below the bound, but only scheduled passes count, and 40 is beyond what is asked for.
    const last = await train(open(), asking(39, { train_loss_below: loss + 0.01 }));
    expect(passesOf(last.record)).toEqual([0, 10, 20, 30, 39]);
    expect(last.record.trajectory[4].train.objective).toBeLessThan(loss + 0.01);
    expect(last.record.trajectory[3].train.objective).toBeGreaterThan(loss + 0.01);
    // A rule that is satisfied in the last pass has not ended anything early.
    expect(lastPass((await train(open(), asking(40, stop))).record)).toBe(40);
  });

  test("training goes on under a rule that looks back at what is kept", async () => {
    const whole = await trainOn(pool, asking(200));
    const interpolating = whole.trajectory.find(({ train }) => train.correct === 30)?.pass ?? NaN;
    const store = open();
    await train(store, asking(interpolating + 10));
    const { record, ...had } = await train(store, asking(200, { after_interpolation: 20 }));
    expect(had).toEqual({ resumed: [interpolating + 10], passes: [interpolating + 20] });
    expect(lastPass(record)).toBe(interpolating + 20);
  });
});
