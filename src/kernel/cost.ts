// What training and evaluating cost: multiply-adds, and the seconds that a calibration found for them.

import { layerInputs, layerOutputs, type Shape } from "../model/network.ts";

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

/** What a machine needs, measured by calibrate.node.ts. */
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
  const [first, ...above] = layerSizes(shape);
  return 2 * first + 3 * above.reduce((sum, size) => sum + size, 0);
}

/** Multiply-adds of the evaluation of one example. */
export function evaluationMultiplyAdds(shape: Shape): number {
  return layerSizes(shape).reduce((sum, size) => sum + size, 0);
}

/** Multiply-adds of a pass: a step for each training example, then the evaluation of both sets. */
export function passMultiplyAdds(shape: Shape, train: number, test: number): number {
  return train * stepMultiplyAdds(shape) + (train + test) * evaluationMultiplyAdds(shape);
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

/** Weights of each layer from input to output. */
function layerSizes(shape: Shape): number[] {
  const outputs = layerOutputs(shape);
  return layerInputs(shape).map((inputs, layer) => inputs * outputs[layer]);
}
