// A network in float64, and what examples make of it, slab by slab: what measurements look at.

import { float64 } from "../model/arithmetic.ts";
import { layerInputs, layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import type { NetworkFunctions } from "../model/parts.ts";
import { addProduct, matrix, type Matrix } from "./matrices.ts";

/** Examples of a slab: their inputs and activations stay in a core's cache. */
const SLAB = 64;

/** Prepared examples, as training reads them. */
export interface MeasuredExamples {
  readonly examples: number;
  /** d */
  readonly size: number;
  /** (n, stride) row-major, of which the first d of each row count. */
  readonly inputs: Float32Array;
  readonly stride: number;
  /** (n), class indices. */
  readonly labels: Uint8Array;
}

export class MeasuredNetwork {
  readonly shape: Shape;
  readonly functions: NetworkFunctions;
  /** In float64; biases are zeros where there are none. */
  readonly weights: readonly Matrix[];
  readonly biases: readonly Float64Array[];

  constructor(shape: Shape, functions: NetworkFunctions, parameters: Parameters) {
    const outputs = layerOutputs(shape);
    this.shape = shape;
    this.functions = functions;
    this.weights = layerInputs(shape).map((inputs, layer) =>
      matrix(Float64Array.from(parameters.weights[layer]), inputs, outputs[layer]),
    );
    this.biases = outputs.map((units, layer) =>
      shape.bias === false ? new Float64Array(units) : Float64Array.from(parameters.biases[layer]),
    );
  }
}

/** Some examples and what they make of the layers, from input to output. */
export interface Slab {
  /** Place of the first of them. */
  readonly from: number;
  readonly examples: number;
  /** What each layer reads, (examples, in): the inputs, then the hidden units' activations. */
  readonly reads: readonly Matrix[];
  /** What each layer gives, (examples, out); the last are the scores. */
  readonly preactivations: readonly Matrix[];
}

/** The slabs of the first `count` examples, in their order. */
export function* slabsOf(
  network: MeasuredNetwork,
  examples: MeasuredExamples,
  count = examples.examples,
): Generator<Slab, undefined> {
  const { activation } = network.functions;
  for (let from = 0; from < count; from += SLAB) {
    const rows = Math.min(SLAB, count - from);
    const reads: Matrix[] = [];
    const preactivations: Matrix[] = [];
    let read = inputsOf(examples, from, rows);
    for (const [layer, weights] of network.weights.entries()) {
      const z = new Float64Array(rows * weights.columns);
      addProduct(z, read, weights);
      addToRows(z, network.biases[layer]);
      reads.push(read);
      preactivations.push(matrix(z, rows, weights.columns));
      if (layer === network.weights.length - 1) break;
      const a = z.map((value) => activation.value(value, float64));
      read = matrix(a, rows, weights.columns);
    }
    yield { from, examples: rows, reads, preactivations };
  }
  return undefined;
}

/** Adds `values` (columns) to each row of `rows`, row-major. */
export function addToRows(rows: Float64Array, values: Float64Array): void {
  const columns = values.length;
  for (let at = 0; at < rows.length; at += columns)
    for (let column = 0; column < columns; column++) rows[at + column] += values[column];
}

/** The scores (classes) of each example of a slab. */
export function* scoresOf({
  preactivations,
  from,
}: Slab): Generator<[place: number, Float64Array]> {
  const { values, rows, columns } = preactivations[preactivations.length - 1];
  for (let row = 0; row < rows; row++)
    yield [from + row, values.subarray(row * columns, (row + 1) * columns)];
}

function inputsOf({ inputs, size, stride }: MeasuredExamples, from: number, rows: number): Matrix {
  const values = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const begin = (from + row) * stride;
    values.set(inputs.subarray(begin, begin + size), row * size);
  }
  return matrix(values, rows, size);
}
