// What is stored and is not what was stored: found by whoever reads, told once, and never used.

/** `what` names it within its trial or study. */
export class Damage extends Error {
  override name = "Damage";
  readonly what: string;

  constructor(what: string, options?: ErrorOptions) {
    super(`${what} is damaged`, options);
    this.what = what;
  }
}

/** Tells each damage of a store once. */
export class DamageReport {
  readonly #path: string;
  readonly #onDamage: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(path: string, onDamage: (message: string) => void) {
    this.#path = path;
    this.#onDamage = onDamage;
  }

  /** What `read` finds; null where it meets damage, which is told of `kind` `name`. */
  guard<Found>(kind: "trial" | "study", name: string, read: () => Found): Found | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const instead = kind === "trial" ? "it counts as not trained" : "it counts as not there";
      this.tell(
        `store ${this.#path}: ${kind} ${name.slice(0, 12)}: ${error.what} is damaged; ${instead}`,
      );
      return null;
    }
  }

  tell(message: string): void {
    if (!this.#told.has(message)) this.#onDamage(message);
    this.#told.add(message);
  }
}
