// The shape of a perceptron and its parameters in logical order, as everything above the kernel sees them.

export interface Shape {
  /** d */
  readonly inputs: number;
  /** Widths of the hidden layers from input to output; empty for softmax regression. */
  readonly hidden: readonly number[];
  readonly classes: number;
}

/** One weight matrix (in, out) row-major and one bias vector (out) for each layer, from input to output. */
export interface Parameters<T extends Float32Array | Float64Array = Float32Array> {
  readonly weights: readonly T[];
  readonly biases: readonly T[];
}

/** Outputs of each layer from input to output: hidden widths, then classes. */
export function layerOutputs(shape: Shape): number[] {
  return [...shape.hidden, shape.classes];
}

/** Inputs of each layer from input to output. */
export function layerInputs(shape: Shape): number[] {
  return [shape.inputs, ...shape.hidden];
}

/**
 * Steps in a block of the blocked algorithm for a first layer of `width` outputs. Part of the numerics
 * version: it decides the order of rounding.
 */
export function blockSize(width: number): number {
  return width <= 32 ? 8 : 16;
}

/** Examples whose evaluation losses are added up in one chunk; part of the numerics version. */
export const EVALUATION_CHUNK = 512;

/** Number of chunks of `examples`. */
export function evaluationChunks(examples: number): number {
  return Math.ceil(examples / EVALUATION_CHUNK);
}

/** Examples whose first-layer products are made at a time in an evaluation; decides no bit. */
export const EVALUATION_BATCH = 64;
