// Cuts CSV (RFC 4180) into rows and fields as its bytes come in. Knows nothing of what the fields mean.
//
// What separates fields is told by the first row that is not empty: a comma where it has one, else a semicolon, else a tab.

import { InputError } from "../../base/errors.ts";

/** Bytes of the longest row; an endless one is refused there. */
const LONGEST_ROW = 2 ** 24;
const MOST_FIELDS = 2 ** 20;

const QUOTE = 0x22;
export const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** The mark that some programs begin UTF-8 with. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** One row, which is the next one after `take`: field i is what `bytes` has from from[i] to to[i], quotes left out. */
export interface CsvRow {
  readonly bytes: Uint8Array;
  readonly from: readonly number[];
  readonly to: readonly number[];
  fields: number;
  /** From 1, empty ones counted. */
  number: number;
  /** The byte between fields. */
  separator: number;
  /** Bytes of the file up to its end. */
  end: number;
}

export class CsvRows {
  readonly #what: string;
  readonly #take: (row: CsvRow) => void;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #row = {
    from: this.#from,
    to: this.#to,
    fields: 0,
    number: 0,
    separator: COMMA,
    end: 0,
  };
  #isTold = false;
  #left: Uint8Array = new Uint8Array(0);

  /** Calls `take` for each row that is not empty; `what` names the file in errors. */
  constructor(what: string, take: (row: CsvRow) => void) {
    this.#what = what;
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    const left = joined(this.#left, bytes);
    // Within a long row, what has been looked through is not looked through again.
    if (this.#left.length === 0 || bytes.includes(LINE_FEED)) this.#read(left, false);
    else this.#left = left;
    if (this.#left.length > LONGEST_ROW)
      this.#refuse(`has more than ${LONGEST_ROW} bytes; expected rows that end`);
  }

  end(): void {
    this.#read(this.#left, true);
  }

  /** Takes the whole rows of `bytes`, and keeps what is left. */
  #read(bytes: Uint8Array, isLast: boolean): void {
    const row = this.#row;
    let at = 0;
    while (at < bytes.length) {
      const isMarked = row.end === 0 && BYTE_ORDER_MARK.every((byte, i) => bytes[at + i] === byte);
      const from = isMarked ? at + 3 : at;
      const separator = this.#isTold ? row.separator : separatorAt(bytes, from, isLast);
      if (separator === null) break;
      row.separator = separator;
      const next = this.#split(bytes, from, isLast);
      if (next === null) break;
      row.number++;
      row.end += next - at;
      const isEmpty = row.fields === 1 && row.from[0] === row.to[0] && bytes[row.to[0]] !== QUOTE;
      this.#isTold ||= !isEmpty;
      if (!isEmpty) this.#take({ ...row, bytes });
      at = next;
    }
    this.#left = bytes.subarray(at);
  }

  /** Finds the fields of the row at `at`; where the next row begins, null where this one's end has not come yet. */
  #split(bytes: Uint8Array, at: number, isLast: boolean): number | null {
    const { length } = bytes;
    const { separator } = this.#row;
    for (let field = 0; ; field++) {
      if (field === MOST_FIELDS) this.#refuse(`has more than ${MOST_FIELDS} columns`);
      let [from, end] = [at, at];
      if (bytes[at] === QUOTE) {
        from++;
        end = this.#closingQuote(bytes, from, isLast);
        if (end < 0) return null;
        this.#to[field] = end++;
        if (bytes[end] === RETURN && (end + 1 === length || bytes[end + 1] === LINE_FEED)) end++;
      } else {
        while (end < length && bytes[end] !== separator && bytes[end] !== LINE_FEED) end++;
        const isEnd = end === length || bytes[end] === LINE_FEED;
        this.#to[field] = isEnd && end > from && bytes[end - 1] === RETURN ? end - 1 : end;
      }
      this.#from[field] = from;
      if (end === length && !isLast) return null;
      if (end === length || bytes[end] === LINE_FEED) {
        this.#row.fields = field + 1;
        return end + 1;
      }
      if (bytes[end] !== separator)
        this.#refuse(
          `, column ${field + 1} goes on after its closing quote; expected ${separatorName(separator)}`,
        );
      at = end + 1;
    }
  }

  /** Two quotes stand for one. −1 where the closing one has not come yet. */
  #closingQuote(bytes: Uint8Array, from: number, isLast: boolean): number {
    for (let at = from; ; at += 2) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0 && isLast) this.#refuse("has an opening quote without a closing one");
      if (at < 0 || (at + 1 === bytes.length && !isLast)) return -1;
      if (bytes[at + 1] !== QUOTE) return at;
    }
  }

  #refuse(fault: string): never {
    const space = fault.startsWith(",") ? "" : " ";
    throw new InputError(`${this.#what}, row ${this.#row.number + 1}${space}${fault}`);
  }
}

/** Of the row at `at`, outside of quotes; null where its end has not come yet. */
function separatorAt(bytes: Uint8Array, at: number, isLast: boolean): number | null {
  let [isQuoted, found] = [false, COMMA];
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (byte === COMMA) return COMMA;
    if (byte === LINE_FEED) return found;
    if (byte === SEMICOLON || (byte === TAB && found !== SEMICOLON)) found = byte;
  }
  return isLast ? found : null;
}

function separatorName(separator: number): string {
  return separator === COMMA ? "a comma" : separator === TAB ? "a tab" : "a semicolon";
}

function joined(left: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (left.length === 0) return bytes;
  const both = new Uint8Array(left.length + bytes.length);
  both.set(left);
  both.set(bytes, left.length);
  return both;
}
