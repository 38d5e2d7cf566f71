// Cells of few colors as a picture inside a drawing: a PNG with a palette, some tens of kilobytes for half a million cells.

import { zlibSync } from "fflate";

import { element } from "../svg.ts";

/** Where the picture lies, in px. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `cells`: for each, in rows from the top, its color among at most 256, each "#rrggbb"; drawn without smoothing. */
export function pixels(
  cells: Uint8Array,
  columns: number,
  palette: readonly string[],
  box: Box,
): string {
  return element("image", {
    ...{ ...box, preserveAspectRatio: "none" },
    style: "image-rendering:pixelated",
    href: `data:image/png;base64,${base64(indexedPng(cells, columns, palette))}`,
  });
}

/** As the PNG specification (third edition) has it: color type 3, eight bits a pixel. */
function indexedPng(cells: Uint8Array, columns: number, palette: readonly string[]): Uint8Array {
  const rows = cells.length / columns;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, columns);
  view.setUint32(4, rows);
  header.set([8, 3], 8);
  const colors = palette.flatMap((color) =>
    [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)),
  );
  // Each row begins with its filter: none.
  const lines = new Uint8Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++)
    lines.set(cells.subarray(row * columns, (row + 1) * columns), row * (columns + 1) + 1);
  const chunks = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(colors)),
    chunk("IDAT", zlibSync(lines, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  return joined(chunks);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc32(body));
  const bytes = new Uint8Array(ends.buffer);
  return joined([bytes.subarray(0, 4), body, bytes.subarray(4)]);
}

function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const three = [0, 1, 2].reduce((sum, place) => sum * 256 + (bytes[at + place] ?? 0), 0);
    for (const shift of [18, 12, 6, 0]) text += LETTERS.charAt((three >> shift) & 63);
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - missing) + "=".repeat(missing);
}
