import { widthOf } from "../../records/point.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { record } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES as dataset, study } from "../../../test/support/studies.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { remaining } from "./remaining.ts";
import { searchTrial } from "../plans/learning-rate.ts";
import type { PlannedTrial } from "../plans/plan.ts";
import { sweepPlan } from "../plans/sweep.ts";

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

/** Keeps a made-up record of `passes` passes whose training loss ends at `after`. */
async function keep({ trial }: PlannedTrial, passes: number, after = 0.1): Promise<void> {
  const rows = Array.from({ length: passes + 1 }, (_, pass) => {
    return [pass === 0 ? 2.3 : after, 0.5, 1, 0.5] as const;
  });
  const { specification } = trial;
  const key = trialKey(specification, sha256);
  const { trajectory, ending, fingerprint } = record(8, rows);
  const parameters = { weights: [], biases: [] };
  await store.commit({
    ...{ key, specification, ending, fingerprint },
    rows: trajectory.map((evaluation) => ({ evaluation, averages: [] })),
    checkpoint: { pass: passes, parameters, state: [], order: new Uint32Array(630), average: 0 },
    ...{ since: 0, seconds: 1 },
  });
}

function sweepOf(asked: Parameters<typeof sweepPlan>[0], rate: number): readonly PlannedTrial[] {
  const next = sweepPlan(asked, dataset, rate)(() => undefined);
  return "trials" in next ? [...next.trials] : [];
}

const context = () => ({ catalogue: CATALOGUE, dataset, store, sha256 });
const told = async (asked: Parameters<typeof remaining>[0]) => {
  const { search, sweep, kept, searching } = await remaining(asked, context());
  return { search: search.length, sweep: sweep.map(widthOf), kept, searching };
};

describe("a study with a learning rate", () => {
  const asked = study({ widths: [8, 16, 32], passes: 5 });

  test("has its sweep to train", async () => {
    const expected = { search: 0, sweep: [8, 16, 32], kept: 0, searching: false };
    expect(await told(asked)).toEqual(expected);
  });

  test("has not to train what is kept with as many passes, and the rest of what has fewer", async () => {
    const [narrow, middle] = sweepOf(asked, 0.005);
    await keep(narrow, 7);
    await keep(middle, 4);
    const expected = { search: 0, sweep: [16, 32], kept: 1, searching: false };
    expect(await told(asked)).toEqual(expected);
    const { sweep } = await remaining(asked, context());
    expect(sweep.map(({ trained }) => trained)).toEqual([4, 0]);
  });

  test("has to train again what is kept without a measurement that it asks for", async () => {
    for (const planned of sweepOf(asked, 0.005)) await keep(planned, 5);
    const measuring = { ...asked, measure: ["margin"] as const };
    const expected = { search: 0, sweep: [8, 16, 32], kept: 0, searching: false };
    expect(await told(measuring)).toEqual(expected);
    const { sweep } = await remaining(measuring, context());
    expect(sweep.map(({ trained }) => trained)).toEqual([0, 0, 0]);
  });

  test("has nothing to train where all of it is kept", async () => {
    for (const planned of sweepOf(asked, 0.005)) await keep(planned, 5);
    expect(await told(asked)).toEqual({ search: 0, sweep: [], kept: 3, searching: false });
  });
});

describe("a study with a search", () => {
  const asked = study({ widths: [8, 16], passes: 5, learning_rate: "eta_star / 2" });
  const probe = (rate: number) => searchTrial(asked, dataset, rate);

  test("is counted with three rates", async () => {
    expect(await told(asked)).toEqual({ search: 3, sweep: [8, 16], kept: 0, searching: true });
    const { search } = await remaining(asked, context());
    expect(search[0]).toEqual({ ...probe(0.1), trained: 0 });
  });

  test("is counted with what is left of three, but at least one", async () => {
    await keep(probe(0.1), 1, 3);
    expect(await told(asked)).toEqual({ search: 2, sweep: [8, 16], kept: 1, searching: true });
    await keep(probe(0.01), 1, 0.1);
    expect(await told(asked)).toEqual({ search: 1, sweep: [8, 16], kept: 2, searching: true });
    await keep(probe(0.02), 1, 0.1);
    expect(await told(asked)).toEqual({ search: 1, sweep: [8, 16], kept: 3, searching: true });
  });

  test("that has its answer knows which trials of the sweep are kept", async () => {
    await keep(probe(0.1), 1, 3);
    await keep(probe(0.01), 1, 0.1);
    await keep(probe(0.02), 1, 3);
    const [, second] = sweepOf(asked, 0.005);
    await keep(second, 5);
    expect(await told(asked)).toEqual({ search: 0, sweep: [8], kept: 4, searching: false });
  });
});
