// Reads a stream of bytes: so many of them, then all that follow. Keeps one piece of the stream at a time.

export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; fewer where the stream ends before. */
  async take(count: number): Promise<Uint8Array> {
    while (this.#left.length < count && (await this.#more()));
    const taken = this.#left.subarray(0, count);
    this.#left = this.#left.subarray(count);
    return taken;
  }

  /** All that follow, in pieces whose lengths are multiples of `unit`, but for what is left at the end. */
  async *rest(unit: number): AsyncGenerator<Uint8Array, void> {
    do {
      const whole = this.#left.length - (this.#left.length % unit);
      if (whole > 0) yield this.#left.subarray(0, whole);
      this.#left = this.#left.subarray(whole);
    } while (await this.#more());
    if (this.#left.length > 0) yield this.#left;
  }

  /** Lets go of the stream, which may have more. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    if (this.#left.length === 0) this.#left = next.value;
    else {
      const joined = new Uint8Array(this.#left.length + next.value.length);
      joined.set(this.#left);
      joined.set(next.value, this.#left.length);
      this.#left = joined;
    }
    return true;
  }
}
