// What training and evaluating cost: multiply-adds, and the seconds that a calibration found for them.

import { layerOutputs, layerWeights, type Shape } from "../model/network.ts";
import type { Stepping } from "../model/optimizers/choice.ts";
import { stepsOfBlock } from "./blocks.ts";

/** Seconds as a line: fixed + perMultiplyAdd · multiply-adds. */
export interface CostLine {
  readonly fixed: number;
  readonly perMultiplyAdd: number;
}

/** Of one step of SGD on one example, of the evaluation of one, and of keeping what a pass has made of a network. */
export interface Costs {
  readonly step: CostLine;
  readonly evaluation: CostLine;
  readonly keeping: CostLine;
}

/** Of a measurement that takes long: of each example, and once. */
export interface MeasurementCosts {
  readonly example: CostLine;
  readonly whole: CostLine;
  /** Seconds by which a worker's first one takes longer, whose code is cold. */
  readonly first: number;
}

/** What a machine needs, measured by pool/node/calibrate.ts. */
export interface Calibration {
  /** While one worker works. */
  readonly alone: Costs;
  /** While all do, and share caches, memory and the processor's power. */
  readonly allBusy: Costs;
  /** Seconds to start the workers. */
  readonly start: number;
  /** Seconds around a kernel call: to hand it to a worker and its result back. */
  readonly handover: number;
  /** Seconds to standardize an example and to lay it into the kernel's memory. */
  readonly preparation: number;
  /** By measurements' names, of those that take long and were asked for. */
  readonly measurements: ReadonlyMap<string, MeasurementCosts>;
}

/** How many times as long momentum's blocks take as those of plain SGD: a prototype took 1.6 to 1.9. */
const MOMENTUM_BLOCKS = 1.75;

/** How long a batch takes by the example, where it is the block: 0.74 to 0.93 of plain SGD's blocks. */
const BATCHES = 0.85;

/** And what lies around its multiply-adds. */
const BATCH_OVERHEAD = 1 / 3;

/** Multiply-adds that stepping a weight is worth, where each is stepped by itself: Adam's took 16 to 22. */
const UPDATES = { plain: 1, sgd: 2, adam: 18 } as const;

/**
 * Multiply-adds of training on an example: forward and W₁'s update; above, forward, backward and update. Under another
 * stepping than plain SGD's on single examples, those that take as long.
 */
export function stepMultiplyAdds(shape: Shape, stepping: Stepping = {}): number {
  const weights = layerWeights(shape);
  const all = sum(weights);
  const plain = 3 * all - weights[0];
  const { optimizer, batch = 1 } = stepping;
  if (isBlocked(shape, stepping)) return optimizer ? MOMENTUM_BLOCKS * plain : plain;
  return BATCHES * plain + (UPDATES[optimizer?.kind ?? "plain"] * all) / batch;
}

function isBlocked(shape: Shape, stepping: Stepping): boolean {
  return stepsOfBlock(layerOutputs(shape)[0], stepping) > 1;
}

/** Multiply-adds of the evaluation of one example. */
export function evaluationMultiplyAdds(shape: Shape): number {
  return sum(layerWeights(shape));
}

/**
 * What a step and the evaluation of an example take beside their multiply-adds, in multiply-adds: with one hidden layer on
 * 784 inputs, times measured are proportional to 6.5 + width.
 */
const STEP_OVERHEAD = 10_400;
const EVALUATION_OVERHEAD = 5_200;

/** Cost of a pass, in multiply-adds: training on each training example, and the evaluation of both sets. */
export function passCost(
  shape: Shape,
  trainExamples: number,
  testExamples: number,
  stepping: Stepping = {},
): number {
  const step = overhead(STEP_OVERHEAD, shape, stepping) + stepMultiplyAdds(shape, stepping);
  const evaluation = EVALUATION_OVERHEAD + evaluationMultiplyAdds(shape);
  return trainExamples * step + (trainExamples + testExamples) * evaluation;
}

/** Of training on an example. */
export function stepSeconds(
  { step: { fixed, perMultiplyAdd } }: Costs,
  shape: Shape,
  stepping: Stepping = {},
): number {
  const line = { fixed: overhead(fixed, shape, stepping), perMultiplyAdd };
  return at(line, stepMultiplyAdds(shape, stepping));
}

function overhead(ofSingle: number, shape: Shape, stepping: Stepping): number {
  return isBlocked(shape, stepping) ? ofSingle : BATCH_OVERHEAD * ofSingle;
}

export function evaluationSeconds({ evaluation }: Costs, shape: Shape): number {
  return at(evaluation, evaluationMultiplyAdds(shape));
}

export function keepingSeconds({ keeping }: Costs, shape: Shape): number {
  return at(keeping, evaluationMultiplyAdds(shape));
}

/** Of one measurement of so many examples. */
export function measurementSeconds(
  { example, whole }: MeasurementCosts,
  shape: Shape,
  examples: number,
): number {
  const multiplyAdds = evaluationMultiplyAdds(shape);
  return at(whole, multiplyAdds) + examples * at(example, multiplyAdds);
}

/** The line through points of `shape`, or of networks like it, that were stepped so: as steps of single examples have it. */
export function stepLine(
  points: Parameters<typeof lineThrough>[0],
  shape: Shape,
  stepping: Stepping,
): CostLine {
  const { fixed, perMultiplyAdd } = lineThrough(points);
  return { fixed: fixed / overhead(1, shape, stepping), perMultiplyAdd };
}

/** The line through one or two measured points; through one it goes from the origin. */
export function lineThrough(
  points: readonly { readonly multiplyAdds: number; readonly seconds: number }[],
): CostLine {
  const [a, b] = points;
  // A wider network that seems no slower is noise of the measurement.
  if (points.length === 1 || b.multiplyAdds === a.multiplyAdds || b.seconds <= a.seconds) {
    const { multiplyAdds, seconds } = points.at(-1) ?? a;
    return { fixed: 0, perMultiplyAdd: seconds / multiplyAdds };
  }
  const perMultiplyAdd = (b.seconds - a.seconds) / (b.multiplyAdds - a.multiplyAdds);
  return { fixed: a.seconds - perMultiplyAdd * a.multiplyAdds, perMultiplyAdd };
}

function at({ fixed, perMultiplyAdd }: CostLine, multiplyAdds: number): number {
  return fixed + perMultiplyAdd * multiplyAdds;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
