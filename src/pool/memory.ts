// How much memory training takes: one model for forecasts and for refusals. Knows no machine.

import { InputError } from "../base/errors.ts";
import { plural } from "../base/numbers.ts";
import type { Dataset } from "../data/dataset.ts";
import { KERNEL_MEMORY_LIMIT } from "../kernel/host.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import { structureOf } from "../kernel/structure.ts";
import { measurementOf, type MeasurementChoice } from "../measurements/table.ts";
import { layerWeights } from "../model/network.ts";
import { statesOf, stepsOfPass } from "../model/optimizers/choice.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import { evaluationBytes } from "../training/evaluate.ts";
import { AVERAGE_EVERY } from "../training/train.ts";
import { evaluationsAhead } from "./ahead.ts";
import { examplesName } from "./example-cache.ts";

/** Bytes at the most. */
export interface MemoryNeed {
  /** Of the memory that the worker threads share. */
  readonly kernel: number;
  /** Of the rest of the process. */
  readonly process: number;
}

/** What a trial under way holds beside the kernel: its start, snapshots, what is being kept, and what is collected late. */
const COPIES_PER_TRIAL = 6;

/** Bytes of Node with widthwise and a report that is made at the end, as measured on Linux. */
const PROCESS_BYTES = 150e6;

/** Bytes of a worker thread, as measured on Linux. */
const WORKER_BYTES = 8e6;

/** Bytes of a row of a trajectory. */
const ROW_BYTES = 500;

/** Bytes of a trial that is planned or finished, most of which wait for collection, as measured of runs of 50 000 small ones. */
const TRIAL_BYTES = 5000;

/** Bytes of arrays that V8 lets wait for collection on a thread, as measured of Node 20. */
const WAITING_BYTES = 64e6;

/** What training is asked for beside its trials. */
export interface MemoryOptions {
  /** All of their records stay in memory until the end. */
  readonly keepsRecords?: boolean;
  readonly measure?: readonly MeasurementChoice[] | undefined;
}

/** What it takes to train `trials` on `workers` threads, and to tell of them at the end. Looks at each once. */
export function memoryNeed(
  trials: Iterable<Trial>,
  dataset: Dataset,
  workers: number,
  { keepsRecords = false, measure = [] }: MemoryOptions = {},
): MemoryNeed {
  const row = 4 * paddedInputs(dataset.train.size);
  // Training reads rows, evaluation groups; while they are made, what they are made of is there, too: of the test set always.
  const made = 2 + dataset.train.values.BYTES_PER_ELEMENT / 4;
  // One trial more than workers is under way.
  const most = workers + 1;
  const [networks, weights, sets] = [new Largest(most), new Largest(most), new Largest(most)];
  const measured = new Largest(workers);
  const chosen = new Set<string>();
  let [count, records] = [0, 0];
  for (const trial of trials) {
    const size = sizeOf(trial, dataset);
    networks.add(size.networks);
    weights.add(size.weights);
    sets.add(row * made * trainExamples(trial));
    measured.add(measuringBytes(trial, dataset, measure));
    if (chosen.size < most) chosen.add(examplesName(trial.specification, dataset));
    records += size.record;
    count++;
  }
  const test = row * dataset.test.examples;
  const { train } = dataset;
  return {
    kernel: networks.sum() + sets.sum(chosen.size) + (chosen.size + 1) * test,
    process:
      PROCESS_BYTES +
      WORKER_BYTES * workers +
      (train.examples + dataset.test.examples) * train.size * train.values.BYTES_PER_ELEMENT +
      COPIES_PER_TRIAL * weights.sum() +
      measured.sum() +
      TRIAL_BYTES * count +
      (keepsRecords ? records : 0),
  };
}

/** The largest of many numbers, at most so many. */
class Largest {
  readonly #most: number;
  readonly #values: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(value: number): void {
    if (this.#values.length === this.#most && value <= this.#values[this.#most - 1]) return;
    this.#values.push(value);
    this.#values.sort((a, b) => b - a).splice(this.#most);
  }

  /** Of the `first` largest. */
  sum(first = this.#most): number {
    return sum(this.#values.slice(0, first));
  }
}

/**
 * Throws InputError where `memoryNeed` is more than the kernel or the machine has; `available` bytes are what this
 * process may use altogether.
 */
export function checkMemory(
  trials: Iterable<Trial>,
  dataset: Dataset,
  workers: number,
  available: number,
  options: MemoryOptions = {},
): void {
  const { kernel, process } = memoryNeed(trials, dataset, workers, options);
  const refuse = (bytes: number, kind: string, limit: number) => {
    throw new InputError(
      `training this with ${plural(workers, "worker")} takes about ${gigabytes(bytes)} of ${kind}, and there are ${gigabytes(limit)}; ask for narrower networks, fewer examples, fewer trials or fewer workers`,
    );
  };
  if (kernel + process > available) refuse(kernel + process, "memory", available);
  if (kernel > KERNEL_MEMORY_LIMIT) refuse(kernel, "WebAssembly's memory", KERNEL_MEMORY_LIMIT);
}

/** Bytes of one trial: of its networks in the kernel and their evaluations, of its weights and its optimizer's state, and of its record. */
function sizeOf(trial: Trial, dataset: Dataset) {
  const shape = shapeOf(trial, dataset);
  const { training } = trial.specification;
  const weights = 4 * (1 + statesOf(training)) * sum(layerWeights(shape));
  const steps = stepsOfPass(training, trainExamples(trial));
  const averages = (8 * trial.passes * steps) / AVERAGE_EVERY;
  // Networks beside the one that trains: for snapshots that wait for their evaluation.
  const { snapshots } = evaluationsAhead(trial, dataset);
  const evaluated = structureOf(shape, {}).bytes + evaluationBytes(shape, 0);
  return {
    networks: structureOf(shape, training).bytes + snapshots * evaluated,
    weights,
    record: weights + averages + ROW_BYTES * trial.passes,
  };
}

/** Of the measurement that takes most, on the thread that makes it. */
function measuringBytes(trial: Trial, dataset: Dataset, measure: readonly MeasurementChoice[]) {
  const all = measure.map((choice) => {
    const bytes = measurementOf(choice).bytes?.(shapeOf(trial, dataset), trainExamples(trial));
    return bytes === undefined ? 0 : WAITING_BYTES + bytes;
  });
  return Math.max(0, ...all);
}

function trainExamples({ specification }: Trial): number {
  return specification.data.train_examples;
}

/** In how many ways the examples that the trials are trained on are chosen and prepared. */
export function subsets(trials: readonly Trial[], dataset: Dataset): number {
  return new Set(trials.map(({ specification }) => examplesName(specification, dataset))).size;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
