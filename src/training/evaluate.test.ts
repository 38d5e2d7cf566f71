// Evaluation: its sums and their order, its penalty, and networks that are evaluated together.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { images, dataset, trial, shape, draws } from "../../test/support/noise-trials.ts";
import { createLocalHost, privateMemory, type KernelHost } from "../kernel/host.ts";
import { KernelNetwork, paddedInputs } from "../kernel/kernel-network.ts";
import { ReferenceNetwork } from "../kernel/reference.ts";
import { float32 } from "../model/arithmetic.ts";
import { atOnce } from "../base/parts.ts";
import { evaluate } from "./evaluate.ts";
import { prepareExamples } from "./examples.ts";

describe("evaluation", () => {
  let host: KernelHost;

  beforeAll(() => {
    const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
    const kernel = { module: new WebAssembly.Module(bytes), wide: false };
    host = createLocalHost(kernel, privateMemory());
  });

  test("images that are blank altogether are evaluated like others", async () => {
    const train = images(130, 10, 3);
    train.values.fill(0, 65 * 10);
    const { parameters } = atOnce(draws(trial().specification).start());
    const examples = await prepareExamples(host, { ...dataset, train }, null);
    const network = new KernelNetwork(host, shape);
    // The last of three batches: all inputs but one are sharedInputs, since a product of none is not made.
    expect(new Uint32Array(host.memory.buffer, examples.train.sharedInputs, 3)[2]).toBe(9);
    const [{ train: score }] = await evaluate(host, [network], [parameters], examples, 0);
    const stride = paddedInputs(10);
    const rows = new Float32Array(host.memory.buffer, examples.rows, 130 * stride);
    const inputs = Array.from(
      { length: 1300 },
      (_, at) => rows[Math.floor(at / 10) * stride + (at % 10)],
    );
    const reference = new ReferenceNetwork(shape, parameters, float32);
    const { loss, correct } = reference.evaluate({ inputs, labels: train.labels }, 512);
    expect(score).toEqual({ objective: loss / 130, correct, examples: 130 });
    network.free();
    examples.free();
  });

  test("evaluation adds losses in chunks, and these in order", async () => {
    // With this seed the four chunks add to something else in another order.
    const train = images(1800, 10, 5);
    const { parameters } = atOnce(draws(trial().specification).start());
    const examples = await prepareExamples(host, { ...dataset, train }, null);
    const network = new KernelNetwork(host, shape);
    const [{ train: score }] = await evaluate(host, [network], [parameters], examples, 0);
    const stride = paddedInputs(10);
    const rows = new Float32Array(host.memory.buffer, examples.rows, 1800 * stride);
    const inputs = Array.from(
      { length: 18000 },
      (_, at) => rows[Math.floor(at / 10) * stride + (at % 10)],
    );
    const reference = new ReferenceNetwork(shape, parameters, float32);
    const { loss, correct } = reference.evaluate({ inputs, labels: train.labels }, 512);
    expect(score).toEqual({ objective: loss / 1800, correct, examples: 1800 });
    network.free();
    examples.free();
  });

  test("networks that are evaluated together have each its own scores, and may be evaluated alone again", async () => {
    // Neither batches nor chunks are full.
    const examples = await prepareExamples(host, { ...dataset, train: images(1111, 10, 5) }, null);
    const { parameters } = atOnce(draws(trial().specification).start());
    const scaled = [1, -2, 30].map((factor) => ({
      ...parameters,
      weights: parameters.weights.map((matrix) => matrix.map((weight) => factor * weight)),
    }));
    const networks = scaled.map(() => new KernelNetwork(host, shape));
    const together = await evaluate(host, networks, scaled, examples, 0.1);
    const alone = [];
    for (const one of scaled)
      alone.push(...(await evaluate(host, [networks[0]], [one], examples, 0.1)));
    expect(together).toEqual(alone);
    expect(new Set(together.map(({ train }) => train.objective)).size).toBe(3);
    for (const network of networks) network.free();
    examples.free();
  });

  test("evaluation adds the penalty to both objectives", async () => {
    const { subset, start } = draws(trial().specification);
    const { parameters: initial } = atOnce(start());
    const examples = await prepareExamples(host, dataset, subset);
    const network = new KernelNetwork(host, shape);
    const [plain] = await evaluate(host, [network], [initial], examples, 0);
    const [penalized] = await evaluate(host, [network], [initial], examples, 0.5);
    const squares = initial.weights.reduce(
      (sum, matrix) => sum + matrix.reduce((total, weight) => total + weight * weight, 0),
      0,
    );
    for (const set of ["train", "test"] as const) {
      expect(penalized[set].objective - plain[set].objective).toBeCloseTo(0.25 * squares, 12);
      expect(penalized[set].correct).toBe(plain[set].correct);
    }
    expect([plain.train.examples, plain.test.examples]).toEqual([30, 21]);
    network.free();
    examples.free();
  });
});
