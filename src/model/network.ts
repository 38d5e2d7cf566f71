// The shape of a perceptron and its parameters in logical order, as everything above the kernel sees them.

export interface Shape {
  /** d */
  readonly inputs: number;
  /** Widths of the hidden layers from input to output; empty for softmax regression. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** Left out where layers have biases. */
  readonly bias?: false;
}

/** One weight matrix (in, out) row-major and one bias vector for each layer, from input to output: (out), or (0) without biases. */
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

/** Biases of each layer from input to output. */
export function layerBiases(shape: Shape): number[] {
  return layerOutputs(shape).map((outputs) => (shape.bias === false ? 0 : outputs));
}

/** Weights of each layer from input to output. */
export function layerWeights(shape: Shape): number[] {
  const outputs = layerOutputs(shape);
  return layerInputs(shape).map((inputs, layer) => inputs * outputs[layer]);
}

/** The network with no layer wider than `width` units. */
export function narrowedTo(width: number, shape: Shape): Shape {
  return { ...shape, hidden: shape.hidden.map((units) => Math.min(units, width)) };
}
