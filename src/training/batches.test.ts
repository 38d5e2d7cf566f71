// Training by batches, momentum and Adam: pass by pass the float32 reference's bits, from whatever pass it goes on.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { atOnce } from "../base/parts.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { createLocalHost, privateMemory, type Kernel, type KernelHost } from "../kernel/host.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import { ReferenceNetwork } from "../kernel/reference.ts";
import { float32 } from "../model/arithmetic.ts";
import type { Parameters } from "../model/network.ts";
import type { EvaluationSchedule } from "../model/evaluation-schedule.ts";
import { stepsOfPass } from "../model/optimizers/choice.ts";
import { functionsOf, partsOf, TRAINING_PARTS } from "../model/parts.ts";
import { rateOf } from "../model/schedules/rates.ts";
import { shapeOf, specificationOf, type Trial } from "../model/trial.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { averagesWithin } from "../records/record.ts";
import { prepareExamples } from "./examples.ts";
import { trialDraws } from "./streams.ts";
import { checkpointOf, train, type AfterPass, type Checkpoint, type Ending } from "./train.ts";

const SIZE = 10;
const COUNT = 31;

function images(seed: number): LabelledExamples {
  const random = new NumpyRandomState(seed);
  return {
    examples: COUNT,
    size: SIZE,
    values: Uint8Array.from(random.randints(256, COUNT * SIZE)),
    labels: Uint8Array.from(random.randints(3, COUNT)),
  };
}

const dataset: Dataset = { name: "", classes: 3, train: images(1), test: images(2), digest: "" };

type Training = Partial<Trial["specification"]["training"]>;

function trial(training: Training, passes: number, evaluate?: EvaluationSchedule): Trial {
  const specification = specificationOf({
    evaluate,
    data: { dataset: "", train_examples: COUNT },
    model: { hidden: [7, 5], init_std: 0.5 },
    training: { learning_rate: 0.05, regularization: 0, ...training },
    streams: { kind: "named", study_seed: 0, seed: 4 },
  });
  return { specification, passes };
}

let kernel: Kernel;
let host: KernelHost;

beforeAll(() => {
  const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
  kernel = { module: new WebAssembly.Module(bytes), wide: false };
  host = createLocalHost(kernel, privateMemory());
});

async function begun(asked: Trial) {
  const draws = trialDraws(asked.specification, shapeOf(asked, dataset), COUNT, sha256);
  const examples = await prepareExamples(host, dataset, draws.subset);
  return { start: atOnce(draws.start()), examples };
}

async function run(asked: Trial, from?: Checkpoint) {
  const { start, examples } = await begun(asked);
  const training = train(asked, shapeOf(asked, dataset), from ?? start, host, examples, {});
  const passes: AfterPass[] = [];
  for (;;) {
    const { done, value } = await training.next();
    if (done === true) {
      examples.free();
      const made = passes.map((one) => ({ ...checkpointOf(one), averages: one.averages }));
      return { passes: made, end: value };
    }
    passes.push(value);
  }
}

/** The reference's passes, with its objectives by the pass. */
async function referenceOf(asked: Trial) {
  const { specification } = asked;
  const { training } = specification;
  const { start, examples } = await begun(asked);
  const stride = paddedInputs(SIZE);
  const rows = new Float32Array(host.memory.buffer, examples.rows, COUNT * stride);
  const data = {
    inputs: rows.filter((_, at) => at % stride < SIZE),
    labels: new Uint8Array(host.memory.buffer, examples.train.labels, COUNT).slice(),
  };
  examples.free();
  const order = NumpyRandomState.restore(start.order);
  const draw = partsOf(TRAINING_PARTS, training).order;
  const network = new ReferenceNetwork(
    shapeOf(asked, dataset),
    start.parameters,
    float32,
    functionsOf(specification),
    training,
  );
  const rounded = ({ weights, biases }: Parameters<Float64Array>): Parameters => ({
    weights: weights.map((values) => Float32Array.from(values)),
    biases: biases.map((values) => Float32Array.from(values)),
  });
  return Array.from({ length: asked.passes }, (_, pass) => {
    const objectives = network.train(data, draw(order, COUNT), {
      learningRate: rateOf(training.schedule, training.learning_rate, pass),
      regularization: training.regularization,
      layerRates: training.layer_rates,
      stepsBefore: pass * stepsOfPass(training, COUNT),
    });
    const parameters = rounded(network.parameters);
    return { objectives: [...objectives], parameters, state: network.state.map(rounded) };
  });
}

