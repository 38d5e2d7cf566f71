// The Mersenne Twister MT19937: 32-bit words and doubles from them. Knows no distribution and no library's habits.

/** Words of the state, n of the paper. */
export const STATE_WORDS = 624;

const SHIFT_WORDS = 397;
const MATRIX_A = 0x9908b0df;
const UPPER_MASK = 0x80000000;
const LOWER_MASK = 0x7fffffff;

/** A generator's whole state: what NumPy's `RandomState.get_state()` calls key and pos. */
interface Mt19937State {
  /** (624) */
  readonly key: Uint32Array;
  /** Words of `key` used already, 0 to 624; at 624 the next draw makes 624 new ones first. */
  readonly position: number;
}

/**
 * MT19937 of Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8(1), 1998, with the initializations of their 2002 revision.
 */
export class Mt19937 {
  #key: Uint32Array;
  #position: number;
  /** Whether a copy may read the same key, which is then not to be changed. */
  #isShared = false;

  private constructor(key: Uint32Array, position: number) {
    this.#key = key;
    this.#position = position;
  }

  /** The reference's `init_genrand`; of `seed` the low 32 bits count. */
  static fromSeed(seed: number): Mt19937 {
    const key = new Uint32Array(STATE_WORDS);
    key[0] = seed;
    for (let i = 1; i < STATE_WORDS; i++) {
      key[i] = Math.imul(1812433253, key[i - 1] ^ (key[i - 1] >>> 30)) + i;
    }
    return new Mt19937(key, STATE_WORDS);
  }

  /** The reference's `init_by_array`. Throws RangeError if there are no words. */
  static fromWords(words: Uint32Array): Mt19937 {
    if (words.length === 0) {
      throw new RangeError("MT19937 expects at least one word to be seeded with, got none");
    }
    const generator = Mt19937.fromSeed(19650218);
    const key = generator.#key;
    let i = 1;
    const advance = () => {
      if (++i === STATE_WORDS) {
        key[0] = key[STATE_WORDS - 1];
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(STATE_WORDS, words.length); k++) {
      const j = k % words.length;
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1664525)) + words[j] + j;
      advance();
    }
    for (let k = 1; k < STATE_WORDS; k++) {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1566083941)) - i;
      advance();
    }
    key[0] = UPPER_MASK;
    return generator;
  }

  static fromState(state: Mt19937State): Mt19937 {
    return new Mt19937(state.key.slice(), state.position);
  }

  /** A generator that goes on from here by itself; both have one key until one of them makes new words. */
  copy(): Mt19937 {
    const copy = new Mt19937(this.#key, this.#position);
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** As it is now: its key is the generator's own, which draws change. */
  state(): Mt19937State {
    return { key: this.#key, position: this.#position };
  }

  /** Uniform on 0 … 2³² − 1. */
  uint32(): number {
    if (this.#position === STATE_WORDS) this.#twist();
    let y = this.#key[this.#position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** Uniform on the multiples of 2⁻⁵³ in [0, 1), from two words: the reference's `genrand_res53`. */
  double(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Advances as `count` calls of `uint32` would. */
  skip(count: number): void {
    let left = count;
    while (left > STATE_WORDS - this.#position) {
      left -= STATE_WORDS - this.#position;
      this.#twist();
    }
    this.#position += left;
  }

  #twist(): void {
    if (this.#isShared) this.#key = this.#key.slice();
    this.#isShared = false;
    const key = this.#key;
    const twisted = (word: number, next: number, far: number) => {
      const y = (word & UPPER_MASK) | (next & LOWER_MASK);
      return far ^ (y >>> 1) ^ (-(y & 1) & MATRIX_A);
    };
    const wrap = STATE_WORDS - SHIFT_WORDS;
    for (let i = 0; i < wrap; i++) {
      key[i] = twisted(key[i], key[i + 1], key[i + SHIFT_WORDS]);
    }
    for (let i = wrap; i < STATE_WORDS - 1; i++) {
      key[i] = twisted(key[i], key[i + 1], key[i - wrap]);
    }
    key[STATE_WORDS - 1] = twisted(key[STATE_WORDS - 1], key[0], key[SHIFT_WORDS - 1]);
    this.#position = 0;
  }
}
