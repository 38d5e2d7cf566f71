// Values as they come out of a row that anything may have happened to.

import type { Sha256 } from "../../base/sha256.ts";
import { checksum, type Field } from "../checksum.ts";
import { Damage } from "./damage.ts";

export type Value = number | Uint8Array | null;

/** A row as `selected` columns give it: text comes as its bytes. */
export type ValueRow = Readonly<Record<string, Value | undefined>>;

/**
 * Columns for a SELECT, each under its own name. Text is asked for as bytes: the driver ends the process where
 * text is not UTF-8, which a flipped bit can make it.
 */
export function selected(...columns: readonly string[]): string {
  return columns
    .map((column) => {
      const name = column.replace(/^.*\./, "");
      return `iif(typeof(${column}) = 'text', CAST(${column} AS BLOB), ${column}) AS ${name}`;
    })
    .join(", ");
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Reads a row's values by the type that each should have; `what` names the row where one has another. */
export class RowReader {
  readonly #row: ValueRow;
  readonly #what: string;

  constructor(row: ValueRow, what: string) {
    this.#row = row;
    this.#what = what;
  }

  text(column: string): string {
    try {
      return strict.decode(this.bytes(column));
    } catch (cause) {
      throw new Damage(this.#what, { cause });
    }
  }

  textOrNull(column: string): string | null {
    return this.#row[column] === null ? null : this.text(column);
  }

  /** A non-negative integer. */
  count(column: string): number {
    const value = this.#row[column];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw new Damage(this.#what);
  }

  countOrNull(column: string): number | null {
    return this.#row[column] === null ? null : this.count(column);
  }

  /** SQLite has no NaN: it is null. */
  real(column: string): number {
    const value = this.#row[column];
    if (value === null) return NaN;
    if (typeof value === "number") return value;
    throw new Damage(this.#what);
  }

  bytes(column: string): Uint8Array {
    const value = this.#row[column];
    if (value instanceof Uint8Array) return value;
    throw new Damage(this.#what);
  }

  /** Throws Damage unless the row's checksum is the one over `fields`. */
  verifyChecksum(sha256: Sha256, ...fields: readonly Field[]): void {
    if (this.text("seal") !== checksum(sha256, ...fields)) throw new Damage(this.#what);
  }
}
