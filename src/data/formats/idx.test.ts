import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors.ts";
import { parseIdx } from "./idx.ts";

/** An IDX file of unsigned bytes, written the plain way. */
function idx(dimensions: number[], values: ArrayLike<number>): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 8;
  header[3] = dimensions.length;
  dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  return new Uint8Array([...header, ...Array.from(values)]);
}

function faultOf(bytes: Uint8Array): string {
  try {
    parseIdx(bytes, "a.idx");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error("was accepted");
}

const small = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .chain((dimensions) => {
    const length = dimensions.reduce((a, b) => a * b, 1);
    return fc.record({
      dimensions: fc.constant(dimensions),
      values: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

test("what was written is read, as a view", () => {
  fc.assert(
    fc.property(small, ({ dimensions, values }) => {
      const bytes = idx(dimensions, values);
      const read = parseIdx(bytes, "a.idx");
      expect(read.dimensions).toEqual(dimensions);
      expect([...read.values]).toEqual([...values]);
      expect(read.values.buffer).toBe(bytes.buffer);
    }),
  );
});

test("a view into a larger buffer is read where it lies", () => {
  const bytes = new Uint8Array([9, 9, 9, ...idx([2], [5, 6]), 9]).subarray(3, -1);
  expect([...parseIdx(bytes, "a.idx").values]).toEqual([5, 6]);
});

describe("one sentence names the file and the fault", () => {
  test.each([
    ["nothing", new Uint8Array(0), "a.idx is no IDX file: it has 0 bytes"],
    ["a stub", new Uint8Array([0, 0, 8]), "it has 3 bytes, expected a header of at least 8"],
    ["its magic number alone", Uint8Array.of(0, 0, 8, 1), "a header of 1 dimensions takes 8 bytes"],
    ["floats", Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 1, 7), "its magic number is 0x00000d01"],
    [
      "no zeros in front",
      Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 1, 7),
      "its magic number is 0x01000801",
    ],
    ["text", Buffer.from("<!DOCTYPE html>"), "its magic number is 0x3c21444f"],
    ["no dimensions", Uint8Array.of(0, 0, 8, 0, 7), "its magic number is 0x00000800"],
    ["half a header", Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1), "a header of 3 dimensions takes 16"],
    ["an empty dimension", idx([3, 0], []), "its dimensions are 3×0, expected positive ones"],
    ["too little", idx([2, 3], [1, 2, 3, 4, 5]), "is cut short: its header promises 2×3 values, 5"],
    ["four dimensions", idx([1, 1, 1, 2], [1]), "its header promises 1×1×1×2 values, 1 bytes"],
    ["too much", idx([2], [1, 2, 3]), "has trailing bytes: its header promises 2 values, 3 bytes"],
  ])("%s", (_, bytes, message) => {
    expect(faultOf(bytes)).toContain(message);
    expect(faultOf(bytes)).toMatch(/^a\.idx [^\n]+$/);
  });

  test("a product beyond every integer", () => {
    const dimensions = Array.from({ length: 255 }, () => 0xffffffff);
    expect(faultOf(idx(dimensions, [1]))).toContain(
      "promises 4294967295×4294967295×4294967295×4294967295×… values",
    );
  });
});

test("a header that claims four billion values allocates nothing", () => {
  const bytes = idx([0xffffffff], [1, 2, 3]);
  const before = process.memoryUsage();
  for (let i = 0; i < 100; i++) faultOf(bytes);
  const after = process.memoryUsage();
  expect(after.heapTotal + after.arrayBuffers).toBeLessThan(
    before.heapTotal + before.arrayBuffers + 1e8,
  );
});

/** Parses or fails as the user is promised; the values are never more than the file has. */
function survives(bytes: Uint8Array): void {
  try {
    const { dimensions, values } = parseIdx(bytes, "a.idx");
    expect(values.length).toBe(dimensions.reduce((a, b) => a * b, 1));
    expect(values.length).toBeLessThan(bytes.length);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

test("garbage is read or refused, never anything else", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), survives), { numRuns: 2000 });
  const header = fc.tuple(fc.constant([0, 0, 8]), fc.uint8Array({ minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(header, ([magic, rest]) => {
      survives(new Uint8Array([...magic, ...rest]));
    }),
    { numRuns: 2000 },
  );
});

test("a mutated file is read or refused, never anything else", () => {
  const mutation = fc.record({
    at: fc.nat(40),
    byte: fc.integer({ min: 0, max: 255 }),
    cut: fc.nat(3),
    tail: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(small, mutation, ({ dimensions, values }, { at, byte, cut, tail }) => {
      const bytes = idx(dimensions, values);
      bytes[at % bytes.length] = byte;
      survives(new Uint8Array([...bytes.subarray(0, bytes.length - cut), ...tail]));
    }),
    { numRuns: 2000 },
  );
});
