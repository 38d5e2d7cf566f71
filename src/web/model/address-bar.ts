// The browser's address and history: kept up with what the page shows, and followed where somebody else changes them.

import { WidthwiseError } from "../../base/errors.ts";
import { fromHash, isTooLong, toHash, type Shared } from "./address.ts";

/** Milliseconds of rest after which what pointers and keys change is put there: Safari refuses more than 100 changes in 30 s. */
const REST = 350;

export class AddressBar {
  readonly #state: () => Shared;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #putAt = -Infinity;
  /** How often it was somebody else's. */
  followed = 0;

  readonly #refuse: (error: Error) => void;

  /** `follow` is given what a link that is opened, or a step in history, says, and `refuse` why it says nothing. */
  constructor(
    state: () => Shared,
    follow: (shared: Shared) => void,
    refuse: (error: Error) => void,
  ) {
    this.#state = state;
    this.#refuse = refuse;
    addEventListener("hashchange", () => {
      this.#leave();
      const shared = this.opened();
      if (shared === null) return;
      this.followed++;
      follow(shared);
    });
  }

  /** What somebody else has put there; null where that is no study. */
  opened(): Shared | null {
    if (isTooLong(location.hash))
      this.#refuse(
        new WidthwiseError(
          "this address is too long for the lab to read; put the study’s file in the place of the one under YAML",
        ),
      );
    return this.read();
  }

  /** null where the address has no study. */
  read(): Shared | null {
    if (this.#timer !== null) this.put();
    return fromHash(location.hash);
  }

  /** Of what the page shows. */
  get link(): string {
    return new URL(toHash(this.#state()), location.href).href;
  }

  /** Whether what the page shows is more than its address can hold. */
  get isTooShort(): boolean {
    return isTooLong(toHash(this.#state()));
  }

  /** How often one can go back to a map that this one is a part of. */
  get depth(): number {
    const { depth = 0 } = (history.state ?? {}) as { readonly depth?: number };
    return depth;
  }

  /** In the place of the address that is there. */
  put(): void {
    this.#leave();
    this.#putAt = performance.now();
    history.replaceState(history.state, "", this.link);
  }

  /** The same, at rest where something was put there just before. */
  putInTurn(): void {
    if (performance.now() - this.#putAt < REST) this.putAtRest();
    else this.put();
  }

  /** The same, when nothing more has changed for a while. */
  putAtRest(): void {
    this.#leave();
    this.#timer = setTimeout(() => {
      this.put();
    }, REST);
  }

  /** A step that one can go back from. */
  step(shared: Shared, depth = 0): void {
    // What is left is come back to as it was.
    if (this.#timer !== null) this.put();
    history.pushState({ depth }, "", toHash(shared));
  }

  #leave(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
