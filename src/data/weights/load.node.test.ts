// Malformed and foreign files of weights: each is refused with one sentence. What PyTorch writes is read in
// test/data/weights.test.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/data/tiny.ts";
import { InputError } from "../../base/errors.ts";
import type { Shape } from "../../model/network.ts";
import { loadParameters } from "./load.node.ts";

const SHAPE: Shape = { inputs: 3, hidden: [2], classes: 2 };
const W1 = Float32Array.of(1, 2, 3, 4, 5, 6);
const B1 = Float32Array.of(7, 8);
const W2 = Float32Array.of(-1, -0, 1e-45, 3e38);
const B2 = Float32Array.of(9, 10);
const PARAMETERS = { weights: [W1, W2], biases: [B1, B2] };

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), "init");
});

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).not.toContain("\n");
  return (error as Error).message;
}

type Numbers = Float32Array | Float64Array | Uint8Array;
type Arrays = Readonly<Record<string, readonly [values: Numbers, ...shape: number[]]>>;

function npz(arrays: Arrays): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(arrays).map(([name, [values, ...shape]]) => [
        `${name}.npy`,
        new Uint8Array(dump(values, shape)),
      ]),
    ),
  );
}

const LAYERS: Arrays = { w1: [W1, 3, 2], b1: [B1, 2], w2: [W2, 2, 2], b2: [B2, 2] };

const readNpz = (arrays: Arrays, shape = SHAPE) => {
  writeFileSync(path, npz(arrays));
  return loadParameters(path, shape);
};

test(".npz: arrays of layers, and others beside them", async () => {
  expect(await readNpz({ ...LAYERS, mean: [B1, 2] })).toEqual(PARAMETERS);
  // An array whose numbers none of float32 is: each is rounded once.
  const third = Float64Array.of(1 / 3, 2 / 3);
  expect((await readNpz({ ...LAYERS, b2: [third, 2] })).biases[1]).toEqual(new Float32Array(third));
});

describe(".npz is refused:", () => {
  const { w1, w2 } = LAYERS;
  test.each<[string, Arrays, Shape, string]>([
    ["a layer less", { w1, b1: LAYERS.b1 }, SHAPE, "init has no array w2; expected w1, b1, w2 and"],
    [
      "a layer more",
      { ...LAYERS, w3: w2 },
      SHAPE,
      'init has "w3", which the study\'s network has not; expected w1, b1, w2 and b2 alone',
    ],
    ["without biases", { w1, w2 }, SHAPE, "init has no array b1; expected w1, b1"],
    [
      "biases of a network that has none",
      LAYERS,
      { ...SHAPE, bias: false },
      'init has "b1", which the study\'s network has not; expected w1 and w2 alone',
    ],
    [
      "another width",
      LAYERS,
      { ...SHAPE, hidden: [3] },
      "init: w1 has the shape (3, 2); expected (3, 3), as",
    ],
    [
      "other classes",
      { ...LAYERS, b2: [B2.subarray(1), 1] },
      SHAPE,
      "init: b2 has the shape (1); expected (2), as",
    ],
    [
      "the other way round",
      { ...LAYERS, w1: [W1, 2, 3] },
      SHAPE,
      "init: w1 has the shape (2, 3); expected (3, 2), as",
    ],
    [
      "one dimension more",
      { ...LAYERS, b2: [B2, 2, 1] },
      SHAPE,
      "init: b2 has the shape (2, 1); expected (2), as",
    ],
    [
      "one dimension less",
      { ...LAYERS, w2: [B2, 2] },
      SHAPE,
      "init: w2 has the shape (2); expected (2, 2), as",
    ],
    [
      "integers",
      { ...LAYERS, b2: [Uint8Array.of(1, 2), 2] },
      SHAPE,
      'init: b2 holds numbers of type "u1"; expected floats of 16, 32 or 64 bits',
    ],
    [
      "NaN",
      { ...LAYERS, w1: [Float32Array.of(1, 2, 3, NaN, 5, 6), 3, 2] },
      SHAPE,
      "init: w1 has NaN in row 1, column 1 (counted from 0); expected a finite number of float32",
    ],
    [
      "beyond float32",
      { ...LAYERS, b2: [Float64Array.of(1, -1e39), 2] },
      SHAPE,
      "init: b2 has -1e+39 in row 1, column 0 (counted from 0); expected a finite number",
    ],
  ])("%s", async (_, arrays, shape, message) => {
    expect(await refusal(readNpz(arrays, shape))).toContain(message);
  });

  test("a network that no memory holds, before anything of the file is read", async () => {
    const huge = { inputs: 60_000, hidden: [65_536, 65_536, 65_536], classes: 256 };
    expect(await refusal(readNpz(LAYERS, huge))).toContain("init would take 50.2 GB of memory");
  });

  test("a bomb", async () => {
    const bomb = new Float32Array(1 << 22);
    const arrays: Arrays = { ...LAYERS, w1: [bomb, 3, 2] };
    expect(await refusal(readNpz(arrays))).toContain(
      "init: w1 has 16777280 bytes; expected 88, since",
    );
  });
});

type Header = Record<string, unknown>;

