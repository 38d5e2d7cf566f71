import { describe, expect, test } from "vitest";
import { DATASET_SIZES as dataset, study } from "../../test/support/studies.ts";
import { InputError } from "../base/errors.ts";
import { kernelMemory, privateMemory } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import type { MeasurementChoice } from "../measurements/table.ts";
import { sweepPlan } from "../study/plans/sweep.ts";
import type { Study } from "../study/spec.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import type { Stepping } from "../model/optimizers/choice.ts";
import { evaluationsAhead } from "./ahead.ts";
import { checkMemory, memoryNeed, type MemoryOptions } from "./memory.ts";

function trialsOf(asked: Study): Trial[] {
  const next = sweepPlan(asked, dataset, 0.005)(() => undefined);
  return "trials" in next ? [...next.trials].map(({ trial }) => trial) : [];
}

const momentum = { kind: "sgd", momentum: 0.9 } as const;
const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

const kernel = (asked: Study, workers: number) =>
  memoryNeed(trialsOf(asked), dataset, workers).kernel;

describe("the kernel's memory", () => {
  test.each<[number[], Stepping]>([
    [[8], {}],
    [[100], {}],
    [[512], {}],
    [[512, 64, 32], {}],
    [[8], { optimizer: momentum }],
    [[512, 64], { optimizer: momentum, batch: 32 }],
    [[100, 30], { optimizer: adam, batch: 1000 }],
  ])("of networks %j is their own: %j", (hidden, stepping) => {
    const asked = study({ widths: [], hidden, passes: 1 });
    const [trial] = trialsOf({ ...asked, training: { ...asked.training, ...stepping } as never });
    const need = (trials: Trial[]) => memoryNeed(trials, dataset, 1).kernel;
    // One trial more under way, on the same examples: the network that trains and those that evaluate.
    const found = need([trial, trial]) - need([trial]);
    const host = kernelMemory(privateMemory());
    const shape = shapeOf(trial, dataset);
    const bytesOf = (own: Stepping) => {
      const first = new KernelNetwork(host, shape, undefined, own).address;
      return new KernelNetwork(host, shape, undefined, own).address - first;
    };
    const bytes = bytesOf(stepping) + evaluationsAhead(trial, dataset).snapshots * bytesOf({});
    expect(found / bytes).toBeGreaterThan(0.95);
    expect(found / bytes).toBeLessThan(1.05);
  });

  test("has examples once, but for each seed under way where it has its own", () => {
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
    const subset = 4 * 784 * (2.25 * 6000 + 10_000);
    const growth =
      kernel(study({ widths: [8], seeds }), 3) - kernel(study({ widths: [8], seeds }), 1);
    expect(growth).toBeGreaterThan(2 * subset);
    expect(growth).toBeLessThan(2.2 * subset);
    const whole = {
      ...study({ widths: [8], seeds }),
      dataset: { name: "fashion-mnist", fraction: 1 },
    };
    const sets = 4 * 784 * (2.25 * 60_000 + 2 * 10_000);
    expect(kernel(whole as Study, 3) / sets).toBeCloseTo(1, 2);
  });
});

describe("the process's memory", () => {
  const need = (asked: Study, workers: number, options?: MemoryOptions) =>
    memoryNeed(trialsOf(asked), dataset, workers, options).process;

  test("grows with every worker thread", () => {
    const asked = study({ widths: [8] });
    expect((need(asked, 16) - need(asked, 2)) / 14).toBeGreaterThan(5e6);
  });

  test("has the data set, four times as large where its values are floats", () => {
    const floats = { ...dataset, train: { ...dataset.train, values: new Float32Array(0) } };
    const trials = trialsOf(study({ widths: [8] }));
    const [one, four] = [dataset, floats].map((set) => memoryNeed(trials, set, 1).process);
    expect(four - one).toBe(3 * 70_000 * 784);
  });

  test("has the optimizer's state beside the weights", () => {
    const plain = study({ widths: [512] });
    const of = (training: object) =>
      need({ ...plain, training: { ...plain.training, ...training } }, 1, { keepsRecords: true });
    const weights = 4 * 512 * (784 + 10);
    // Six copies and the record.
    expect(of({ optimizer: momentum }) - of({})).toBe(7 * weights);
    expect(of({ optimizer: adam }) - of({})).toBe(14 * weights);
  });

  test("has the weights of finished trials where these are kept in it, and there alone", () => {
    const weights = 4 * 512 * (784 + 10);
    const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);
    const each = (keepsRecords: boolean) => {
      const of = (count: number) =>
        need(study({ widths: [512], seeds: seeds(count) }), 1, { keepsRecords });
      return (of(102) - of(2)) / 100;
    };
    expect(each(true)).toBeGreaterThan(weights);
    expect(each(false)).toBeLessThan(weights / 100);
    const passes = (count: number) =>
      need(study({ widths: [8], passes: count }), 1, { keepsRecords: true });
    // One of 8 bytes every 100 steps, of which a pass has 6000.
    expect(passes(100_000) - passes(0)).toBeGreaterThan(8 * 60 * 100_000);
  });
});

