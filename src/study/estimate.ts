// How long a study will take: arithmetic on what it has yet to train and on what a calibration measured. Reads no
// clock. How much memory it takes, pool/memory.ts tells.

import type { Dataset } from "../data/dataset.ts";
import { evaluationsBetween } from "../model/evaluation-schedule.ts";
import type { Shape } from "../model/network.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import {
  evaluationSeconds,
  keepingSeconds,
  measurementSeconds,
  stepSeconds,
  type Calibration,
  type Costs,
} from "../kernel/cost.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../measurements/table.ts";
import { pointText } from "../records/point.ts";
import { subsets } from "../pool/memory.ts";
import type { MissingTrial, Remaining } from "./kept/remaining.ts";
import type { PlannedTrial } from "./plans/plan.ts";

export interface Estimate {
  /** Wall seconds from the start of the workers to the last record. */
  readonly seconds: number;
  /** Worker seconds in kernel calls; measurements stand with evaluations. */
  readonly work: { readonly training: number; readonly evaluation: number };
}

/** Estimates what is left of a study for `workers` that can all be busy at once. */
export function estimate(
  { search, sweep }: Pick<Remaining, "search" | "sweep">,
  dataset: Dataset,
  calibration: Calibration,
  workers: number,
  measure: readonly MeasurementChoice[] = [],
): Estimate {
  const { alone, allBusy, handover } = calibration;
  const workOf = (planned: MissingTrial, costs: Costs): Work => {
    const passes = planned.trial.passes - planned.trained;
    const evaluations = evaluationsOf(planned) + (planned.trained === 0 ? 1 : 0);
    const shape = shapeOf(planned.trial, dataset);
    const examples = trainExamples(planned);
    const { training } = planned.trial.specification;
    const evaluated = examples + dataset.test.examples;
    const measured =
      planned.role === "sweep"
        ? sum(measure.map((choice) => measuringSeconds(calibration, choice, shape, examples)))
        : 0;
    return {
      training: passes * (examples * stepSeconds(costs, shape, training) + handover),
      // Each set is a call of its own.
      evaluation:
        evaluations *
        (evaluated * evaluationSeconds(costs, shape) +
          keepingSeconds(costs, shape) +
          2 * handover +
          measured),
    };
  };
  // A trial's passes come one after the other on any number of workers; the last one's evaluation follows.
  const chain = (planned: MissingTrial): number => {
    const { training, evaluation } = workOf(planned, alone);
    return training + evaluation / (evaluationsOf(planned) + 1);
  };
  const spread = (trials: readonly MissingTrial[]): number => {
    const busy = sum(trials.map((planned) => total(workOf(planned, allBusy)))) / workers;
    return Math.max(busy, ...trials.map(chain));
  };

  const firstSeconds = (choice: MeasurementChoice) =>
    calibration.measurements.get(nameOf(choice))?.first ?? 0;

  const all = [...search, ...sweep];
  // What the search has prepared, the sweep finds where it has the same subset.
  const prepared =
    subsets(trialsOf(all), dataset) > 1
      ? preparedExamples(search, dataset) + preparedExamples(sweep, dataset)
      : preparedExamples(all, dataset);
  const work = all.map((planned) => workOf(planned, allBusy));
  return {
    seconds:
      calibration.start +
      prepared * calibration.preparation +
      // The search tries one rate after the other, at all of its places side by side.
      sum(inChunks(search, placesOf(search)).map(spread)) +
      (sweep.length > 0 ? sum(measure.map(firstSeconds)) : 0) +
      spread(sweep),
    work: {
      training: sum(work.map(({ training }) => training)),
      evaluation: sum(work.map(({ evaluation }) => evaluation)),
    },
  };
}

/** Of one network. */
function measuringSeconds(
  { measurements }: Calibration,
  choice: MeasurementChoice,
  shape: Shape,
  trainExamples: number,
): number {
  const costs = measurements.get(nameOf(choice));
  const examples = measurementOf(choice).rehearsal?.examples(trainExamples) ?? 0;
  return costs === undefined ? 0 : measurementSeconds(costs, shape, examples);
}

/** Seeds, and combinations of swept values, that a rate is tried with. */
function placesOf(search: readonly MissingTrial[]): number {
  return Math.max(1, new Set(search.map(({ point }) => pointText(point))).size);
}

function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
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
  const shapes = trials.map(({ trial }) => shapeOf(trial, dataset));
  return [...new Map(shapes.map((shape) => [shape.hidden.join(), shape])).values()];
}

/** Of passes that are to be trained. */
function evaluationsOf({ trial, trained }: MissingTrial): number {
  return evaluationsBetween(trial.specification.evaluate, trained, trial.passes);
}

function trainExamples({ trial }: PlannedTrial): number {
  return trial.specification.data.train_examples;
}

/** Examples that are prepared: of a subset that not all trials share, for every trial anew. */
function preparedExamples(trials: readonly PlannedTrial[], dataset: Dataset): number {
  const each = trials.map((planned) => trainExamples(planned) + dataset.test.examples);
  return subsets(trialsOf(trials), dataset) > 1 ? sum(each) : Math.max(0, ...each);
}

function trialsOf(planned: readonly PlannedTrial[]): Trial[] {
  return planned.map(({ trial }) => trial);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
