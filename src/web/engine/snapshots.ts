// What training can go on from after earlier passes, so that one can go back to any: within a budget of memory, with ever
// longer ways between them.

import type { Pool } from "../../pool/pool.ts";
import type { Checkpoint, TrainedPass } from "../../records/record.ts";

const BUDGET = 128e6;

export class Snapshots {
  readonly #kept = new Map<string, Map<number, Checkpoint>>();
  #stride = 1;
  #bytes = 0;

  add(key: string, { checkpoint }: TrainedPass): void {
    if (checkpoint.pass % this.#stride !== 0) return;
    const ofTrial = this.#kept.get(key) ?? new Map<number, Checkpoint>();
    this.#kept.set(key, ofTrial);
    if (!ofTrial.has(checkpoint.pass)) this.#bytes += bytesOf(checkpoint);
    ofTrial.set(checkpoint.pass, checkpoint);
    while (this.#bytes > BUDGET) this.#thin();
  }

  /** The latest up to a pass; null for the start. */
  before(key: string, pass: number): Checkpoint | null {
    const passes = [...(this.#kept.get(key)?.keys() ?? [])].filter((one) => one <= pass);
    return this.#kept.get(key)?.get(Math.max(...passes)) ?? null;
  }

  #thin(): void {
    this.#stride *= 2;
    for (const ofTrial of this.#kept.values())
      for (const [pass, checkpoint] of ofTrial) {
        if (pass % this.#stride === 0 && this.#stride < 2 ** 20) continue;
        ofTrial.delete(pass);
        this.#bytes -= bytesOf(checkpoint);
      }
  }
}

function bytesOf({ parameters, state, order }: Checkpoint): number {
  const arrays = [parameters, ...state].flatMap(({ weights, biases }) => [...weights, ...biases]);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, order.byteLength);
}

/** The pool, with somebody who sees every pass that it trains. */
export function watched(pool: Pool, onPass: (key: string, pass: TrainedPass) => void): Pool {
  return {
    check: (trials, options) => {
      pool.check(trials, options);
    },
    async turn(trial, options) {
      const turn = await pool.turn(trial, options);
      return {
        ...turn,
        async *train(from) {
          const training = turn.train(from);
          try {
            for (;;) {
              const next = await training.next();
              if (next.done === true) return next.value;
              onPass(turn.key, next.value);
              yield next.value;
            }
          } finally {
            await training.return({ ending: { kind: "finished" }, fingerprint: "" });
          }
        },
      };
    },
  };
}
