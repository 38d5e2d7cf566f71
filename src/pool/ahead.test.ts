// That evaluating several snapshots together changes nothing that is told of a trial.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../base/sha256.node.ts";
import type { LabelledExamples } from "../data/dataset.ts";
import { createLocalHost, privateMemory } from "../kernel/host.ts";
import { specificationOf, type StopRules, type Trial } from "../model/trial.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { evaluationsAhead } from "./ahead.ts";
import { ExampleCache } from "./example-cache.ts";
import { localPool } from "./local-pool.ts";
import { trainOn } from "./pool.ts";

const SIZE = 2048;

function images(examples: number, seed: number): LabelledExamples {
  const draws = new NumpyRandomState(seed);
  const values = Uint8Array.from(draws.randints(256, examples * SIZE));
  return { examples, size: SIZE, values, labels: Uint8Array.from(draws.randints(3, examples)) };
}

const dataset = { name: "", classes: 3, train: images(400, 1), test: images(630, 2), digest: "" };

function trial(learning_rate: number, stop?: StopRules, width = 5): Trial {
  const specification = specificationOf({
    data: { dataset: "", train_examples: 400 },
    model: { hidden: [width], init_std: 0.02 },
    training: { learning_rate, regularization: 0.001 },
    streams: { kind: "named", study_seed: 0, seed: 0 },
  });
  return { passes: 6, specification, ...(stop && { stop }) };
}

/** A rule that no trial here comes to. */
const NEVER = { train_loss_below: 1e-30 };

function pool() {
  const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
  const kernel = { module: new WebAssembly.Module(bytes), wide: false };
  const host = createLocalHost(kernel, privateMemory());
  const calls: string[] = [];
  const counted: typeof host = {
    ...host,
    execute: (call) => {
      calls.push(call.name);
      return host.execute(call);
    },
  };
  const examples = new ExampleCache(dataset);
  const pause = () => Promise.resolve();
  const made = localPool({ host: counted, dataset, examples, sha256, now: () => 0, pause });
  return { pool: made, evaluations: () => calls.filter((name) => name === "evaluate").length };
}

test("a narrow network's snapshots go four at a time, with the rows of one at a time", async () => {
  const [one, four] = [pool(), pool()];
  const apart = await trainOn(one.pool, trial(0.001, NEVER));
  const together = await trainOn(four.pool, trial(0.001));
  expect(together).toEqual(apart);
  expect(together.trajectory).toHaveLength(7);
  // Of both sets: 7 snapshots, or 4 and 3.
  expect([one.evaluations(), four.evaluations()]).toEqual([14, 4]);
});

test("those before a divergence are told", async () => {
  const together = await trainOn(pool().pool, trial(0.1));
  expect(together.ending.kind).toBe("diverged");
  expect(together).toEqual(await trainOn(pool().pool, trial(0.1, NEVER)));
});

test("they go by themselves where training may stop, and where they are wide or examples few", () => {
  const alone = { together: 1, snapshots: 3 };
  expect(evaluationsAhead(trial(0.001, NEVER), dataset)).toEqual(alone);
  expect(evaluationsAhead(trial(0.001, undefined, 33), dataset)).toEqual(alone);
  expect(evaluationsAhead(trial(0.001), { ...dataset, test: images(600, 2) })).toEqual(alone);
  expect(evaluationsAhead(trial(0.001, undefined, 32), dataset).together).toBe(4);
});
