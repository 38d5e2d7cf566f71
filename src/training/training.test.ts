// Training: its passes, ends and interruptions, and that its steps are the reference's.

import { readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { dataset, notebook, trial, shape, draws } from "../../test/support/noise-trials.ts";
import { createLocalHost, privateMemory, type Kernel, type KernelHost } from "../kernel/host.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import { ReferenceNetwork } from "../kernel/reference.ts";
import { float32 } from "../model/arithmetic.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { atOnce } from "../base/parts.ts";
import { prepareExamples } from "./examples.ts";
import { checkpointOf, train, type Checkpoint, type Ending, type AfterPass } from "./train.ts";
import { allNames, functionsOf, MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import { specificationOf, type Trial } from "../model/trial.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("training", () => {
  let kernel: Kernel;
  let host: KernelHost;

  beforeAll(() => {
    const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
    kernel = { module: new WebAssembly.Module(bytes), wide: false };
    host = createLocalHost(kernel, privateMemory());
  });

  async function run(
    asked: Trial,
    { pastDivergence = false, from }: { pastDivergence?: boolean; from?: Checkpoint } = {},
  ): Promise<{ snapshots: (Checkpoint & Pick<AfterPass, "averages">)[]; end: Ending }> {
    const made = draws(asked.specification);
    const examples = await prepareExamples(host, dataset, made.subset);
    const training = train(asked, shape, from ?? atOnce(made.start()), host, examples, {
      pastDivergence,
    });
    const snapshots: AfterPass[] = [];
    for (;;) {
      const { done, value } = await training.next();
      if (done === true) {
        examples.free();
        // Only now, when training has drawn on.
        const made = snapshots.map((one) => ({ ...checkpointOf(one), averages: one.averages }));
        return { snapshots: made, end: value };
      }
      snapshots.push(value);
    }
  }

  test("fewer passes are a prefix of more", async () => {
    const { snapshots: long, end } = await run(trial({}, 4));
    const { snapshots: short } = await run(trial({}, 2));
    expect(end).toEqual({ kind: "finished" });
    expect(long.map(({ pass }) => pass)).toEqual([1, 2, 3, 4]);
    expect(short).toEqual(long.slice(0, 2));
  });

  test.each([
    ["named streams", trial({}, 6)],
    ["the notebook's streams", trial({ streams: notebook }, 6)],
    ["weight decay", trial({ training: { learning_rate: 0.05, regularization: 0.01 } }, 6)],
    // In pass 3.
    ["a divergence", trial({ training: { learning_rate: 4, regularization: 0 } }, 6)],
    ["going on past it", trial({ training: { learning_rate: 4, regularization: 0 } }, 6), true],
  ])(
    "goes on from every pass with the bits of an uninterrupted one: %s",
    async (name, asked, pastDivergence = false) => {
      const whole = await run(asked, { pastDivergence });
      expect(whole.end.kind).toBe(name === "a divergence" ? "diverged" : "finished");
      expect(whole.snapshots).toHaveLength(name === "a divergence" ? 2 : 6);
      for (const from of whole.snapshots) {
        const rest = await run(asked, { from, pastDivergence });
        expect(rest.end).toEqual(whole.end);
        expect(rest.snapshots).toEqual(whole.snapshots.slice(from.pass));
      }
    },
  );

  test("the running average is 0.99/0.01 of the objective, every 100th step across passes", async () => {
    const asked = trial({}, 7);
    const { snapshots } = await run(asked);
    // 30 steps a pass: steps 100 and 200 lie in passes 4 and 7.
    expect(snapshots.map(({ averages }) => averages.length)).toEqual([0, 0, 0, 1, 0, 0, 1]);

    const made = draws(asked.specification);
    const examples = await prepareExamples(host, dataset, made.subset);
    const inputs = new Float32Array(30 * 10);
    const stride = paddedInputs(10);
    const rows = new Float32Array(host.memory.buffer, examples.rows, 30 * stride);
    for (let n = 0; n < 30; n++) inputs.set(rows.subarray(n * stride, n * stride + 10), n * 10);
    const labels = new Uint8Array(host.memory.buffer, examples.train.labels, 30).slice();
    const start = atOnce(made.start());
    const order = NumpyRandomState.restore(start.order);
    const reference = new ReferenceNetwork(shape, start.parameters, float32);
    let average = 0;
    const values: number[] = [];
    for (let pass = 0; pass < 7; pass++) {
      const options = { learningRate: 0.05, regularization: 0 };
      for (const objective of reference.train({ inputs, labels }, order.randints(30, 30), options))
        values.push((average = 0.99 * average + 0.01 * objective));
    }
    expect(snapshots[3].averages).toEqual([values[99]]);
    expect(snapshots[6].averages).toEqual([values[199]]);
    expect(snapshots[6].average).toBe(values[209]);
    examples.free();
  });

  test("stops at the step whose objective is not finite, and goes on only where asked", async () => {
    const asked = trial({ training: { learning_rate: 1e6, regularization: 0 } }, 5);
    const { snapshots, end } = await run(asked);
    expect(end).toMatchObject({ kind: "diverged" });
    expect(snapshots.length).toBeLessThan(5);
    const on = await run(asked, { pastDivergence: true });
    expect(on.end).toEqual({ kind: "finished" });
    expect(on.snapshots).toHaveLength(5);
    expect(on.snapshots[4].parameters.weights[0].some(Number.isNaN)).toBe(true);
  });

  test("an infinite objective is a divergence, at its step", async () => {
    // Scores of −∞ for class 0 and of 0 for the others, so the loss is 0 up to an example of class 0.
    const made = draws(trial().specification);
    const examples = await prepareExamples(host, dataset, made.subset);
    const rows = new Float32Array(host.memory.buffer, examples.rows, 30 * paddedInputs(10));
    rows.fill(1);
    const weights = new Float32Array(30).map((_, at) => (at % 3 === 0 ? -3e38 : 0));
    const parameters = { weights: [weights], biases: [new Float32Array(3)] };
    const softmax = { ...shape, hidden: [] };
    const from: Checkpoint = { ...atOnce(made.start()), parameters };
    const order = NumpyRandomState.restore(from.order).randints(30, 30);
    const labels = new Uint8Array(host.memory.buffer, examples.train.labels, 30);
    const step = order.findIndex((example) => labels[example] === 0) + 1;
    expect(step).toBeGreaterThan(1);
    const training = train(trial(), softmax, from, host, examples, {});
    expect(await training.next()).toEqual({
      done: true,
      value: { kind: "diverged", pass: 1, step },
    });
    examples.free();
  });

  test("an aborted signal ends it before the next pass, with its reason", async () => {
    const made = draws(trial().specification);
    const examples = await prepareExamples(host, dataset, made.subset);
    const controller = new AbortController();
    const { signal } = controller;
    const training = train(trial(), shape, atOnce(made.start()), host, examples, { signal });
    expect((await training.next()).done).toBe(false);
    controller.abort(new Error("enough"));
    await expect(training.next()).rejects.toThrow("enough");
    examples.free();
  });

  const functions = allNames(MODEL_PARTS.activation).flatMap((activation) =>
    allNames(TRAINING_PARTS.objective).map((objective) => ({ activation, objective })),
  );
  test.each(functions)(
    "trains as the reference does: $activation with $objective",
    async ({ activation, objective }) => {
      const asked = trial({}, 2);
      const specification = specificationOf({
        ...asked.specification,
        model: { ...asked.specification.model, activation },
        training: { learning_rate: 0.05, regularization: 0.01, objective },
      });
      const { snapshots } = await run({ ...asked, specification });

      const made = draws(specification);
      const examples = await prepareExamples(host, dataset, made.subset);
      const inputs = Array.from(new Float32Array(host.memory.buffer, examples.rows, 30 * 12));
      const data = {
        inputs: inputs.filter((_, at) => at % 12 < 10),
        labels: new Uint8Array(host.memory.buffer, examples.train.labels, 30).slice(),
      };
      const start = atOnce(made.start());
      const order = NumpyRandomState.restore(start.order);
      const reference = new ReferenceNetwork(
        shape,
        start.parameters,
        float32,
        functionsOf(specification),
      );
      for (const { parameters } of snapshots) {
        const options = { learningRate: 0.05, regularization: 0.01 };
        reference.train(data, order.randints(30, 30), options);
        expect(parameters.weights).toEqual(
          reference.parameters.weights.map((matrix) => Float32Array.from(matrix)),
        );
      }
      examples.free();
    },
  );

  test.each(["with replacement", "shuffled", "in order"] as const)(
    "%s: the order of every pass, after an interruption too",
    async (order) => {
      const { training } = trial().specification;
      const asked = trial(
        specificationOf({ ...trial().specification, training: { ...training, order } }),
      );
      const execute = vi.spyOn(host, "execute");
      const { snapshots } = await run(asked);
      const stream = NumpyRandomState.restore(atOnce(draws(asked.specification).start()).order);
      const orders = snapshots.map(({ order: state }) => {
        const drawn = {
          "with replacement": () => stream.randints(30, 30),
          shuffled: () => stream.permutation(30),
          "in order": () => Uint32Array.from({ length: 30 }, (_, n) => n),
        }[order]();
        expect(state).toEqual(stream.snapshot());
        return drawn;
      });
      expect(execute.mock.calls.filter(([{ name }]) => name === "train")).toHaveLength(3);
      expect(new Set(orders.map(String)).size).toBe(order === "in order" ? 1 : 3);
      const examples = await prepareExamples(host, dataset, draws(asked.specification).subset);
      const inputs = Array.from(new Float32Array(host.memory.buffer, examples.rows, 30 * 12));
      const data = {
        inputs: inputs.filter((_, at) => at % 12 < 10),
        labels: new Uint8Array(host.memory.buffer, examples.train.labels, 30).slice(),
      };
      const { parameters } = atOnce(draws(asked.specification).start());
      const reference = new ReferenceNetwork(shape, parameters, float32);
      for (const [pass, drawn] of orders.entries()) {
        reference.train(data, drawn, { learningRate: 0.05, regularization: 0 });
        expect(snapshots[pass].parameters.weights).toEqual(
          reference.parameters.weights.map((matrix) => Float32Array.from(matrix)),
        );
      }
      for (const from of snapshots)
        expect((await run(asked, { from })).snapshots).toEqual(snapshots.slice(from.pass));
      examples.free();
    },
  );

  test("every pass has the rate that the schedule gives it, after an interruption too", async () => {
    const { training } = trial().specification;
    const { snapshots: same } = await run(trial({}, 3));
    const schedule = { kind: "steps", at: [1, 2], factor: 1e-30 } as const;
    const asked = trial({ training: { ...training, schedule } }, 3);
    const { snapshots } = await run(asked);
    const weights = snapshots.map(({ parameters }) => parameters.weights);
    expect(weights[0]).toEqual(same[0].parameters.weights);
    // Of such a rate nothing is left in float32.
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).toEqual(weights[0]);
    for (const from of snapshots)
      expect((await run(asked, { from })).snapshots).toEqual(snapshots.slice(from.pass));
  });

  test("no passes: nothing", async () => {
    const { snapshots, end } = await run(trial({}, 0));
    expect(snapshots).toEqual([]);
    expect(end).toEqual({ kind: "finished" });
  });

  test.each([0.05, 1e6])("gives back all of its memory, rate %s", async (learning_rate) => {
    const fresh = createLocalHost(kernel, privateMemory());
    const made = draws(trial().specification);
    const examples = await prepareExamples(fresh, dataset, made.subset);
    const asked = trial({ training: { learning_rate, regularization: 0 } });
    const training = train(asked, shape, atOnce(made.start()), fresh, examples, {});
    while ((await training.next()).done !== true);
    examples.free();
    const { byteLength } = fresh.memory.buffer;
    // Were anything kept, memory would have to grow for all of it in one piece.
    fresh.arena.allocate(byteLength - 65536);
    expect(fresh.memory.buffer.byteLength).toBe(byteLength);
  });
});
