// Weights in .safetensors, as export/safetensors.ts writes them and torch saves a Sequential: the weight (out, in) and
// bias (out) of layer after layer, under the places of the Linears, ascending.
//
// Layout (https://huggingface.co/docs/safetensors): the length of the header as a little-endian uint64, the header as
// JSON, then the values, which it fills to the last byte.

import { open as openFile, type FileHandle } from "node:fs/promises";
import * as z from "zod";
import { InputError } from "../../base/errors.ts";
import { enumerate } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import { product, shapeText } from "../formats/npz-members.ts";
import { half } from "../formats/npy.ts";
import type { WeightsArray, WithWeights } from "./weights-file.ts";

/** A perceptron's takes some hundred bytes a layer. */
const LONGEST_HEADER = 1 << 20;

/** Bytes that are read at once. */
const PIECE = 1 << 20;

type ReadNumber = (view: DataView, at: number) => number;

/** Its types of floats, with their bytes. */
const FLOATS = new Map<string, readonly [bytes: number, read: ReadNumber]>([
  ["F16", [2, (view, at) => half(view.getUint16(at, true))]],
  ["BF16", [2, (view, at) => brain(view.getUint16(at, true))]],
  ["F32", [4, (view, at) => view.getFloat32(at, true)]],
  ["F64", [8, (view, at) => view.getFloat64(at, true)]],
]);

const size = z.int().nonnegative();
const TENSOR = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
type Tensor = z.infer<typeof TENSOR>;

export const withSafetensors: WithWeights = async (path, signal, use) => {
  const file = await openFile(path);
  try {
    const { tensors, start } = await readHeader(file, path);
    const names = [...tensors.keys()];
    const places = names
      .flatMap((name) => /^(\d{1,6})\.weight$/.exec(name)?.[1] ?? [])
      .sort((a, b) => Number(a) - Number(b));
    const placeOf = (layer: number) => places.at(layer) ?? String(2 * layer);
    return await use({
      names,
      namesOf: (layer) => ({
        weights: `${placeOf(layer)}.weight`,
        biases: `${placeOf(layer)}.bias`,
      }),
      isOfLayer: (name) => /^\d+\.(weight|bias)$/.test(name),
      isTransposed: true,
      open(name, expected) {
        const tensor = tensors.get(name);
        if (tensor === undefined) {
          const found = names.slice(0, 8).map(quote).join(", ");
          throw new InputError(
            `${path} has no tensor ${name}; expected ${enumerate(expected)}, found ${found || "none"}`,
          );
        }
        return Promise.resolve(arrayOf(tensor, `${path}: ${name}`, file, start, signal));
      },
    });
  } finally {
    await file.close();
  }
};

/** `start` is where the values begin. */
async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ tensors: ReadonlyMap<string, Tensor>; start: number }> {
  const { size: bytes } = await file.stat();
  const begin = Buffer.alloc(8);
  await file.read(begin, 0, 8, 0);
  const length = Number(begin.readBigUInt64LE());
  if (bytes < 8 || length > bytes - 8 || length > LONGEST_HEADER)
    throw new InputError(
      `${path} is neither .npz nor .safetensors: as such its header would have ${length} bytes, of ${bytes} and at most ${LONGEST_HEADER}`,
    );
  const text = Buffer.alloc(length);
  await file.read(text, 0, length, 8);
  const tensors = parseHeader(text, path);
  const start = 8 + length;
  const end = Math.max(0, ...[...tensors.values()].map(({ data_offsets: [, to] }) => to));
  if (bytes !== start + end)
    throw new InputError(`${path} has ${bytes} bytes; expected ${start + end}, as its header says`);
  return { tensors, start };
}

function parseHeader(text: Uint8Array, path: string): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
    for (const [name, value] of Object.entries(z.record(z.string(), z.unknown()).parse(json)))
      if (name !== "__metadata__") tensors.set(name, TENSOR.parse(value));
  } catch (cause) {
    throw new InputError(`${path} has a header that is none of .safetensors`, { cause });
  }
  return tensors;
}

function arrayOf(
  { dtype, shape, data_offsets: [from, to] }: Tensor,
  what: string,
  file: FileHandle,
  start: number,
  signal: AbortSignal | undefined,
): WeightsArray {
  const [itemBytes, number] = FLOATS.get(dtype) ?? [0, () => NaN];
  if (itemBytes > 0 && to - from !== product(shape) * itemBytes)
    throw new InputError(
      `${what} has ${to - from} bytes; expected ${product(shape) * itemBytes}, since its header claims the shape ${shapeText(shape)}`,
    );
  return {
    ...{ what, shape, type: dtype, isFloat: itemBytes > 0 },
    async read(take) {
      const piece = Buffer.alloc(Math.min(PIECE, to - from));
      const view = new DataView(piece.buffer, piece.byteOffset);
      for (let at = from; at < to; at += piece.length) {
        signal?.throwIfAborted();
        const wanted = Math.min(piece.length, to - at);
        const { bytesRead } = await file.read(piece, 0, wanted, start + at);
        if (bytesRead < wanted) throw new InputError(`${what} became shorter while it was read`);
        for (let i = 0; i < wanted; i += itemBytes)
          take((at - from + i) / itemBytes, number(view, i));
      }
    },
  };
}

const scratch = new DataView(new ArrayBuffer(4));

/** The value of bfloat16: the upper half of a float32. */
function brain(bits: number): number {
  scratch.setUint16(0, bits);
  return scratch.getFloat32(0);
}
