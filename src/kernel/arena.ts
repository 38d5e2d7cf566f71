// Hands out the kernel's linear memory. First fit over a list of gaps; addresses are multiples of 64.

import { WidthwiseError } from "../base/errors.ts";

const PAGE = 65536;
const ALIGNMENT = 64;

interface Gap {
  start: number;
  end: number;
}

export class Arena {
  readonly #memory: WebAssembly.Memory;
  readonly #sizes = new Map<number, number>();
  readonly #isFixed: boolean;
  #gaps: Gap[];

  /**
   * Everything of `memory` from `base` on (the kernel's static data lies below) is the arena's; where an `end` is given, up
   * to that.
   */
  constructor(memory: WebAssembly.Memory, base: number, end?: number) {
    this.#memory = memory;
    this.#isFixed = end !== undefined;
    this.#gaps = [{ start: base, end: end ?? memory.buffer.byteLength }];
  }

  /** Address of `bytes` zeroed bytes. Throws WidthwiseError where memory is exhausted. */
  allocate(bytes: number): number {
    const address = this.reserve(bytes);
    new Uint8Array(this.#memory.buffer, address, bytes).fill(0);
    return address;
  }

  /** As `allocate`, of bytes that hold anything: for what is written wholly before it is read. */
  reserve(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    let gap = this.#gaps.find((candidate) => candidate.end - candidate.start >= size);
    gap ??= this.#grow(size);
    const address = gap.start;
    gap.start += size;
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#sizes.set(address, size);
    return address;
  }

  /** Returns the bytes at an address that `allocate` gave. */
  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new Error(`nothing is allocated at ${address}`);
    this.#sizes.delete(address);
    const gap = { start: address, end: address + size };
    let at = this.#gaps.findIndex(({ start }) => start > address);
    if (at === -1) at = this.#gaps.length;
    const joinsNext = this.#gaps.at(at)?.start === gap.end;
    if (joinsNext) gap.end = this.#gaps[at].end;
    const joinsLast = at > 0 && this.#gaps[at - 1].end === gap.start;
    if (joinsLast) gap.start = this.#gaps[at - 1].start;
    this.#gaps.splice(at - Number(joinsLast), Number(joinsLast) + Number(joinsNext), gap);
  }

  #grow(size: number): Gap {
    if (this.#isFixed) throw new Error(`${size} bytes more than a part of the memory has`);
    const end = this.#memory.buffer.byteLength;
    const last = this.#gaps.at(-1);
    const available = last?.end === end ? end - last.start : 0;
    const pages = Math.ceil((size - available) / PAGE);
    try {
      this.#memory.grow(pages);
    } catch (cause) {
      throw new WidthwiseError(
        `out of memory: ${Math.ceil(size / 2 ** 20)} MiB more were needed beside ${Math.ceil(end / 2 ** 20)} MiB; use fewer workers, a narrower network or fewer examples`,
        { cause },
      );
    }
    if (available > 0 && last) {
      last.end += pages * PAGE;
      return last;
    }
    const gap = { start: end, end: end + pages * PAGE };
    this.#gaps.push(gap);
    return gap;
  }
}
