// Loads a network's parameters from a file: which format it is, its content tells.

import { InputError } from "../../base/errors.ts";
import { enumerate } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import {
  layerBiases,
  layerInputs,
  layerOutputs,
  type Parameters,
  type Shape,
} from "../../model/network.ts";
import { product, shapeText } from "../formats/npz-members.ts";
import { checkRoom } from "../files/room.node.ts";
import { lookAt, readable } from "../files/machine.node.ts";
import { withNpz } from "./npz.node.ts";
import { withSafetensors } from "./safetensors.node.ts";
import type { WeightsArray, WeightsFile } from "./weights-file.ts";

/**
 * The parameters of a network of this shape from the .npz or .safetensors file at `path`, as `widthwise export` or torch
 * writes them. Floats of 16 and 64 bits (float16, bfloat16, float64) are rounded to float32, once. Arrays beside those of
 * layers, such as the inputs' mean and deviation, are passed over.
 * @throws InputError where there are none, or they are another network's, or not finite: with file, array and shapes,
 *   before memory is taken for what the file claims.
 * @throws the signal's reason where that aborts.
 */
export async function loadParameters(
  path: string,
  shape: Shape,
  signal?: AbortSignal,
): Promise<Parameters> {
  const { isZip } = await lookAt(path);
  const withFile = isZip ? withNpz : withSafetensors;
  return readable(path, () => withFile(path, signal, (file) => readAll(file, shape, path)));
}

async function readAll(file: WeightsFile, shape: Shape, path: string): Promise<Parameters> {
  const [inputs, outputs, biases] = [layerInputs(shape), layerOutputs(shape), layerBiases(shape)];
  const layers = inputs.map((_, layer) => file.namesOf(layer));
  const expected = layers.flatMap((names, layer) =>
    biases[layer] > 0 ? [names.weights, names.biases] : [names.weights],
  );
  const known = new Set(expected);
  const foreign = file.names.find((name) => file.isOfLayer(name) && !known.has(name));
  if (foreign !== undefined)
    throw new InputError(
      `${path} has ${quote(foreign)}, which the study's network has not; expected ${enumerate(expected)} alone`,
    );
  checkRoom(4 * inputs.reduce((sum, size, at) => sum + size * outputs[at] + biases[at], 0), path);
  const open = async (name: string, dimensions: readonly number[]) => {
    const array = await file.open(name, expected);
    checkArray(array, dimensions);
    return array;
  };
  // All headers before the first number.
  const arrays: { weights: WeightsArray; biases: WeightsArray | null }[] = [];
  for (const [layer, names] of layers.entries()) {
    const [from, to] = [inputs[layer], outputs[layer]];
    arrays.push({
      weights: await open(names.weights, file.isTransposed ? [to, from] : [from, to]),
      biases: biases[layer] === 0 ? null : await open(names.biases, [to]),
    });
  }
  const parameters = { weights: [] as Float32Array[], biases: [] as Float32Array[] };
  for (const array of arrays) {
    parameters.weights.push(await numbersOf(array.weights, file.isTransposed));
    parameters.biases.push(
      array.biases === null ? new Float32Array(0) : await numbersOf(array.biases, false),
    );
  }
  return parameters;
}

function checkArray(
  { what, shape, type, isFloat }: WeightsArray,
  expected: readonly number[],
): void {
  if (!isFloat)
    throw new InputError(
      `${what} holds numbers of type ${quote(type)}; expected floats of 16, 32 or 64 bits`,
    );
  if (shape.length !== expected.length || shape.some((size, at) => size !== expected[at]))
    throw new InputError(
      `${what} has the shape ${shapeText(shape)}; expected ${shapeText(expected)}, as the study's network has`,
    );
}

/** As float32, row-major; of a matrix that is `transposed` the other way round. */
async function numbersOf(array: WeightsArray, transposed: boolean): Promise<Float32Array> {
  const [rows, columns = 1] = array.shape;
  const values = new Float32Array(product(array.shape));
  await array.read((place, value) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    const at = transposed ? column * rows + row : place;
    values[at] = value;
    if (!Number.isFinite(values[at]))
      throw new InputError(
        `${array.what} has ${value} in row ${row}, column ${column} (counted from 0); expected a finite number of float32`,
      );
  });
  return values;
}
