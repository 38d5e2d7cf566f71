// The values of examples as a file gives them: bytes as long as each is an integer from 0 to 255, float32 from the
// first one on that is not.

/** Bytes or float32, (n). */
export type Values = Uint8Array | Float32Array;

export class ValueCollector {
  #bytes: Uint8Array;
  #floats: Float32Array | null = null;

  /** Room for `capacity` values. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  get capacity(): number {
    return (this.#floats ?? this.#bytes).length;
  }

  /** Room for `capacity` values, which are at least as many as there is room for. */
  grow(capacity: number): void {
    const grown = this.#floats === null ? new Uint8Array(capacity) : new Float32Array(capacity);
    grown.set(this.#floats ?? this.#bytes);
    if (grown instanceof Float32Array) this.#floats = grown;
    else this.#bytes = grown;
  }

  /** Keeps value number `at`, rounded to float32, −0 as 0; false where that is not finite. */
  set(at: number, value: number): boolean {
    const rounded = Math.fround(value);
    if (this.#floats === null) {
      if ((rounded & 255) === rounded) {
        this.#bytes[at] = rounded;
        return true;
      }
      if (!Number.isFinite(rounded)) return false;
      this.#floats = new Float32Array(this.#bytes);
      this.#bytes = new Uint8Array(0);
    }
    this.#floats[at] = rounded + 0;
    return Number.isFinite(rounded);
  }

  /** The first `length` values, not a copy. */
  first(length: number): Values {
    return (this.#floats ?? this.#bytes).subarray(0, length);
  }
}
