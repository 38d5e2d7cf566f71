// The draws of one fuzzing input: MT19937 seeded by campaign, reader and input, so that any input can be made again.

import { Mt19937 } from "../../dist/random/mt19937.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { utf8 } from "../../dist/base/sha256.js";

export class Random {
  #words;

  /**
   * @param {number} seed
   * @param {string} reader
   * @param {number} input
   */
  constructor(seed, reader, input) {
    const digest = sha256(utf8(`${seed}/${reader}/${input}`));
    this.#words = Mt19937.fromWords(new Uint32Array(digest.slice().buffer));
  }

  /**
   * Uniform on 0 … n − 1.
   * @param {number} n
   */
  below(n) {
    return Math.floor(this.#words.double() * n);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.#words.double() < probability;
  }

  /**
   * @template T
   * @param {readonly T[]} items at least one
   * @returns {T}
   */
  pick(items) {
    return items[this.below(items.length)];
  }

  /** 1, 2, 4, 8, … up to `most`, the small ones as likely as the large: a length to cut or to copy. */
  /** @param {number} most at least 1 */
  length(most) {
    return 1 + this.below(Math.min(most, 2 ** this.below(Math.ceil(Math.log2(most + 1)) + 1)));
  }
}
