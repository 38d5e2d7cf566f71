// NumPy's legacy RandomState, draw for draw. Only the distributions that widthwise draws from.

import { log } from "../model/elementary.ts";
import { Mt19937 } from "./mt19937.ts";
import { inParts, type Parts } from "../base/parts.ts";
import { checkedSeed, LARGEST_SEED_32 } from "./seed.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "./snapshot.ts";

/**
 * The stream of `numpy.random.RandomState`, which NumPy has frozen (NEP 19): integers and uniform doubles
 * are equal to NumPy's, normals to about an ulp, the logarithm being our own.
 */
export class NumpyRandomState {
  #words: Mt19937;
  #cachedNormal: number | null = null;

  /**
   * `RandomState(seed)` for a number, `RandomState(list_of_words)` for an array.
   * Throws InputError for a number that is not an integer from 0 to 2³² − 1, RangeError for no words.
   */
  constructor(seed: number | Uint32Array) {
    this.#words =
      typeof seed === "number"
        ? Mt19937.fromSeed(checkedSeed(seed, LARGEST_SEED_32))
        : Mt19937.fromWords(seed);
  }

  /** Goes on where `snapshot()` was taken. Throws InputError for anything else than a snapshot of this class. */
  static restore(snapshot: Snapshot): NumpyRandomState {
    const { words, cachedNormal } = decodeSnapshot("NumPy", snapshot);
    const restored = new NumpyRandomState(0);
    restored.#words = words;
    restored.#cachedNormal = cachedNormal;
    return restored;
  }

  /** The state in the layout of snapshot.ts. */
  snapshot(): Snapshot {
    return this.laterSnapshot()();
  }

  /** Makes the snapshot of now, whatever is drawn by then: of many that may be asked for few are. */
  laterSnapshot(): () => Snapshot {
    const state = { words: this.#words.copy(), cachedNormal: this.#cachedNormal };
    return () => encodeSnapshot("NumPy", state);
  }

  /** Uniform on the multiples of 2⁻⁵³ in [0, 1): `random_sample()`. */
  random(): number {
    return this.#words.double();
  }

  /** Uniform on 0 … n − 1, n from 1 to 2³²: `randint(0, n)` and `choice(n)`, each with size None. */
  randint(n: number): number {
    return this.#below(checkedBound(n) - 1);
  }

  /** `count` draws of `randint(n)`, shape (count). */
  randints(n: number, count: number): Uint32Array {
    const largest = checkedBound(n) - 1;
    const draws = new Uint32Array(count);
    if (largest === 0) return draws;
    const mask = maskOf(largest);
    // Half of the draws may be rejected, unpredictably: counting without a branch is a third faster.
    for (let made = 0; made < count;) {
      const draw = (this.#words.uint32() & mask) >>> 0;
      draws[made] = draw;
      made += Number(draw <= largest);
    }
    return draws;
  }

  /** Leaves the state that `randints(n, count)` would. The draws are made, since rejected ones count too. */
  skipRandints(n: number, count: number): void {
    const largest = checkedBound(n) - 1;
    if (largest === 0) return;
    const mask = maskOf(largest);
    for (let made = 0; made < count;) {
      made += Number((this.#words.uint32() & mask) >>> 0 <= largest);
    }
  }

  /** 0 … n − 1 in random order, shape (n): `permutation(n)`, Fisher–Yates from the end. n from 1. */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: checkedBound(n) }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.#below(i);
      const last = order[i];
      order[i] = order[j];
      order[j] = last;
    }
    return order;
  }

  /** `choice(n, size, replace=False)`, shape (size). Throws RangeError unless size is from 0 to n. */
  choiceWithoutReplacement(n: number, size: number): Uint32Array {
    if (!Number.isInteger(size) || size < 0 || size > n) {
      throw new RangeError(
        `${size} of ${n} without replacement: expected an integer from 0 to ${n}`,
      );
    }
    return this.permutation(n).slice(0, size);
  }

  /**
   * Standard normal: `standard_normal()`, Marsaglia and Bray's polar method (SIAM Review 6(3), 1964).
   * Every second call returns the value that the call before it has cached.
   */
  standardNormal(): number {
    if (this.#cachedNormal !== null) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = null;
      return cached;
    }
    for (;;) {
      const x = 2 * this.#words.double() - 1;
      const y = 2 * this.#words.double() - 1;
      const squaredRadius = x * x + y * y;
      if (squaredRadius >= 1 || squaredRadius === 0) continue;
      const factor = Math.sqrt((-2 * log(squaredRadius)) / squaredRadius);
      this.#cachedNormal = factor * x;
      return factor * y;
    }
  }

  /** `count` draws of `standardNormal()` rounded to float32, shape (count), in parts. */
  *standardNormals(count: number): Parts<Float32Array> {
    const normals = new Float32Array(count);
    yield* inParts(count, (from, to) => {
      for (let i = from; i < to; i++) normals[i] = this.standardNormal();
    });
    return normals;
  }

  /** Uniform on 0 … largest: words cut to the bits of `largest` until one does not exceed it; none for 0. */
  #below(largest: number): number {
    if (largest === 0) return 0;
    const mask = maskOf(largest);
    for (;;) {
      const draw = (this.#words.uint32() & mask) >>> 0;
      if (draw <= largest) return draw;
    }
  }
}

/** All bits up to the highest one of `largest`, which is at least 1. */
function maskOf(largest: number): number {
  return 0xffffffff >>> Math.clz32(largest);
}

function checkedBound(n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
    throw new RangeError(
      `bound ${n} of a random integer: expected an integer from 1 to 4294967296`,
    );
  }
  return n;
}
