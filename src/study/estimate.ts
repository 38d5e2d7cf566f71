// How long a study will take and how much memory: arithmetic on what it has yet to train and on what a
// calibration measured. Reads no clock.

import type { Dataset } from "../data/dataset.ts";
import { paddedInputs } from "../kernel/network.ts";
import {
  blockSize,
  EVALUATION_BATCH,
  layerInputs,
  layerOutputs,
  type Shape,
} from "../kernel/parameters.ts";
import { evaluationSeconds, stepSeconds, type Calibration, type Costs } from "../workers/cost.ts";
import type { Outlook } from "./outlook.ts";
import type { PlannedTrial } from "./plan.ts";
import type { MissingTrial } from "./walk.ts";

export interface Estimate {
  /** Wall seconds from the start of the workers to the last record. */
  readonly seconds: number;
  /** Worker seconds in kernel calls. */
  readonly work: { readonly training: number; readonly evaluation: number };
  /** Bytes at the most. */
  readonly memory: { readonly kernel: number; readonly process: number };
}

/** What a trial under way holds: the network that trains, and three snapshots that wait for their evaluation. */
const NETWORKS_PER_TRIAL = 4;

/** Bytes that making the report takes at the end: its figures are drawn as pixels. */
const REPORT_BYTES = 60e6;

/** Estimates what is left of a study for `workers` that can all be busy at once. */
export function estimate(
  { search, sweep }: Pick<Outlook, "search" | "sweep">,
  dataset: Dataset,
  calibration: Calibration,
  workers: number,
): Estimate {
  const { alone, together, handover } = calibration;
  const workOf = (planned: MissingTrial, costs: Costs): Work => {
    const passes = planned.trial.passes - planned.trained;
    const evaluations = passes + (planned.trained === 0 ? 1 : 0);
    const shape = shapeOf(planned, dataset);
    const examples = trainExamples(planned);
    const evaluated = examples + dataset.test.examples;
    return {
      training: passes * (examples * stepSeconds(costs, shape) + handover),
      // Each set is a call of its own.
      evaluation: evaluations * (evaluated * evaluationSeconds(costs, shape) + 2 * handover),
    };
  };
  // A trial's passes come one after the other on any number of workers; the last one's evaluation follows.
  const chain = (planned: MissingTrial): number => {
    const { training, evaluation } = workOf(planned, alone);
    return training + evaluation / (planned.trial.passes - planned.trained + 1);
  };
  const spread = (trials: readonly MissingTrial[]): number => {
    const busy = sum(trials.map((planned) => total(workOf(planned, together)))) / workers;
    return Math.max(busy, ...trials.map(chain));
  };

  const all = [...search, ...sweep];
  // What the search has prepared, the sweep finds where it has the same subset.
  const prepared =
    subsets(all, dataset) > 1
      ? preparedExamples(search, dataset) + preparedExamples(sweep, dataset)
      : preparedExamples(all, dataset);
  const work = all.map((planned) => workOf(planned, together));
  return {
    seconds:
      calibration.start +
      prepared * calibration.preparation +
      // The search tries one rate after the other.
      sum(search.map((probe) => spread([probe]))) +
      spread(sweep),
    work: {
      training: sum(work.map(({ training }) => training)),
      evaluation: sum(work.map(({ evaluation }) => evaluation)),
    },
    memory: {
      kernel: kernelBytes(all, dataset, workers),
      process: calibration.processBytes + REPORT_BYTES + recordBytes(all, dataset),
    },
  };
}

interface Work {
  readonly training: number;
  readonly evaluation: number;
}

function total({ training, evaluation }: Work): number {
  return training + evaluation;
}

/** Networks of the trials, each shape once: what a calibration is to measure. */
export function shapesOf(trials: readonly PlannedTrial[], dataset: Dataset): Shape[] {
  const shapes = trials.map((planned) => shapeOf(planned, dataset));
  return [...new Map(shapes.map((shape) => [shape.hidden.join(), shape])).values()];
}

function shapeOf({ trial }: PlannedTrial, { train, classes }: Dataset): Shape {
  return { inputs: train.size, hidden: trial.specification.model.hidden, classes };
}

function trainExamples({ trial }: PlannedTrial): number {
  return trial.specification.data.train_examples;
}

/** Number of subsets of the training examples that the trials are trained on. */
function subsets(trials: readonly PlannedTrial[], { train }: Dataset): number {
  return new Set(
    trials.map((planned) => (trainExamples(planned) < train.examples ? planned.seed : null)),
  ).size;
}

/** Examples that are prepared: of a subset that not all trials share, for every trial anew. */
function preparedExamples(trials: readonly PlannedTrial[], dataset: Dataset): number {
  const each = trials.map((planned) => trainExamples(planned) + dataset.test.examples);
  return subsets(trials, dataset) > 1 ? sum(each) : Math.max(0, ...each);
}

/** Bytes of the kernel's memory while the dearest trials are under way together, one more than workers. */
function kernelBytes(trials: readonly PlannedTrial[], dataset: Dataset, workers: number): number {
  const held = trials
    .map((planned) => NETWORKS_PER_TRIAL * networkBytes(shapeOf(planned, dataset)))
    .sort((a, b) => b - a)
    .slice(0, workers + 1);
  const row = 4 * paddedInputs(dataset.train.size);
  // Training reads rows, evaluation groups; the test set's rows are there while it is prepared.
  const sets = trials.map((planned) => row * 2 * trainExamples(planned)).sort((a, b) => b - a);
  const test = row * dataset.test.examples;
  const copies = Math.min(held.length, subsets(trials, dataset));
  return sum(held) + sum(sets.slice(0, copies)) + (copies + 1) * test;
}

/** A network in the kernel's memory with its scratch space; see KernelNetwork. */
function networkBytes(shape: Shape): number {
  const outputs = layerOutputs(shape);
  const weights = layerInputs(shape).map((inputs, layer) => inputs * outputs[layer]);
  const block = blockSize(outputs[0]);
  const scratch = outputs[0] * (2 * block + EVALUATION_BATCH) + block * shape.inputs;
  return 4 * (sum(weights) + scratch + 3 * sum(outputs));
}

/** Bytes of the weights in all records, which are kept until the end. */
function recordBytes(trials: readonly PlannedTrial[], dataset: Dataset): number {
  return sum(
    trials.map((planned) => {
      const shape = shapeOf(planned, dataset);
      const outputs = layerOutputs(shape);
      return 4 * sum(layerInputs(shape).map((inputs, layer) => inputs * outputs[layer]));
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
