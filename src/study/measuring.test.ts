// What a study has measured is what measurements say of its trials' weights, however the trials came to be kept.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { study as made } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { createLocalHost, privateMemory } from "../kernel/host.ts";
import { MeasuredNetwork } from "../measurements/network.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../measurements/table.ts";
import { functionsOf } from "../model/parts.ts";
import { shapeOf } from "../model/trial.ts";
import { ExampleCache } from "../pool/example-cache.ts";
import { localPool } from "../pool/local-pool.ts";
import { trainOn } from "../pool/pool.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { keptMeasurement } from "../records/measured.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { preparedDataset } from "../training/prepared.ts";
import { inspect, verify, type Verdict } from "./checks/verify.ts";
import { runStudy } from "./run.ts";
import type { Study } from "./spec.ts";

const SIZE = 12;
const EXAMPLES = 40;

function images(seed: number, examples: number): LabelledExamples {
  const draws = new NumpyRandomState(seed);
  const values = Uint8Array.from(draws.randints(256, examples * SIZE));
  const labels = Uint8Array.from(draws.randints(3, examples));
  return { examples, size: SIZE, values, labels };
}

const dataset: Dataset = {
  ...{ name: "", classes: 3, digest: "" },
  ...{ train: images(1, EXAMPLES), test: images(2, 13) },
};

const CHOICES: readonly MeasurementChoice[] = [
  "sharpness",
  { sharpness: { examples: 7 } },
  ...(["weight norms", "distance", "dead units", "preactivations", "margin"] as const),
  "predictions",
];

const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
const kernel = { module: new WebAssembly.Module(bytes), wide: false };

let trainings = 0;
let store = new MemoryStore();
beforeEach(() => {
  store = new MemoryStore();
  trainings = 0;
});

function pool() {
  const host = createLocalHost(kernel, privateMemory());
  const pause = () => Promise.resolve();
  const examples = new ExampleCache(dataset);
  const inner = localPool({ host, dataset, examples, sha256, now: () => 0, pause });
  return {
    ...inner,
    turn: async (...asked: Parameters<typeof inner.turn>) => {
      const turn = await inner.turn(...asked);
      return {
        ...turn,
        train(...from: Parameters<typeof turn.train>) {
          trainings++;
          return turn.train(...from);
        },
      };
    },
  };
}

function asked(passes: number, measure: Study["measure"] | null = CHOICES, rate = 0.01): Study {
  const one = made({ widths: [5], passes, learning_rate: rate, seeds: [3] });
  return {
    ...one,
    dataset: { name: "fashion-mnist", examples: 30 },
    model: { ...one.model, init_std: 0.3 },
    training: { ...one.training, regularization: 0.01 },
    ...(measure && { measure }),
  };
}

async function run(study: Study) {
  const context = { catalogue: CATALOGUE, dataset, pool: pool(), store, sha256 };
  const { outcomes } = await runStudy(study, context);
  return outcomes[0].record;
}

/** Name, pass and digest of all that is kept, and that this is what measurements say. */
async function kept(passes: number) {
  const [trial] = await store.trials();
  const { specification, key } = trial;
  const shape = shapeOf({ specification }, dataset);
  const { train, test: tested } = preparedDataset(specification, dataset, sha256);
  const rows = (set: LabelledExamples) => ({
    ...{ ...set, inputs: Float32Array.from(set.values), stride: SIZE },
  });
  const wanted: string[] = [];
  const functions = functionsOf(specification);
  let initial: MeasuredNetwork | undefined;
  let last: (() => void) | undefined;
  await trainOn(
    pool(),
    { specification, passes },
    {
      onPass({ row, checkpoint }) {
        const network = new MeasuredNetwork(shape, functions, checkpoint.parameters);
        initial ??= network;
        const measured = { ...{ specification, network, initial, sha256 }, train: rows(train) };
        const add = (choice: MeasurementChoice) => {
          const values = measurementOf(choice).measure({ ...measured, test: () => rows(tested) });
          const { digest } = keptMeasurement(choice, row.evaluation, values, sha256);
          wanted.push(`${row.evaluation.pass} ${nameOf(choice)} ${digest}`);
        };
        CHOICES.slice(0, -1).forEach(add);
        last = () => {
          add("predictions");
        };
      },
    },
  );
  last?.();
  const found = (await store.measurements(key)).map(
    ({ pass, name, digest }) => `${pass} ${name} ${digest}`,
  );
  expect(new Set(found).size).toBe(found.length);
  return { found: found.sort(), wanted: wanted.sort() };
}

test("trials are measured while they are trained", async () => {
  await run(asked(3));
  expect(trainings).toBe(1);
  const { found, wanted } = await kept(3);
  expect(found).toHaveLength(4 * 7 + 1);
  expect(found).toEqual(wanted);
});

test("a trial that is kept without is trained again for it, and stays as it is", async () => {
  const before = await run(asked(3, null));
  const after = await run(asked(3));
  expect(after).toEqual(before);
  expect(trainings).toBe(2);
  const { found, wanted } = await kept(3);
  expect(found).toEqual(wanted);
  const then = trainings;
  await run(asked(3));
  expect(trainings).toBe(then);
});

