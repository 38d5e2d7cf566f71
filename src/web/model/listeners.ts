// Who draws the page, and when they are told to draw it anew.

export class Listeners {
  readonly #all = new Set<() => void>();
  /** Whose turn comes in the next frames. */
  readonly #turns = new Set<() => void>();
  #isForAll = false;

  add(listener: () => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  /** All of them in the next frame. */
  tell(): void {
    this.#isForAll = true;
    this.tellInTurns();
  }

  /** One a frame, so that no frame has all the work. */
  tellInTurns(): void {
    const isWaiting = this.#turns.size > 0;
    for (const listener of this.#all) this.#turns.add(listener);
    if (!isWaiting) this.#soon();
  }

  #soon(): void {
    // In a page that is not seen there are no frames.
    const soon = document.hidden ? setTimeout : requestAnimationFrame;
    soon(() => {
      const turn = [...this.#turns].slice(0, this.#isForAll ? Infinity : 1);
      this.#isForAll = false;
      for (const listener of turn) this.#turns.delete(listener);
      for (const listener of turn) if (this.#all.has(listener)) listener();
      if (this.#turns.size > 0) this.#soon();
    });
  }
}
