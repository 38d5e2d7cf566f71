// What training and evaluating cost: multiply-adds, and the seconds that a calibration found for them.

import { layerWeights, type Shape } from "../model/network.ts";

/** Seconds as a line: fixed + perMultiplyAdd · multiply-adds. */
export interface CostLine {
  readonly fixed: number;
  readonly perMultiplyAdd: number;
}

/** Of one step of SGD and of the evaluation of one example. */
export interface Costs {
  readonly step: CostLine;
  readonly evaluation: CostLine;
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
}

/** Useful multiply-adds of a step: forward and W₁'s update; above, forward, backward and update. */
export function stepMultiplyAdds(shape: Shape): number {
  const [first, ...above] = layerWeights(shape);
  return 2 * first + 3 * above.reduce((sum, size) => sum + size, 0);
}

/** Multiply-adds of the evaluation of one example. */
export function evaluationMultiplyAdds(shape: Shape): number {
  return layerWeights(shape).reduce((sum, size) => sum + size, 0);
}

/**
 * What a step and the evaluation of an example take beside their multiply-adds, in multiply-adds: with one hidden layer on
 * 784 inputs, times measured are proportional to 6.5 + width.
 */
const STEP_OVERHEAD = 10_400;
const EVALUATION_OVERHEAD = 5_200;

/** Cost of a pass, in multiply-adds: a step for each training example, and the evaluation of both sets. */
export function passCost(shape: Shape, trainExamples: number, testExamples: number): number {
  const step = STEP_OVERHEAD + stepMultiplyAdds(shape);
  const evaluation = EVALUATION_OVERHEAD + evaluationMultiplyAdds(shape);
  return trainExamples * step + (trainExamples + testExamples) * evaluation;
}

export function stepSeconds({ step }: Costs, shape: Shape): number {
  return at(step, stepMultiplyAdds(shape));
}

export function evaluationSeconds({ evaluation }: Costs, shape: Shape): number {
  return at(evaluation, evaluationMultiplyAdds(shape));
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
