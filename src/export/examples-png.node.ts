// A picture of a data set's first images: a row for each class, grey from the least value to the largest.

import { crc32, deflateSync } from "node:zlib";
import { InputError } from "../base/errors.ts";
import type { Undigested } from "../data/digest.ts";
import { summary } from "../data/summary.ts";

const PER_CLASS = 10;
/** Between images, of these pixels. */
const GAP = 2;
const BACKGROUND = 128;
/** Smaller images are shown larger, by whole pixels. */
const SIDE = 56;
const MAX_PIXELS = 2 ** 25;

/**
 * The first ten training images of each class side by side, as PNG.
 * @throws InputError where examples are no images, or they are too large to be shown.
 */
export function examplesPng({ train, classes, image }: Undigested): Uint8Array {
  if (image === undefined)
    throw new InputError(
      "--out: its examples are no images; write their numbers with --format npz",
    );
  const zoom = Math.max(1, Math.floor(SIDE / Math.max(image.rows, image.columns)));
  const [cellRows, cellColumns] = [image.rows * zoom + GAP, image.columns * zoom + GAP];
  const [height, width] = [classes * cellRows + GAP, PER_CLASS * cellColumns + GAP];
  if (height * width > MAX_PIXELS)
    throw new InputError(
      `--out: a picture of ${width} × ${height} pixels is too large; write the numbers with --format npz`,
    );
  const { smallest, largest } = summary(train, classes);
  const grey = smallest === largest ? 0 : 255 / (largest - smallest);
  const pixels = new Uint8Array(height * width).fill(BACKGROUND);
  const shown = new Uint8Array(classes);
  train.labels.forEach((label, example) => {
    const place = shown[label];
    if (place === PER_CLASS) return;
    shown[label]++;
    const corner = (GAP + label * cellRows) * width + GAP + place * cellColumns;
    for (let row = 0; row < image.rows * zoom; row++)
      for (let column = 0; column < image.columns * zoom; column++) {
        const at = Math.floor(row / zoom) * image.columns + Math.floor(column / zoom);
        pixels[corner + row * width + column] =
          (train.values[example * train.size + at] - smallest) * grey;
      }
  });
  return png(pixels, width, height);
}

/** Pixels (height, width) of 8 bits of grey as PNG (W3C, third edition). */
function png(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  // Each row begins with its filter: none.
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++)
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
