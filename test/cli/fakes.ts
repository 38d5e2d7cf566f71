// Effects that train nothing, for tests of the commands' own logic.

import { PassThrough } from "node:stream";
import type { Context } from "../../src/cli/context.ts";
import type { Effects } from "../../src/cli/effects.ts";
import type { OutputFolder } from "../../src/cli/output/output-folder.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { main } from "../../src/cli/main.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import type { Replay } from "../../src/homework/replay.ts";
import type { StudyResult } from "../../src/study/result.ts";
import type { CalibrationOptions } from "../../src/pool/node/calibrate.ts";
import type { Calibration, Costs } from "../../src/kernel/cost.ts";
import { record } from "../support/outcomes.ts";
import { homeworkResult } from "../support/results.ts";

const SET = { examples: 20, size: 4, values: new Uint8Array(80), labels: new Uint8Array(20) };

const DATASET: Dataset = {
  name: "fashion-mnist",
  classes: 10,
  train: SET,
  test: SET,
  digest: "0".repeat(64),
};

/** A step at width 512 at 10 GMAC/s, an example's evaluation at 20. */
const COSTS: Costs = {
  step: { fixed: 0, perMultiplyAdd: 1e-10 },
  evaluation: { fixed: 0, perMultiplyAdd: 5e-11 },
  keeping: { fixed: 0, perMultiplyAdd: 1e-8 },
};

const CALIBRATION: Calibration = {
  alone: COSTS,
  allBusy: COSTS,
  start: 0,
  handover: 0,
  preparation: 0,
  measurements: new Map(),
};

/** What the fakes were asked for. */
interface Calls {
  readonly outputs: string[];
  readonly workers: number[];
  readonly data: (string | undefined)[];
  readonly studies: StudyResult["study"][];
  readonly calibrations: CalibrationOptions[];
  readonly replaced: (readonly string[])[];
  /** Of the figures of each report. */
  readonly sizes: string[];
  closed: number;
  /** In making reports: whether a signal ends the process where it stands, and what is done. */
  readonly steps: ("mortal" | "listening" | "rendered" | "replaced")[];
}

export interface Stage {
  readonly context: Context;
  readonly calls: Calls;
  readonly interruption: AbortController;
  readonly out: () => string;
  readonly err: () => string;
}

const REPLAY: Replay = {
  streams: [0.1, 0.01, 0.02].map((learning_rate) => ({
    learning_rate,
    before: { train_loss: 2.3, train_accuracy: 0.1, test_loss: 2.3, test_accuracy: 0.1 },
    running_averages: [1.4608998256816126, null],
    after: { train_loss: null, train_accuracy: 0.0985, test_loss: null, test_accuracy: 0.1 },
  })),
  initial_accuracies: { "8": [0.1137, 0.1113] },
  passes_to_interpolation: { "8": null, "32": 55 },
  fingerprints: { "8": "00".repeat(32) },
};

/** Context on the fakes; `changes` puts others in their place. */
export function stage(changes: Partial<Effects> = {}): Stage {
  const calls: Calls = {
    outputs: [],
    workers: [],
    data: [],
    studies: [],
    calibrations: [],
    replaced: [],
    sizes: [],
    ...{ closed: 0, steps: [] },
  };
  const interruption = new AbortController();
  const effects: Effects = {
    loadDataset(_, { directory }) {
      calls.data.push(directory);
      return Promise.resolve({ dataset: DATASET, origin: "a made-up place" });
    },
    loadParameters: () => Promise.reject(new Error("no weights are read here")),
    createPool(_, workers) {
      calls.workers.push(workers);
      return Promise.resolve({
        check: () => undefined,
        turn: () => Promise.reject(new Error("nothing is trained here")),
        close() {
          calls.closed++;
          return Promise.resolve();
        },
      });
    },
    calibrate(options) {
      calls.calibrations.push(options);
      return Promise.resolve(CALIBRATION);
    },
    nodeAdvice: () => null,
    hasSimd: () => true,
    processorSeconds: () => 0,
    chooseSimd: () => Promise.resolve({ revectorized: true, reason: "self-test passed" }),
    findCache: () => Promise.resolve({ directory: "/a/cache", writable: true }),
    openStore: () => Promise.resolve(new MemoryStore()),
    runStudy(study) {
      calls.studies.push(study);
      return Promise.resolve(madeUpResult(study));
    },
    replayNotebook: () => Promise.resolve(REPLAY),
    replayEnsemble: (members) =>
      Promise.resolve({ "32": Array.from({ length: members }, () => 53), "512": [null, 34] }),
    openBrowser: () => undefined,
    renderReport(_, __, size) {
      calls.sizes.push(size);
      calls.steps.push("rendered");
      return Promise.resolve(new Map<string, string>([["summary.json", '{ "eta_star": 0.01 }\n']]));
    },
    findOutputFolder(path) {
      calls.outputs.push(path);
      return Promise.resolve<OutputFolder>({
        path,
        replace(files) {
          calls.replaced.push([...files.keys()]);
          calls.steps.push("replaced");
          return Promise.resolve();
        },
      });
    },
    ...changes,
  };
  const [stdout, out] = gather();
  const [stderr, err] = gather();
  const { signal } = interruption;
  const env = { WIDTHWISE_STORE: "the/store.db" };
  const mortally: Context["mortally"] = async (work) => {
    calls.steps.push("mortal");
    const found = await work();
    calls.steps.push("listening");
    return found;
  };
  const context = { stdout, stderr, env, signal, mortally, now: () => 0, effects };
  return { context, calls, interruption, out, err };
}

/** A command line and what it came to. */
export async function cli(
  args: readonly string[],
  on: Stage = stage(),
): Promise<Stage & { code: number }> {
  const code = await main(args, on.context);
  return { ...on, code };
}

function madeUpResult(study: StudyResult["study"]): StudyResult {
  const seeds = study.streams.kind === "named" ? study.streams.seeds : [null];
  return {
    ...{ id: "e".repeat(64), study, bootstrap: homeworkResult([]).bootstrap },
    search: null,
    learning_rate: 0.005,
    outcomes: study.sweep.width.flatMap((width) =>
      seeds.map((seed) => ({
        point: { values: { width }, seed },
        record: record(width, [
          [2.3, 0.1, 2.3, 0.1],
          [0.1, width > 16 ? 1 : 0.9, 0.5, 0.8],
        ]),
      })),
    ),
    fingerprint: "f".repeat(64),
  };
}

function gather(): [PassThrough, () => string] {
  const stream = new PassThrough();
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return [stream, () => text];
}
