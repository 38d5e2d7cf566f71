// The picture in a drawing, read by a decoder that is none of ours.

import { crc32, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { png } from "../png.node.ts";
import { figure } from "../svg.ts";
import { pixels } from "./pixels.ts";

const BOX = { x: 0, y: 0, width: 3, height: 2 };
const PALETTE = ["#ff0000", "#00ff00", "#0000ff"];

function bytesOf(drawn: string): Buffer {
  const [, text = ""] = /base64,([^"]*)"/.exec(drawn) ?? [];
  const bytes = Buffer.from(text, "base64");
  expect(bytes.toString("base64")).toBe(text);
  return bytes;
}

test.each([1, 2, 3, 4, 5, 6])(
  "chunks are whole, and rows are the cells (%i columns)",
  (columns) => {
    const cells = Uint8Array.from({ length: 2 * columns }, (_, at) => at % 3);
    const bytes = bytesOf(pixels(cells, columns, PALETTE, BOX));
    expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < bytes.length;) {
      const length = bytes.readUInt32BE(at);
      const body = bytes.subarray(at + 4, at + 8 + length);
      expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
      chunks.set(body.toString("latin1", 0, 4), body.subarray(4));
      at += 12 + length;
    }
    expect([...chunks.keys()]).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
    const header = chunks.get("IHDR") ?? Buffer.alloc(0);
    expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([columns, 2]);
    const rows = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
    expect([...rows]).toEqual([0, ...cells.subarray(0, columns), 0, ...cells.subarray(columns)]);
  },
);

test("it is drawn with sharp edges, the first row at the top", () => {
  const head = { name: "a", title: "a", caption: "a", description: "a" };
  const drawn = figure(head, { width: 2, height: 2 }, pixels(Uint8Array.of(0, 1, 2, 0), 2, PALETTE, { ...BOX, width: 2, height: 2 })); // prettier-ignore
  const sharp = figure(
    head,
    { width: 2, height: 2 },
    ...[["#ff0000", 0, 0], ["#00ff00", 1, 0], ["#0000ff", 0, 1], ["#ff0000", 1, 1]].map(
      ([fill, x, y]) => `<rect x="${x}" y="${y}" width="1" height="1" fill="${fill}"/>`,
    ), // prettier-ignore
  );
  expect(Buffer.from(png(drawn, 8)).equals(Buffer.from(png(sharp, 8)))).toBe(true);
});
