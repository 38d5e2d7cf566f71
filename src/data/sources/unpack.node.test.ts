import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../base/errors.ts";
import { hex } from "../../base/sha256.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { unpack } from "./unpack.node.ts";

const plain = new Uint8Array([0, 0, 8, 1, 0, 0, 16, 0, ...randomBytes(4096)]);
const file = { name: "labels", bytes: plain.length, sha256: hex(sha256(plain)) };
const packed = new Uint8Array(gzipSync(plain));

test.each([
  ["gzipped", packed],
  ["plain", plain],
  ["compressed anew", new Uint8Array(gzipSync(plain, { level: 1 }))],
])("%s: what is inside counts", async (_, content) => {
  const { bytes, digest } = await unpack(content, file, "labels.gz");
  expect(Buffer.compare(bytes, plain)).toBe(0);
  expect(hex(digest)).toBe(file.sha256);
});

function altered(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] ^= 1;
  return copy;
}

test.each([
  ["nothing", new Uint8Array(0), "labels.gz is empty"],
  ["a truncated archive", packed.subarray(0, 2000), "is cut short: its gzip stream ends early"],
  ["an archive of nothing", gzipSync(""), "labels.gz is empty"],
  [
    "a damaged archive",
    altered(packed, packed.length - 6),
    "is damaged: its gzip stream is invalid",
  ],
  ["gzip garbage", Uint8Array.of(0x1f, 0x8b, 8, 99, 1, 2, 3), "its gzip stream "],
  ["an altered file", gzipSync(altered(plain, 4000)), "labels.gz was altered: its content has the"],
  ["a wrong magic number", altered(plain, 2), "its magic number is 0x00000901"],
  ["a wrong dimension", gzipSync(altered(plain, 7)), "promises 4097 values, 4096 bytes follow"],
  ["a shorter file", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5), "holds 9 bytes, expected 4104"],
  [
    "a web page",
    Buffer.from("<!DOCTYPE html>\n<html>"),
    'is neither a gzip archive nor an IDX file: it begins with "<!DOCTYPE html> "',
  ],
])("%s is refused with one sentence", async (_, content, message) => {
  const failure: unknown = await unpack(content, file, "labels.gz").catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toContain(message);
  expect((failure as Error).message).toMatch(/^labels\.gz [^\n]+$/);
});

test("an archive that would fill the memory stops at the published size", async () => {
  const bomb = gzipSync(new Uint8Array(300_000_000), { level: 1 });
  const before = process.memoryUsage().rss;
  await expect(unpack(bomb, file, "labels.gz")).rejects.toThrow(
    "labels.gz unpacks to more than the expected 4104 bytes",
  );
  // zlib's sender kept 300 MB of zeros alive; unpacking must add next to nothing to that.
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
});

test("garbage and mutated archives are refused, never anything else", async () => {
  const mutated = fc
    .tuple(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(packed.length))
    .map(([at, change, length]) => {
      const copy = packed.slice(0, length);
      if (at < length) copy[at] ^= change;
      return copy;
    });
  const gzipped = fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(gzipSync(bytes)));
  const garbage = fc.uint8Array({ maxLength: 60 });
  const headed = garbage.map((bytes) => Uint8Array.of(0x1f, 0x8b, 8, ...bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, gzipped, garbage, headed), async (content) => {
      try {
        // A change in the gzip header's time stamp leaves the inside as it was.
        expect(Buffer.compare((await unpack(content, file, "f")).bytes, plain)).toBe(0);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
