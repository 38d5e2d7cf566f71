// What has failed, where nothing else on the page tells of it: one sentence, until the next click.

import { sentence, told } from "../told.ts";

export class Failure {
  readonly #onChange: () => void;
  /** Empty where nothing has. */
  sentence = "";

  /** Whatever fails and is caught by nobody is told. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    addEventListener("unhandledrejection", ({ reason }) => {
      this.tell(reason);
    });
    addEventListener("error", ({ error }) => {
      // Browsers warn by events without one.
      if (error instanceof Error) this.tell(error);
    });
    addEventListener(
      "click",
      ({ target }) => {
        // Who marks the sentence to copy it, clicks, too.
        if (!(target instanceof Element && target.closest("[role=alert] p"))) this.#say("");
      },
      { capture: true },
    );
  }

  tell(error: unknown): void {
    this.#say(sentence(told(error)));
  }

  #say(sentence: string): void {
    if (sentence === this.sentence) return;
    this.sentence = sentence;
    this.#onChange();
  }
}
