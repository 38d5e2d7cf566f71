// Initial parameters that nothing draws, in the store's file, under their digest. To be called within a transaction.

import { hex, type Sha256 } from "../../base/sha256.ts";
import type { DamageReport } from "./damage.ts";
import { GIVEN_SINCE } from "./schema.ts";
import type { StoreFile } from "./store-file.node.ts";

/** Of a row: whether no study and no trial names it. */
const UNNAMED = ["studies", "trials"]
  .map((table) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE instr(specification, digest))`)
  .join(" AND ");

export class GivenTable {
  readonly #file: StoreFile;
  readonly #sha256: Sha256;
  readonly #damages: DamageReport;

  constructor(file: StoreFile, sha256: Sha256, damages: DamageReport) {
    this.#file = file;
    this.#sha256 = sha256;
    this.#damages = damages;
  }

  keep(digest: string, parameters: Uint8Array): void {
    if (this.#read(digest) instanceof Uint8Array) return;
    this.#file.run("REPLACE INTO given VALUES (?, ?)", digest, parameters);
  }

  /** Of all that are kept. */
  digests(): string[] {
    if (this.#file.version < GIVEN_SINCE) return [];
    return this.#file
      .all("SELECT CAST(digest AS BLOB) AS digest FROM given ORDER BY digest")
      .flatMap(({ digest }) =>
        digest instanceof Uint8Array ? new TextDecoder().decode(digest) : [],
      );
  }

  /** null where they are not kept, or damaged, which is told. */
  get(digest: string): Uint8Array | null {
    const found = this.#read(digest);
    if (found !== "damaged") return found;
    this.#damages.tell(
      `store ${this.#file.path}: initial parameters ${digest.slice(0, 12)} are damaged; run a study with the file that has them`,
    );
    return null;
  }

  #read(digest: string): Uint8Array | "damaged" | null {
    if (this.#file.version < GIVEN_SINCE) return null;
    const row = this.#file.get("SELECT parameters FROM given WHERE digest = ?", digest);
    if (row === undefined) return null;
    const { parameters } = row;
    if (!(parameters instanceof Uint8Array)) return "damaged";
    // The driver's are Buffers.
    const bytes = new Uint8Array(parameters);
    return hex(this.#sha256(bytes)) === digest ? bytes : "damaged";
  }

  /** Removes what no study and no trial names. */
  collect(): void {
    this.#file.run(`DELETE FROM given WHERE ${UNNAMED}`);
  }
}
