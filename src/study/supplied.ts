// Records that a plan was supplied with. Of very many the rows lie elsewhere, and each is a hundred bytes until it is looked at.

import { fromHex, hex } from "../base/sha256.ts";
import type { TrialSpecification } from "../model/trial.ts";
import {
  recordOfRows,
  rowsBehind,
  type Ending,
  type RowSource,
  type TrialRecord,
} from "../records/record.ts";

const DIGEST_BYTES = 32;

/** Values that a piece of a list has, so that a list that grows is never copied. */
const PIECE = 4096;

/** Digests, 64 hex digits each, as their bytes. */
class Digests {
  readonly #pieces: Uint8Array[] = [];

  set(place: number, digest: string): void {
    const [piece, at] = [Math.floor(place / PIECE), (place % PIECE) * DIGEST_BYTES];
    this.#pieces[piece] ??= new Uint8Array(PIECE * DIGEST_BYTES);
    this.#pieces[piece].set(fromHex(digest), at);
  }

  get(place: number): string {
    const at = (place % PIECE) * DIGEST_BYTES;
    return hex(this.#pieces[Math.floor(place / PIECE)].subarray(at, at + DIGEST_BYTES));
  }
}

class Numbers {
  readonly #pieces: Float64Array[] = [];

  set(place: number, value: number): void {
    const piece = Math.floor(place / PIECE);
    this.#pieces[piece] ??= new Float64Array(PIECE);
    this.#pieces[piece][place % PIECE] = value;
  }

  get(place: number): number {
    return this.#pieces[Math.floor(place / PIECE)][place % PIECE];
  }
}

/** Each under its key, once. */
export class SuppliedRecords {
  #size = 0;
  readonly #keys = new Digests();
  readonly #fingerprints = new Digests();
  readonly #seconds = new Numbers();
  readonly #passes = new Numbers();
  /** Of those that did not finish, by place. */
  readonly #endings = new Map<number, Ending>();
  /** Of all rows that lie elsewhere. */
  #source: RowSource | null = null;
  /** By place: those that hold their rows, and those that were looked at, since the same one is to be found again. */
  readonly #records: (TrialRecord | undefined)[] = [];
  /** One more than a place, or 0, where a key's beginning says or next to it. */
  #index = new Uint32Array(1024);

  get size(): number {
    return this.#size;
  }

  /** In the place of one that was there under the key. */
  set(key: string, record: TrialRecord): void {
    const { fingerprint, ending, seconds } = record;
    if (2 * this.#size >= this.#index.length) this.#growIndex();
    const at = this.#find(key);
    const place = this.#index[at] === 0 ? this.#size++ : this.#index[at] - 1;
    this.#index[at] = place + 1;
    this.#keys.set(place, key);
    const { source, passes } = rowsBehind(record) ?? { source: null, passes: NaN };
    this.#source ??= source;
    if (source === null || source !== this.#source) {
      this.#records[place] = record;
      return;
    }
    if (this.#records[place] !== undefined) this.#records[place] = undefined;
    this.#fingerprints.set(place, fingerprint);
    this.#seconds.set(place, seconds);
    this.#passes.set(place, passes);
    if (ending.kind === "finished") this.#endings.delete(place);
    else this.#endings.set(place, ending);
  }

  /** `specification` is what the key is of. */
  get(key: string, specification: TrialSpecification): TrialRecord | undefined {
    const place = this.#index[this.#find(key)] - 1;
    if (place < 0) return undefined;
    return (this.#records[place] ??= this.#made(place, { key, specification }));
  }

  #made(place: number, trial: Pick<TrialRecord, "key" | "specification">): TrialRecord {
    if (this.#source === null) throw new Error("a record without rows");
    const head = {
      ...trial,
      ending: this.#endings.get(place) ?? ({ kind: "finished" } as const),
      fingerprint: this.#fingerprints.get(place),
      seconds: this.#seconds.get(place),
    };
    return recordOfRows(head, this.#source, this.#passes.get(place));
  }

  /** Where in the index a key is, or has its room. */
  #find(key: string): number {
    let at = parseInt(key.slice(0, 8), 16) % this.#index.length;
    while (this.#index[at] !== 0 && this.#keys.get(this.#index[at] - 1) !== key)
      at = (at + 1) % this.#index.length;
    return at;
  }

  #growIndex(): void {
    this.#index = new Uint32Array(2 * this.#index.length);
    for (let place = 0; place < this.#size; place++)
      this.#index[this.#find(this.#keys.get(place))] = place + 1;
  }
}