const HEADER: Header = {
  __metadata__: { key: "3f" },
  "0.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  "0.bias": { dtype: "F32", shape: [2], data_offsets: [24, 32] },
  "2.weight": { dtype: "F32", shape: [2, 2], data_offsets: [32, 48] },
  "2.bias": { dtype: "F32", shape: [2], data_offsets: [48, 56] },
};
// (out, in)
const VALUES = Float32Array.of(1, 3, 5, 2, 4, 6, 7, 8, -1, 1e-45, -0, 3e38, 9, 10);

function safetensors(header: unknown, values = VALUES): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, new Uint8Array(values.buffer)]);
}

const readBytes = (bytes: Uint8Array, shape = SHAPE) => {
  writeFileSync(path, bytes);
  return loadParameters(path, shape);
};

test(".safetensors: layers by the order of their places", async () => {
  expect(await readBytes(safetensors(HEADER))).toEqual(PARAMETERS);
  const text = JSON.stringify(HEADER).replaceAll('"2.', '"10.').replaceAll('"0.', '"9.');
  expect(await readBytes(safetensors(text))).toEqual(PARAMETERS);
  const reversed = Object.fromEntries(Object.entries(HEADER).reverse());
  expect(await readBytes(safetensors(reversed))).toEqual(PARAMETERS);
});

describe(".safetensors is refused:", () => {
  const changed = (name: string, change: Header) =>
    safetensors({ ...HEADER, [name]: { ...(HEADER[name] as Header), ...change } });
  const withoutBias = Object.fromEntries(
    Object.entries(HEADER).filter(([name]) => name !== "2.bias"),
  );
  test.each<[string, Uint8Array, string]>([
    ["nothing", Buffer.alloc(0), "is neither .npz nor .safetensors"],
    ["a few bytes", Buffer.alloc(7), "is neither .npz nor .safetensors"],
    ["text", Buffer.from("w1,b1,w2,b2\n1,2,3,4\n"), "is neither .npz nor .safetensors"],
    [
      "a header that is longer than the file",
      safetensors(HEADER).fill(0xff, 0, 8),
      "its header would have 18446744073709552000 bytes",
    ],
    [
      "a header that is a little longer than the file",
      safetensors(HEADER).fill(0, 0, 8).fill(4, 1, 2),
      "its header would have 1024 bytes",
    ],
    [
      "a header that is longer than any network's",
      safetensors(JSON.stringify(HEADER).padEnd(2 ** 20 + 1)),
      "its header would have 1048577 bytes",
    ],
    ["no JSON", safetensors("{".repeat(99)), "init has a header that is none of .safetensors"],
    ["deep JSON", safetensors("[".repeat(9e5)), "init has a header that is none of .safetensors"],
    ["a list", safetensors("[]"), "init has a header that is none of .safetensors"],
    [
      "half a value",
      changed("0.bias", { data_offsets: [24, 31.5] }),
      "init has a header that is none of .safetensors",
    ],
    [
      "values that lie before the file",
      changed("0.bias", { data_offsets: [-8, 0] }),
      "init has a header that is none of .safetensors",
    ],
    ["no tensors", safetensors({}, new Float32Array(0)), "init has no tensor 0.weight; expected"],
    ["cut short", safetensors(HEADER).subarray(0, -1), "bytes; expected"],
    ["longer", Buffer.concat([safetensors(HEADER), Buffer.alloc(1)]), "bytes; expected"],
    [
      "fewer values than its shape",
      changed("0.bias", { data_offsets: [24, 28] }),
      "init: 0.bias has 4 bytes; expected 8, since its header claims the shape (2)",
    ],
    [
      "a shape beyond all numbers",
      changed("0.bias", { shape: [2 ** 53 - 1, 2 ** 53 - 1] }),
      "init: 0.bias has 8 bytes; expected 3.2451855365842665e+32, since",
    ],
    [
      "(in, out)",
      changed("0.weight", { shape: [3, 2] }),
      "init: 0.weight has the shape (3, 2); expected (2, 3), as the study's network has",
    ],
    [
      "integers",
      changed("0.bias", { dtype: "I32" }),
      'init: 0.bias holds numbers of type "I32"; expected floats of 16, 32 or 64 bits',
    ],
    [
      "a layer without biases",
      safetensors(withoutBias, VALUES.slice(0, 12)),
      'init has no tensor 2.bias; expected 0.weight, 0.bias, 2.weight and 2.bias, found "0.weight"',
    ],
    [
      "a layer more",
      safetensors({ ...HEADER, "4.weight": HEADER["2.weight"] }),
      'init has "4.weight", which the study\'s network has not',
    ],
  ])("%s", async (_, bytes, message) => {
    expect(await refusal(readBytes(bytes))).toContain(message);
  });

  test("infinity, with its place", async () => {
    const values = VALUES.slice();
    values[4] = Infinity;
    expect(await refusal(readBytes(safetensors(HEADER, values)))).toContain(
      "init: 0.weight has Infinity in row 1, column 1 (counted from 0)",
    );
  });
});

test("what is no file is told", async () => {
  expect(await refusal(loadParameters(path, SHAPE))).toBe(`${path} is missing`);
  expect(await refusal(loadParameters("/", SHAPE))).toBe("/ is no file");
});

test("an interruption ends reading", async () => {
  writeFileSync(path, safetensors(HEADER));
  await expect(loadParameters(path, SHAPE, AbortSignal.abort(new Error("stop")))).rejects.toThrow(
    "stop",
  );
});
