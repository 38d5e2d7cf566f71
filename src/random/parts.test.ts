// In parts of three draws, or of as many as there are by default: the same normals.

import { expect, it, vi } from "vitest";
import { atOnce, type Parts } from "../base/parts.ts";
import { NumpyRandomState } from "./numpy.ts";
import { TorchGenerator } from "./torch.ts";

const part = vi.hoisted(() => ({ size: Infinity }));
vi.mock("../base/parts.ts", async (load) => {
  const parts = await load<typeof import("../base/parts.ts")>();
  return {
    ...parts,
    inParts: (count: number, make: (from: number, to: number) => void) =>
      parts.inParts(count, make, part.size),
  };
});

function inPartsOf(size: number, draw: () => Parts<Float32Array>): Float32Array {
  part.size = size;
  return atOnce(draw());
}

it.each([0, 15, 16, 17, 48, 100])("torch's %d", (size) => {
  const draw = () => new TorchGenerator(5).randnInParts(size);
  expect(inPartsOf(3, draw)).toEqual(inPartsOf(2 ** 20, draw));
});

it.each([0, 1, 3, 10])("NumPy's %d, which are its single ones in float32", (size) => {
  const singly = new NumpyRandomState(5);
  const normals = inPartsOf(3, () => new NumpyRandomState(5).standardNormals(size));
  expect(normals).toEqual(Float32Array.from({ length: size }, () => singly.standardNormal()));
});