test("what can be told from the last weights alone needs no training", async () => {
  await run(asked(3, ["margin"]));
  await run(asked(3, ["margin", "predictions"]));
  expect(trainings).toBe(1);
});

test("more passes are measured from where training goes on", async () => {
  await run(asked(2));
  await run(asked(4));
  expect(trainings).toBe(2);
  const { found, wanted } = await kept(4);
  expect(found.filter((one) => !one.startsWith("2 predictions"))).toEqual(wanted);
  // The beginning of what was trained without measuring is trained again.
  store = new MemoryStore();
  await run(asked(2, null));
  await run(asked(4));
  expect(await kept(4)).toEqual({ found: wanted, wanted });
});

test("fewer passes of a trial that is kept for more are measured up to there", async () => {
  await run(asked(4, null));
  await run(asked(2));
  const { found, wanted } = await kept(2);
  expect(found).toEqual(wanted);
});

test("a trial that diverges is measured up to its last row", async () => {
  const record = await run(asked(6, CHOICES, 1e4));
  expect(record.ending.kind).toBe("diverged");
  const { found, wanted } = await kept(6);
  expect(found.length).toBeGreaterThan(7);
  expect(found).toEqual(wanted);
});

test("a last pass off the schedule is measured too", async () => {
  await run({ ...asked(5), evaluate: { every: 2 } });
  expect(trainings).toBe(1);
  const { found, wanted } = await kept(5);
  expect(found).toHaveLength(4 * 7 + 1);
  expect(found).toEqual(wanted);
  const [trial] = await store.trials();
  expect(await inspect(trial, { store, sha256 })).toBeNull();
});

test("a trial that is trained again to another chain is not measured", async () => {
  const { key } = await run(asked(3, null));
  const point = await store.resume(key);
  if (point === null) throw new Error("nothing is kept");
  const { record, checkpoint } = point;
  const rows = record.trajectory.map((evaluation) => ({
    evaluation:
      evaluation.pass === 2 ? { ...evaluation, fingerprint: "00".repeat(32) } : evaluation,
    averages: [],
  }));
  await store.commit({ ...record, rows, checkpoint, since: 0 });
  await expect(run(asked(3))).rejects.toThrow(/is not what is kept of it after pass 2/);
  expect((await store.measurements(key)).every(({ pass }) => pass < 2)).toBe(true);
});

test("weights that are none of the trial's are not measured", async () => {
  const { key } = await run(asked(3, null));
  const point = await store.resume(key);
  if (point === null) throw new Error("nothing is kept");
  const { record, checkpoint } = point;
  const rows = record.trajectory.map((evaluation) => ({ evaluation, averages: [] }));
  checkpoint.parameters.weights[0][0] += 1;
  await store.commit({ ...record, rows, checkpoint, since: 0 });
  await expect(run(asked(3, ["predictions"]))).rejects.toThrow(/kept of it after pass 3/);
  expect(await store.measurements(key)).toEqual([]);
});

test("a digest is that of the row's fingerprint, the name, and the values' bytes", async () => {
  const [row] = (await run(asked(0, null))).trajectory;
  const choice = { sharpness: { examples: 7 } };
  const { digest } = keptMeasurement(choice, row, Float64Array.of(0.5, NaN), sha256);
  const values = Buffer.from("000000000000e03f000000000000f87f", "hex");
  const hash = createHash("sha256").update(row.fingerprint, "hex").update("sharpness 7");
  expect(digest).toBe(hash.update(values).digest("hex"));
});

test("more examples than trials have are refused", async () => {
  await expect(run(asked(1, [{ sharpness: { examples: 31 } }]))).rejects.toThrow(
    "measure: sharpness of 31 examples, but trials have 30; ask for as many at the most",
  );
});

describe("verify", () => {
  async function verdicts() {
    const [trial] = await store.trials();
    const found: Verdict["kind"][] = [];
    const onVerdict = (_: unknown, { kind }: Verdict) => found.push(kind);
    await verify([trial], { store, pool: pool(), sha256, onVerdict });
    return [(await inspect(trial, { store, sha256 }))?.kind ?? null, ...found];
  }

  test("finds measurements that are of other rows, or of other values", async () => {
    const { key, trajectory } = await run(asked(2));
    expect(await verdicts()).toEqual([null, "matches"]);
    const [, , row] = trajectory;
    const forged = keptMeasurement("margin", row, Float64Array.of(7), sha256);
    await store.addMeasurements(key, [forged]);
    expect(await verdicts()).toEqual([null, "other measurements"]);
    await store.addMeasurements(key, [{ ...forged, digest: "00".repeat(32) }]);
    expect(await verdicts()).toEqual(["other measurements", "other measurements"]);
    // It is measured anew by who asks for it.
    await run(asked(2));
    expect(await verdicts()).toEqual([null, "matches"]);
  });

  test("says nothing of what another version measured", async () => {
    const { key, trajectory } = await run(asked(1));
    const made = keptMeasurement("margin", trajectory[1], Float64Array.of(7), sha256);
    await store.addMeasurements(key, [
      { ...made, version: 0 },
      { ...made, name: "charm" },
    ]);
    expect(await verdicts()).toEqual([null, "matches"]);
  });
});
