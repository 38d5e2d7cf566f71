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

/** Weights of each layer from input to output. */
export function layerWeights(shape: Shape): number[] {
  const outputs = layerOutputs(shape);
  return layerInputs(shape).map((inputs, layer) => inputs * outputs[layer]);
}
