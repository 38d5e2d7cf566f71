// A trial's draws: their order in the notebook's streams, their independence in named ones, and their parts.

import { describe, expect, test } from "vitest";
import { dataset, notebook, trial, draws } from "../../test/support/noise-trials.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { atOnce, withPauses, type Parts } from "../base/parts.ts";
import { TorchGenerator } from "../random/torch.ts";

describe("draws", () => {
  test("under the notebook's streams come in the notebook's order", () => {
    const numpy = new NumpyRandomState(5);
    const torch = new TorchGenerator(6);
    const subset = numpy.choiceWithoutReplacement(40, 30);
    torch.randn(10 * 4);
    torch.randn(4 * 3);
    numpy.randints(30, 2 * 30);
    const first = torch.randn(70).map((value) => Math.fround(0.1) * value);

    const after = [{ hidden: [4], passes: 2 }];
    const made = draws(trial({ streams: { ...notebook, after } }).specification);
    expect(made.subset).toEqual(subset);
    const { parameters, order } = atOnce(made.start());
    expect(parameters.weights[0]).toEqual(first);
    expect(parameters.biases.map((bias) => [...bias])).toEqual([
      Array(7).fill(0),
      Array(3).fill(0),
    ]);
    expect(order).toEqual(numpy.snapshot());
  });

  test("under named streams do not depend on each other", () => {
    const narrow = draws(trial().specification);
    const wide = draws(trial({ model: { hidden: [20], init_std: 0.1 } }).specification);
    expect(wide.subset).toEqual(narrow.subset);
    expect(atOnce(wide.start()).order).toEqual(atOnce(narrow.start()).order);
    const other = draws(
      trial({ streams: { kind: "named", study_seed: 0, seed: 5 } }).specification,
    );
    expect(other.subset).not.toEqual(narrow.subset);
    const [mine, theirs] = [narrow, other].map((made) => atOnce(made.start()).parameters);
    expect(theirs.weights[0]).not.toEqual(mine.weights[0]);
  });

  test("keep all examples in order without a draw where all are asked for", () => {
    const data = { dataset: dataset.digest, train_examples: 40 };
    const made = draws(trial({ data, streams: notebook }).specification);
    expect(made.subset).toBeNull();
    expect(atOnce(made.start()).order).toEqual(new NumpyRandomState(5).snapshot());
  });

  test("a perturbation moves every weight by one unit in the last place", () => {
    const bitsOf = (perturbation?: number) => {
      const model = {
        hidden: [7],
        init_std: 0.1,
        ...(perturbation === undefined ? {} : { perturbation }),
      };
      const { start } = draws(trial({ model, streams: notebook }).specification);
      const { parameters } = atOnce(start());
      return parameters.weights.flatMap((matrix) => Array.from(new Int32Array(matrix.buffer)));
    };
    const [plain, first, second] = [bitsOf(), bitsOf(1), bitsOf(2)];
    expect(new Set(first.map((bits, index) => Math.abs(bits - plain[index])))).toEqual(
      new Set([1]),
    );
    expect(first).not.toEqual(second);
    expect(first.some((bits, index) => bits > plain[index])).toBe(true);
    expect(first.some((bits, index) => bits < plain[index])).toBe(true);
  });
});

/** How often a work yields, and what it makes. */
function counted<Made>(parts: Parts<Made>): { readonly yields: number; readonly made: Made } {
  for (let yields = 0; ; yields++) {
    const { done, value } = parts.next();
    if (done === true) return { yields, made: value };
  }
}

describe("long draws", () => {
  // 3 · 2²⁰ weights in the first layer, which ends in the midst of a part.
  const wide = { hidden: [3 * 104_858], init_std: 0.1 };

  test.each([
    ["named", trial({ model: wide })],
    ["the notebook's", trial({ model: wide, streams: notebook })],
    ["perturbed", trial({ model: { ...wide, perturbation: 1 } })],
  ])("can be given up between their parts: %s", (_, { specification }) => {
    const { yields } = counted(draws(specification).start());
    // Three parts and a rest to draw, as many to scale; the last layer's are one part each.
    expect(yields).toBeGreaterThanOrEqual(2 * 4);
  });

  test("in parts are the draws at once", () => {
    const count = 2 ** 20 + 5;
    const [named, numpy] = [new NumpyRandomState(3), new NumpyRandomState(3)];
    const normals = Float32Array.from({ length: count }, () => numpy.standardNormal());
    const { yields, made } = counted(named.standardNormals(count));
    expect(yields).toBe(2);
    expect(Buffer.compare(Buffer.from(made.buffer), Buffer.from(normals.buffer))).toBe(0);
    expect(named.snapshot()).toEqual(numpy.snapshot());
  });

  test("that are thrown away can be given up, too", () => {
    const after = [{ hidden: [4], passes: 10 * 2 ** 20 }];
    const data = { dataset: dataset.digest, train_examples: 2 };
    const { specification } = trial({ data, streams: { ...notebook, after } });
    expect(counted(draws(specification).start()).yields).toBeGreaterThanOrEqual(20);
  });

  test("a work is given up where its pause rejects", async () => {
    let pauses = 0;
    const pause = () => {
      pauses++;
      return pauses < 3 ? Promise.resolve() : Promise.reject(new Error("given up"));
    };
    const { specification } = trial({ model: wide });
    await expect(withPauses(draws(specification).start(), pause)).rejects.toThrow("given up");
    expect(pauses).toBe(3);
  });
});
