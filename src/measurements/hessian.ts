// Exact products of the training objective's Hessian with a vector, by the R-operator (Pearlmutter 1994, "Fast exact
// multiplication by the Hessian"): the derivative of the gradient along the vector, forward and back through the layers.

import { float64 } from "../model/arithmetic.ts";
import { layerBiases, layerOutputs, layerWeights, type Shape } from "../model/network.ts";
import { addProduct, matrix, transposed, type Matrix } from "./matrices.ts";
import {
  addToRows,
  scoresOf,
  slabsOf,
  type MeasuredExamples,
  type MeasuredNetwork,
  type Slab,
} from "./network.ts";

/** What does not depend on the vector is kept between products up to so many bytes, else computed anew. */
const KEPT_BYTES = 256e6;

/** A slab and its gradients: all that its products with vectors need. */
interface Linearized {
  readonly slab: Slab;
  /** dloss/dz of each layer, (examples, out). */
  readonly gradients: readonly Matrix[];
  /** da/dz of each hidden layer. */
  readonly slopes: readonly Float64Array[];
  /** d²a/dz² · dloss/da of each hidden layer. */
  readonly bends: readonly Float64Array[];
}

/** Numbers of a vector of parameters. */
export function parameterCount(shape: Shape): number {
  return [...layerWeights(shape), ...layerBiases(shape)].reduce((a, b) => a + b, 0);
}

/** Of what is kept between products on so many examples. */
export function linearizedBytes(shape: Shape, count: number): number {
  const all = allLinearizedBytes(shape, count);
  return all <= KEPT_BYTES ? all : 0;
}

function allLinearizedBytes(shape: Shape, count: number): number {
  const hidden = layerOutputs(shape).reduce((a, b) => a + b, 0);
  return 8 * count * (shape.inputs + 5 * hidden);
}

/** W₁ b₁ W₂ b₂ … of a vector: parts of its memory. */
function partsIn(vector: Float64Array, { weights, shape }: MeasuredNetwork) {
  const biases = layerBiases(shape);
  let at = 0;
  const next = (count: number) => vector.subarray(at, (at += count));
  return weights.map(({ rows, columns }, layer) => ({
    weights: matrix(next(rows * columns), rows, columns),
    biases: next(biases[layer]),
  }));
}

/**
 * v ↦ H v, H being the Hessian of the mean loss of the first `count` examples + λ/2 · Σ‖W‖², in the order
 * W₁ b₁ W₂ b₂ … of parameters, each W in (in, out) order.
 */
export function hessianProduct(
  network: MeasuredNetwork,
  examples: MeasuredExamples,
  count: number,
  regularization: number,
  mostKept = KEPT_BYTES,
): (vector: Float64Array) => Float64Array {
  const isKept = allLinearizedBytes(network.shape, count) <= mostKept;
  let kept: readonly Linearized[] | null = null;
  function* linearized(): Generator<Linearized> {
    for (const slab of slabsOf(network, examples, count))
      yield linearize(network, slab, examples.labels);
  }
  return (vector) => {
    const product = new Float64Array(vector.length);
    const direction = partsIn(vector, network);
    const out = partsIn(product, network);
    if (isKept) kept ??= [...linearized()];
    for (const one of kept ?? linearized())
      addProducts(network, one, examples.labels, direction, out);
    for (let i = 0; i < product.length; i++) product[i] /= count;
    if (regularization !== 0)
      out.forEach(({ weights: { values } }, layer) => {
        const along = direction[layer].weights.values;
        for (let i = 0; i < values.length; i++) values[i] += regularization * along[i];
      });
    return product;
  };
}

function linearize(
  { weights, functions: { activation, objective } }: MeasuredNetwork,
  slab: Slab,
  labels: Uint8Array,
): Linearized {
  const { preactivations, reads, examples } = slab;
  const top = weights.length - 1;
  const gradients: Matrix[] = [];
  const slopes: Float64Array[] = [];
  const bends: Float64Array[] = [];
  const g = new Float64Array(preactivations[top].values.length);
  for (const [place, scores] of scoresOf(slab))
    g.set(objective.gradient(scores, labels[place], float64), (place - slab.from) * scores.length);
  gradients[top] = matrix(g, examples, weights[top].columns);
  for (let layer = top; layer > 0; layer--) {
    const z = preactivations[layer - 1].values;
    const a = reads[layer].values;
    const passed = new Float64Array(z.length);
    addProduct(passed, gradients[layer], transposed(weights[layer]));
    const slope = z.map((value, i) => activation.slope(value, a[i], float64));
    slopes[layer - 1] = slope;
    bends[layer - 1] = passed.map((value, i) => activation.curvature(z[i], a[i]) * value);
    const below = passed.map((value, i) => slope[i] * value);
    gradients[layer - 1] = matrix(below, examples, weights[layer].rows);
  }
  return { slab, gradients, slopes, bends };
}

/** Adds a slab's part of the product, which is not divided by the number of examples yet. */
function addProducts(
  { weights, functions }: MeasuredNetwork,
  { slab, gradients, slopes, bends }: Linearized,
  labels: Uint8Array,
  direction: ReturnType<typeof partsIn>,
  out: ReturnType<typeof partsIn>,
): void {
  const { examples, reads } = slab;
  const top = weights.length - 1;
  /** By how much what each layer gives moves, and what the layers above the first read. */
  const moved: Float64Array[] = [];
  const movedReads: Matrix[] = [];
  for (let layer = 0; layer <= top; layer++) {
    const { columns } = weights[layer];
    const z = new Float64Array(examples * columns);
    addProduct(z, reads[layer], direction[layer].weights);
    if (layer > 0) addProduct(z, movedReads[layer], weights[layer]);
    if (direction[layer].biases.length > 0) addToRows(z, direction[layer].biases);
    moved.push(z);
    if (layer < top)
      movedReads[layer + 1] = matrix(
        z.map((value, i) => slopes[layer][i] * value),
        examples,
        columns,
      );
  }
  let g = movedGradient(slab, functions.objective, labels, moved[top]);
  for (let layer = top; layer >= 0; layer--) {
    const { weights: sums, biases } = out[layer];
    addProduct(sums.values, transposed(reads[layer]), g);
    if (layer > 0) addProduct(sums.values, transposed(movedReads[layer]), gradients[layer]);
    for (let at = 0; at < g.values.length; at += g.columns)
      for (let unit = 0; unit < biases.length; unit++) biases[unit] += g.values[at + unit];
    if (layer === 0) break;
    const passed = new Float64Array(examples * weights[layer].rows);
    addProduct(passed, gradients[layer], transposed(direction[layer].weights));
    addProduct(passed, g, transposed(weights[layer]));
    const [slope, bend, z] = [slopes[layer - 1], bends[layer - 1], moved[layer - 1]];
    const below = passed.map((value, i) => slope[i] * value + bend[i] * z[i]);
    g = matrix(below, examples, weights[layer].rows);
  }
}

/** By how much the loss's gradient with respect to the scores moves where these do. */
function movedGradient(
  slab: Slab,
  { curvature }: MeasuredNetwork["functions"]["objective"],
  labels: Uint8Array,
  moved: Float64Array,
): Matrix {
  const g = new Float64Array(moved.length);
  let at = 0;
  for (const [place, scores] of scoresOf(slab)) {
    const direction = moved.subarray(at, at + scores.length);
    g.set(curvature(scores, labels[place], direction), at);
    at += scores.length;
  }
  return matrix(g, slab.examples, g.length / slab.examples);
}