const momentum = { kind: "sgd", momentum: 0.9 } as const;
const adam = { kind: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const;

/** With the steps that a pass has, and the states. */
const CASES: readonly [string, Training, steps: number, states: number][] = [
  ["momentum", { optimizer: momentum }, 31, 1],
  [
    "momentum, λ and a schedule",
    {
      optimizer: momentum,
      regularization: 0.01,
      schedule: { kind: "steps", at: [1, 2], factor: 0.5 },
    },
    31,
    1,
  ],
  [
    "Nesterov, shuffled batches of 4",
    { optimizer: { ...momentum, nesterov: true }, batch: 4, order: "shuffled" },
    8,
    1,
  ],
  ["batches of 3", { batch: 3 }, 11, 0],
  ["a full batch", { batch: COUNT, order: "in order" }, 1, 0],
  ["a full batch with momentum", { batch: COUNT, order: "in order", optimizer: momentum }, 1, 1],
  ["Adam", { optimizer: adam, learning_rate: 0.01 }, 31, 2],
  [
    "AdamW, batches of 16, factors and a schedule",
    {
      optimizer: { ...adam, weight_decay: 0.1 },
      batch: 16,
      learning_rate: 0.01,
      regularization: 0.01,
      layer_rates: { weights: [1, 0.5, 2], biases: [2, 1, 0.5] },
      schedule: { kind: "inverse square root" },
    },
    2,
    2,
  ],
];

describe.each(CASES)("%s", (_, training, steps, states) => {
  const PASSES = 5;
  const asked = trial(training, PASSES);

  test("has the reference's weights and state after every pass", async () => {
    const { passes, end } = await run(asked);
    expect(end).toEqual({ kind: "finished" });
    const wanted = await referenceOf(asked);
    expect(passes).toHaveLength(PASSES);
    passes.forEach(({ parameters, state }, pass) => {
      expect(parameters).toEqual(wanted[pass].parameters);
      expect(state).toEqual(wanted[pass].state);
      expect(state).toHaveLength(states);
    });
    let average = 0;
    for (const { objectives } of wanted) {
      expect(objectives).toHaveLength(steps);
      for (const objective of objectives) average = 0.99 * average + 0.01 * objective;
    }
    expect(passes[PASSES - 1].average).toBe(average);
  });

  test("has the same numbers after passes that share a kernel call", async () => {
    const rare = await run(trial(training, PASSES, { every: 3 }));
    const often = await run(asked);
    const numbers = (snapshot: Checkpoint) => ({ ...snapshot, averages: [] });
    expect(rare.passes.map(numbers)).toEqual([often.passes[2], often.passes[4]].map(numbers));
  });

  test("diverges in the same step of the same pass where passes share a kernel call", async () => {
    const tooFast = {
      ...training,
      learning_rate: training.optimizer?.kind === "adam" ? 1e30 : 50,
      regularization: 1,
    };
    const { end } = await run(trial(tooFast, 40));
    expect(end.kind).toBe("diverged");
    expect((await run(trial(tooFast, 40, { every: 40 }))).end).toEqual(end);
  });

  test("begins with a state of zeros, in the layout of the weights", async () => {
    const { start, examples } = await begun(asked);
    examples.free();
    const { weights, biases } = start.parameters;
    const zeros = (values: readonly Float32Array[]) =>
      values.map(({ length }) => new Float32Array(length));
    const state = { weights: zeros(weights), biases: zeros(biases) };
    expect(start.state).toEqual(Array(states).fill(state));
  });

  test("goes on from every pass with the bits of an uninterrupted training", async () => {
    const whole = await run(asked);
    for (const from of whole.passes)
      expect((await run(asked, from)).passes).toEqual(whole.passes.slice(from.pass));
  });

  test("has a running average every 100 steps", async () => {
    const longer = trial(training, Math.ceil(230 / steps));
    const { passes } = await run(longer);
    const wanted = (await referenceOf(longer)).flatMap(({ objectives }) => objectives);
    let average = 0;
    const all = wanted.map((objective) => (average = 0.99 * average + 0.01 * objective));
    expect(passes.flatMap(({ averages }) => averages)).toEqual([all[99], all[199]]);
    passes.forEach((_, pass) => {
      const within = passes.slice(0, pass + 1).flatMap(({ averages }) => averages).length;
      expect(averagesWithin(longer.specification, pass + 1)).toBe(within);
    });
  });
});

test.each<[string, Training]>([
  ["batches", { batch: 4, learning_rate: 1e25, objective: "squared error" }],
  ["momentum", { optimizer: momentum, learning_rate: 1e25, objective: "squared error" }],
])("a divergence is told by its step: %s", async (_, training) => {
  const asked = trial(training, 3);
  const { passes, end } = await run(asked);
  const objectives = (await referenceOf({ ...asked, passes: 1 })).flatMap(
    (pass) => pass.objectives,
  );
  const step = objectives.findIndex((objective) => !Number.isFinite(objective)) + 1;
  expect(step).toBeGreaterThan(1);
  const wanted: Ending = { kind: "diverged", pass: 1, step };
  expect([passes, end]).toEqual([[], wanted]);
});

test("gives back all of its memory", async () => {
  const asked = trial({ optimizer: adam, batch: 4 }, 3);
  const fresh = createLocalHost(kernel, privateMemory());
  const { start } = await begun(asked);
  const examples = await prepareExamples(fresh, dataset, null);
  const training = train(asked, shapeOf(asked, dataset), start, fresh, examples, {});
  while ((await training.next()).done !== true);
  examples.free();
  const { byteLength } = fresh.memory.buffer;
  // Were anything kept, memory would have to grow for all of it in one piece.
  fresh.arena.allocate(byteLength - 65536);
  expect(fresh.memory.buffer.byteLength).toBe(byteLength);
});

test("passes that are not looked at share a kernel call, as long as the rate is one", async () => {
  const full = { batch: COUNT, order: "in order" } as const;
  const callsOf = async (asked: Trial) => {
    const { execute } = host;
    const calls: number[] = [];
    const counting: KernelHost = {
      ...host,
      execute(call) {
        if (call.name === "trainBatches") calls.push(call.args[5]);
        return execute(call);
      },
    };
    const { start, examples } = await begun(asked);
    const training = train(asked, shapeOf(asked, dataset), start, counting, examples, {});
    while ((await training.next()).done !== true);
    examples.free();
    return calls;
  };
  expect(await callsOf(trial(full, 10, { every: 4 }))).toEqual([4, 4, 2]);
  expect(await callsOf(trial(full, 3))).toEqual([1, 1, 1]);
  const schedule = { kind: "cosine", passes: 4 } as const;
  expect(await callsOf(trial({ ...full, schedule }, 4, { every: 4 }))).toEqual([1, 1, 1, 1]);
});