describe("measuring's memory", () => {
  const more = (width: number, workers: number, ...measure: MeasurementChoice[]) => {
    const trials = trialsOf(study({ widths: [8, width] }));
    const [without, measured] = [{}, { measure }].map(
      (options) => memoryNeed(trials, dataset, workers, options).process,
    );
    return measured - without;
  };

  test("of a wide network's sharpness are 22 vectors and more on every worker that has such a network", () => {
    const vector = 8 * (784 * 4096 + 4096 + 4096 * 10 + 10);
    expect(more(4096, 1, "sharpness")).toBeGreaterThan(22 * vector);
    expect(more(4096, 1, "sharpness")).toBeLessThan(50 * vector);
    expect(more(4096, 2, "sharpness")).toBeLessThan(1.5 * more(4096, 1, "sharpness"));
    // As much as is kept between products, or nothing of it.
    const of = (examples: number) => more(4096, 1, { sharpness: { examples } });
    expect(of(1000) - of(100)).toBeCloseTo(900 * 8 * (784 + 5 * 4106), -3);
    expect(of(6000)).toBeLessThan(of(1000));
  });

  test("of a narrow one's are what is collected late, and of norms is nothing", () => {
    expect(more(9, 2, { sharpness: { examples: 10 } }) / 2).toBeCloseTo(64e6 + 8 * 10 * 784, -7);
    expect(more(9, 2, "weight norms", "margin")).toBe(0);
  });
});

describe("the check", () => {
  const check = (asked: Study, available: number, workers = 2) => {
    checkMemory(trialsOf(asked), dataset, workers, available);
  };

  test("lets pass what fits", () => {
    expect(() => {
      check(study({ widths: [8, 512] }), 1e9);
    }).not.toThrow();
  });

  test("refuses what is too much for the machine, and tells both numbers", () => {
    const { kernel, process } = memoryNeed(trialsOf(study({ widths: [8, 512] })), dataset, 2);
    const need = (kernel + process) / 1e9;
    const refusal = () => {
      check(study({ widths: [8, 512] }), 0.2e9);
    };
    expect(refusal).toThrow(InputError);
    expect(refusal).toThrow(
      `training this with 2 workers takes about ${need.toPrecision(3)} GB of memory, and there are 0.200 GB; ask for`,
    );
  });

  test("refuses measuring that is too much for the machine", () => {
    const asked = trialsOf(study({ widths: [4096] }));
    const check = (options?: MemoryOptions) => () => {
      checkMemory(asked, dataset, 1, 1.2e9, options);
    };
    expect(check()).not.toThrow();
    expect(check({ measure: ["sharpness"] })).toThrow("there are 1.20 GB");
  });

  test("refuses what WebAssembly cannot address, on whatever machine", () => {
    expect(() => {
      check(study({ widths: [], hidden: [65536, 65536] }), Infinity, 1);
    }).toThrow(/^training this with 1 worker takes about 69\.\d GB of WebAssembly's memory, and/);
    // On fewer workers it fits.
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const many = study({ widths: [16_384], seeds });
    expect(() => {
      check(many, Infinity, 16);
    }).toThrow("of WebAssembly's memory, and there are 4.29 GB;");
    check(many, Infinity, 2);
  });
});
