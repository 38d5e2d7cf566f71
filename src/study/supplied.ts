// Records that a plan was supplied with. Of very many the rows lie elsewhere, and each is a hundred bytes, however often it is
// looked at.

import { fromHex, hex } from "../base/sha256.ts";
import type { TrialSpecification } from "../model/trial.ts";
import {
  recordOfRows,
  withoutRows,
  type Ending,
  type RowSource,
  type TrialRecord,
  type WithoutRows,
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

/** Specifications, those of which that follow each other mostly differ in their seeds alone. */
class Specifications {
  readonly #shared: TrialSpecification[] = [];
  readonly #places = new Numbers();
  readonly #seeds = new Numbers();

  set(place: number, specification: TrialSpecification): void {
    const { streams } = specification;
    const latest = this.#shared.at(-1);
    if (latest === undefined || !isButForSeed(specification, latest))
      this.#shared.push(specification);
    this.#places.set(place, this.#shared.length - 1);
    if (streams.kind === "named") this.#seeds.set(place, streams.seed);
  }

  get(place: number): TrialSpecification {
    const shared = this.#shared[this.#places.get(place)];
    const { streams } = shared;
    if (streams.kind !== "named") return shared;
    return { ...shared, streams: { ...streams, seed: this.#seeds.get(place) } };
  }
}

/** Whether two trials are made of the same parts, and have named streams of one study's seed. */
function isButForSeed(
  { streams: a, ...one }: TrialSpecification,
  { streams: b, ...other }: TrialSpecification,
): boolean {
  if (a.kind !== "named" || b.kind !== "named" || a.study_seed !== b.study_seed) return false;
  const names = Object.keys({ ...one, ...other }) as (keyof typeof one)[];
  return names.every((name) => one[name] === other[name]);
}

/** What is known of records beside their rows, by place. */
class Columns {
  readonly keys = new Digests();
  readonly fingerprints = new Digests();
  readonly seconds = new Numbers();
  readonly passes = new Numbers();
  readonly specifications = new Specifications();
  /** Of those that did not finish. */
  readonly endings = new Map<number, Ending>();
  /** Of all rows. */
  source: RowSource | null = null;
}

const FINISHED: Ending = { kind: "finished" };

/** A record's part of the columns. */
class Supplied implements WithoutRows {
  readonly #columns: Columns;
  readonly #place: number;

  constructor(columns: Columns, place: number) {
    this.#columns = columns;
    this.#place = place;
  }

  get key(): string {
    return this.#columns.keys.get(this.#place);
  }

  get specification(): TrialSpecification {
    return this.#columns.specifications.get(this.#place);
  }

  get ending(): Ending {
    return this.#columns.endings.get(this.#place) ?? FINISHED;
  }

  get fingerprint(): string {
    return this.#columns.fingerprints.get(this.#place);
  }

  get seconds(): number {
    return this.#columns.seconds.get(this.#place);
  }

  get passes(): number {
    return this.#columns.passes.get(this.#place);
  }

  get source(): RowSource {
    const { source } = this.#columns;
    if (source === null) throw new Error("a record without rows");
    return source;
  }
}

/** Each under its key, once. */
export class SuppliedRecords {
  #size = 0;
  readonly #columns = new Columns();
  /** By place: those that hold their rows, and those that were looked at, since the same one is to be found again. */
  readonly #records: (TrialRecord | undefined)[] = [];
  /** One more than a place, or 0, where a key's beginning says or next to it. */
  #index = new Uint32Array(1024);

  get size(): number {
    return this.#size;
  }

  /** In the place of one that was there under the key. */
  set(key: string, record: TrialRecord): void {
    if (2 * this.#size >= this.#index.length) this.#growIndex();
    const at = this.#find(key);
    const place = this.#index[at] === 0 ? this.#size++ : this.#index[at] - 1;
    this.#index[at] = place + 1;
    const columns = this.#columns;
    columns.keys.set(place, key);
    const kept = withoutRows(record);
    columns.source ??= kept?.source ?? null;
    const isElsewhere = kept !== null && kept.source === columns.source;
    if (!isElsewhere) {
      this.#records[place] = record;
      return;
    }
    if (this.#records[place] !== undefined) this.#records[place] = undefined;
    columns.fingerprints.set(place, kept.fingerprint);
    columns.seconds.set(place, kept.seconds);
    columns.passes.set(place, kept.passes);
    if (kept.ending.kind === "finished") columns.endings.delete(place);
    else columns.endings.set(place, kept.ending);
  }

  /** `specification` is what the key is of. */
  get(key: string, specification: TrialSpecification): TrialRecord | undefined {
    const place = this.#index[this.#find(key)] - 1;
    if (place < 0) return undefined;
    return (this.#records[place] ??= this.#made(place, specification));
  }

  #made(place: number, specification: TrialSpecification): TrialRecord {
    this.#columns.specifications.set(place, specification);
    return recordOfRows(new Supplied(this.#columns, place));
  }

  /** Where in the index a key is, or has its room. */
  #find(key: string): number {
    let at = parseInt(key.slice(0, 8), 16) % this.#index.length;
    while (this.#index[at] !== 0 && this.#columns.keys.get(this.#index[at] - 1) !== key)
      at = (at + 1) % this.#index.length;
    return at;
  }

  #growIndex(): void {
    this.#index = new Uint32Array(2 * this.#index.length);
    for (let place = 0; place < this.#size; place++)
      this.#index[this.#find(this.#columns.keys.get(place))] = place + 1;
  }
}
