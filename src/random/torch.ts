// torch's CPU generator and its standard normals (`torch.randn` in float32). Nothing else of torch.

import { cos, log, sin } from "../model/elementary.ts";
import { Mt19937 } from "./mt19937.ts";
import { atOnce, inParts, type Parts } from "../base/parts.ts";
import { checkedSeed, LARGEST_SEED_32 } from "./seed.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "./snapshot.ts";

/** Tensors of at least this many values are drawn in blocks of as many. */
const BLOCK = 16;
const HALF = BLOCK / 2;

const TWO_PI_FLOAT32 = Math.fround(2 * Math.PI);

/**
 * The stream of `torch.manual_seed(seed)`. Uniform draws are torch's own. Normals agree within 1e-6 with
 * those that torch makes with AVX2; without AVX2 torch rounds its angles elsewhere and differs by up to 3e-6.
 */
export class TorchGenerator {
  #words: Mt19937;
  #cachedNormal: number | null = null;

  /** Throws InputError unless `seed` is an integer from 0 to 2³² − 1 (torch drops what lies above). */
  constructor(seed: number) {
    this.#words = Mt19937.fromSeed(checkedSeed(seed, LARGEST_SEED_32));
  }

  /** Goes on where `snapshot()` was taken. Throws InputError for anything else than a snapshot of this class. */
  static restore(snapshot: Snapshot): TorchGenerator {
    const { words, cachedNormal } = decodeSnapshot("torch", snapshot);
    const restored = new TorchGenerator(0);
    restored.#words = words;
    restored.#cachedNormal = cachedNormal;
    return restored;
  }

  /** The state in the layout of snapshot.ts. */
  snapshot(): Snapshot {
    return encodeSnapshot("torch", { words: this.#words, cachedNormal: this.#cachedNormal });
  }

  /**
   * `torch.randn` of a tensor with `size` values altogether, row-major, shape (size). Not the same as
   * several draws with that sum: the method depends on the size. Throws RangeError for a size that is none.
   */
  randn(size: number): Float32Array {
    return atOnce(this.randnInParts(size));
  }

  /** `randn(size)` in parts. Nothing else may be drawn before the last of them. */
  *randnInParts(size: number): Parts<Float32Array> {
    checkSize(size);
    return size < BLOCK ? this.#drawSingly(size) : yield* this.#drawBlocks(size);
  }

  /** Leaves the state that `randn(size)` would. */
  skip(size: number): void {
    checkSize(size);
    if (size < BLOCK) {
      this.#drawSingly(size);
    } else {
      this.#words.skip(size % BLOCK === 0 ? size : size + BLOCK);
    }
  }

  /** Box and Muller's method in float64; the second normal of a pair waits for the next small tensor. */
  #drawSingly(size: number): Float32Array {
    const normals = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      if (this.#cachedNormal !== null) {
        normals[i] = this.#cachedNormal;
        this.#cachedNormal = null;
        continue;
      }
      const angle = 2 * Math.PI * this.#uniform53();
      const radius = Math.sqrt(-2 * log(1 - this.#uniform53()));
      this.#cachedNormal = radius * sin(angle);
      normals[i] = radius * cos(angle);
    }
    return normals;
  }

  /** Box and Muller's method in float32; where blocks do not fit, the last one is drawn anew over the end. */
  *#drawBlocks(size: number): Parts<Float32Array> {
    const values = new Float32Array(size);
    yield* inParts(size, (from, to) => {
      for (let i = from; i < to; i++) values[i] = this.#uniform24();
    });
    // Normals are made of uniforms that are there: no more words are drawn, except for an end that is no block.
    yield* inParts(Math.floor(size / BLOCK), (from, to) => {
      for (let block = from; block < to; block++) {
        makeBlockNormal(values.subarray(block * BLOCK, (block + 1) * BLOCK));
      }
    });
    if (size % BLOCK !== 0) {
      const last = values.subarray(size - BLOCK);
      for (let i = 0; i < BLOCK; i++) last[i] = this.#uniform24();
      makeBlockNormal(last);
    }
    return values;
  }

  /** Uniform on the multiples of 2⁻⁵³ in [0, 1): the low 53 bits of two words, the first the higher one. */
  #uniform53(): number {
    const high = this.#words.uint32() & 0x1fffff;
    const low = this.#words.uint32();
    return (high * 0x100000000 + low) / 0x20000000000000;
  }

  /** Uniform on the multiples of 2⁻²⁴ in [0, 1): the low 24 bits of a word. */
  #uniform24(): number {
    return (this.#words.uint32() & 0xffffff) / 0x1000000;
  }
}

/**
 * Turns 16 uniforms into 16 normals: 8 radii and 8 angles into 8 cosines and 8 sines. Every operation is
 * rounded to float32, where torch does so too: an angle's rounding alone can move a normal by 1e-6.
 */
function makeBlockNormal(block: Float32Array): void {
  for (let i = 0; i < HALF; i++) {
    const radius = Math.fround(Math.sqrt(-2 * Math.fround(log(1 - block[i]))));
    const angle = Math.fround(TWO_PI_FLOAT32 * block[i + HALF]);
    block[i] = radius * Math.fround(cos(angle));
    block[i + HALF] = radius * Math.fround(sin(angle));
  }
}

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new RangeError(`size ${size} of a random tensor: expected an integer from 0`);
  }
}
