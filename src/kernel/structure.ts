// Where a network's numbers lie in the kernel's memory: the structure that assembly/network.ts and assembly/batches/batch-network.ts
// read. Knows no memory: places are offsets.

import { layerInputs, layerOutputs, type Shape } from "../model/network.ts";
import { statesOf, type Stepping } from "../model/optimizers/choice.ts";
import { blockSize, EVALUATION_BATCH, SLAB, stepsOfBlock } from "./blocks.ts";

export const HEADER_BYTES = 192;
export const LAYER_BYTES = 128;

export interface LayerStructure {
  readonly inputs: number;
  readonly outputs: number;
  readonly paddedInputs: number;
  readonly paddedOutputs: number;
  /** In panels of 8 outputs (outputs / 8, in, 8), else in groups of 4 inputs (in / 4, outputs, 4). */
  readonly inPanels: boolean;
  /** Weights and biases, then what the optimizer keeps of them. */
  readonly numbers: readonly { readonly weights: number; readonly biases: number }[];
  /** Offsets by their place in the layer's entry. */
  readonly scratch: Readonly<Record<number, number>>;
}

export interface Structure {
  readonly bytes: number;
  readonly layers: readonly LayerStructure[];
  /** Offsets and whole numbers by their place in the header. */
  readonly scratch: Readonly<Record<number, number>>;
  readonly header: Readonly<Record<number, number>>;
}

/** Whether steps are those of the kernel's function `trainBatches`. */
export function isBatched(stepping: Stepping): boolean {
  return statesOf(stepping) > 0 || (stepping.batch ?? 1) > 1;
}

/** Values per example as the kernel stores them: d rounded up to a multiple of 4, the rest zero. */
export function paddedInputs(inputs: number): number {
  return roundUp(inputs, 4);
}

export function structureOf(shape: Shape, stepping: Stepping): Structure {
  const batched = isBatched(stepping);
  const { batch = 1 } = stepping;
  const outputs = layerOutputs(shape);
  const inputs = layerInputs(shape);
  const padded = outputs.map((count, index) => roundUp(count, batched || index === 0 ? 8 : 4));
  const dense = paddedInputs(shape.inputs);
  const [first] = padded;
  const top = outputs.length - 1;
  const block = blockSize(outputs[0]);
  const steps = batched ? stepsOfBlock(outputs[0], stepping) : block;
  /** Examples that go through the upper layers at a time. */
  const rows = batched ? roundUp(Math.min(batch, SLAB), 8) : 1;

  let bytes = 0;
  const reserve = (floats: number): number => {
    const offset = bytes;
    bytes = roundUp(bytes + 4 * floats, 64);
    return offset;
  };
  reserve((HEADER_BYTES + LAYER_BYTES * outputs.length) / 4);
  const blockRows = steps > 1 ? block : 0;
  const evaluated = batched ? 0 : first;
  const widest = Math.max(...padded);
  const scratch: Record<number, number> = {
    32: reserve(block + 1), // decay powers
    36: reserve(Math.max(blockRows, rows) * dense), // block inputs
    40: reserve(blockRows * blockRows), // inner products
    44: reserve(first * blockRows), // products
    48: reserve(first * blockRows), // gradients
    52: reserve(first), // biases at the block's start
    56: reserve(block), // coefficients
    60: reserve(2 * outputs.length), // squared norms
    64: reserve(evaluated * EVALUATION_BATCH), // products of the examples under evaluation
    68: reserve(widest), // zeros that sums start with
    72: reserve(evaluated), // what sums start with in an evaluation
    76: reserve(block), // decay powers times the first layer's factor
  };
  if (batched)
    Object.assign(scratch, {
      140: reserve(8 * (steps + 1)), // powers of momentum's step
      144: reserve(first * blockRows), // products with the velocity
      148: reserve(rows * widest), // grouped gradients
      152: reserve(16), // losses of eight examples
      156: reserve(rows), // labels
    });

  const layers = outputs.map((count, index): LayerStructure => {
    const from = index === 0 ? dense : padded[index - 1];
    const to = padded[index];
    const reserveNumbers = () => ({ weights: reserve(from * to), biases: reserve(to) });
    const numbers = Array.from({ length: 1 + statesOf(stepping) }, reserveNumbers);
    const activations = reserve(rows * to);
    const layerScratch: Record<number, number> = {
      20: activations,
      24: reserve(rows * to), // gradients
      // The scores are not activated.
      28: index === top ? activations : reserve(rows * to), // preactivations
    };
    if (batched)
      Object.assign(layerScratch, {
        80: index === 0 ? 0 : reserve(from * to), // transposed weights
        84: index === top ? 0 : reserve(rows * to), // grouped activations
        88: reserve(from * (batch > SLAB ? to : Math.min(16, to))), // sums of the weights' gradients
        92: reserve(to), // and of the biases'
      });
    return {
      inputs: inputs[index],
      outputs: count,
      paddedInputs: from,
      paddedOutputs: to,
      inPanels: batched || index === 0,
      numbers,
      scratch: layerScratch,
    };
  });
  const header = {
    0: shape.inputs,
    4: dense,
    8: outputs.length,
    12: block,
    96: batched ? batch : 0,
    100: steps,
    108: shape.bias === false ? 0 : 1,
  };
  return { bytes, layers, scratch, header };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
