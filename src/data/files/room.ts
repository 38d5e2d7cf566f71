// Whether what is packed can become what it claims, asked before anything is allocated.

import { InputError } from "../../base/errors.ts";

/** No deflated byte becomes more than so many (RFC 1951: 258 bytes from two bits). */
const DEFLATE_RATIO = 1032;

/** What headers and short streams add to that. */
const DEFLATE_SLACK = 1024;

/** Data of more bytes than this do not shrink to less than a hundredth, unless nothing is in them. */
const MOST_BLANK = 2 ** 27;
const BLANK_RATIO = 100;

/** Throws InputError where no data worth training on unpack from `packed` bytes to `bytes`: where a zip bomb does. */
export function checkUnpacked(bytes: number, packed: number, what: string): void {
  if (bytes > MOST_BLANK && bytes > BLANK_RATIO * packed && bytes <= DEFLATE_RATIO * packed)
    throw new InputError(
      `${what} unpacks from ${gigabytes(packed)} to ${gigabytes(bytes)} or more, as a zip bomb does; if it is none, save it uncompressed`,
    );
  if (bytes > DEFLATE_RATIO * packed + DEFLATE_SLACK)
    throw new InputError(
      `${what} claims to unpack from ${packed} bytes to ${bytes}, which no compression of it can`,
    );
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
