// Weights as .safetensors, named and shaped as the state of a torch.nn.Sequential(Linear, ReLU, Linear, …): its
// layer l stands at place 2l, and a Linear's weight is (out, in); then mean and deviation of its inputs.
//
// Layout (https://huggingface.co/docs/safetensors): the length of the header as a little-endian uint64, the header as
// JSON, padded with spaces to a multiple of eight, then the values.

import type { Parameters } from "../model/network.ts";
import { utf8 } from "../base/sha256.ts";
import type { Standardization } from "../data/standardize.ts";
import { layersOf, type Layer } from "./layers.ts";

/** `metadata` may hold what its reader is to know, such as the trial's key. */
export function safetensors(
  parameters: Parameters,
  { mean, deviation }: Standardization,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const layers = layersOf(parameters, mean.length).flatMap((layer, index) => [
    {
      name: `${2 * index}.weight`,
      shape: [layer.outputs, layer.inputs],
      values: transposed(layer),
    },
    ...(layer.biases.length === 0
      ? []
      : [{ name: `${2 * index}.bias`, shape: [layer.outputs], values: layer.biases }]),
  ]);
  const tensors = [
    ...layers,
    { name: "mean", shape: [mean.length], values: mean },
    { name: "deviation", shape: [deviation.length], values: deviation },
  ];
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: "F32", shape, data_offsets: [begin, end] };
  }
  const json = utf8(JSON.stringify(header));
  const values = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(values + end).fill(0x20, 8, values);
  new DataView(file.buffer).setBigUint64(0, BigInt(values - 8), true);
  file.set(json, 8);
  // The file's length is a multiple of eight up to here, so floats lie as their type wants them.
  const floats = new Float32Array(file.buffer, values);
  let at = 0;
  for (const tensor of tensors) {
    floats.set(tensor.values, at);
    at += tensor.values.length;
  }
  return file;
}

/** (in, out) to (out, in). */
function transposed({ inputs, outputs, weights }: Layer): Float32Array {
  const result = new Float32Array(weights.length);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) result[o * inputs + i] = weights[i * outputs + o];
  return result;
}
