// Reads CSV as it comes in: a header or none, then an example a row, numbers, one column of it the label.

import { InputError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { COMMA, CsvRows, type CsvRow } from "./csv-rows.ts";
import { decimal, DECIMAL_COMMA, DECIMAL_POINT } from "./decimal.ts";
import { LabelCollector, type ClassNames } from "./label-collector.ts";
import type { RawExamples } from "./raw.ts";
import { ValueCollector } from "./value-collector.ts";

/** Which columns a file has. */
export interface CsvLayout {
  /** The file's name. */
  readonly what: string;
  /** null where there is no header. */
  readonly names: readonly string[] | null;
  readonly columns: number;
  /** Index of the label's column. */
  readonly label: number;
}

/** A file that another one has to be like. */
export interface CsvTemplate extends CsvLayout {
  readonly classNames: ClassNames;
}

export interface CsvReaderOptions {
  /** How errors call the file. */
  readonly what: string;
  /** Bytes of the file, from which the number of its rows is guessed. */
  readonly bytes: number;
  /** The name of the label's column. */
  readonly label?: string | undefined;
  /** The file that this one has to be like. */
  readonly like?: CsvTemplate | undefined;
  /** Throws where there is no room for so many bytes. */
  readonly checkRoom: (bytes: number, what: string) => void;
}

/** The label's column, where none is named: the one of this name, else the last. */
const LABEL = "label";

/** Rows that there is room for before their number is guessed. */
const FIRST_ROWS = 64;

/** In the place of numbers, others than names: a row of these is no header. */
const NO_NUMBERS = /^\s*([+-]?(nan|inf|infinity)|na|n\/a|null|)\s*$/i;

export class CsvReader {
  readonly #options: CsvReaderOptions;
  readonly #rows: CsvRows;
  #layout: CsvLayout | null = null;
  #examples = 0;
  #values = new ValueCollector(0);
  readonly #labels: LabelCollector;
  /** The byte before the decimals of the numbers so far; null where none had any. */
  #mark: number | null = null;
  /** The file's first bytes. */
  readonly #head: number[] = [];

  constructor(options: CsvReaderOptions) {
    this.#options = options;
    this.#labels = new LabelCollector(0, options.like?.classNames);
    this.#rows = new CsvRows(options.what, (row) => {
      this.#read(row);
    });
  }

  /** Takes the file's next bytes. Throws InputError as soon as they are no numbers of examples. */
  push(bytes: Uint8Array): void {
    if (this.#head.length < 2) this.#head.push(...bytes.subarray(0, 2));
    if (bytes.includes(0)) this.#refuseBinary();
    this.#rows.push(bytes);
  }

  #refuseBinary(): never {
    const [first, second] = this.#head;
    const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    throw new InputError(
      isUtf16
        ? `${this.#options.what} is text in UTF-16; save it as UTF-8`
        : `${this.#options.what} is not text; expected CSV, a .npz file or a folder of IDX files`,
    );
  }

  /** What the file has, now that all of it was pushed. */
  end(): { readonly layout: CsvTemplate; readonly examples: RawExamples } {
    this.#rows.end();
    const [layout, n] = [this.#layout, this.#examples];
    if (layout === null || n === 0)
      throw new InputError(`${this.#options.what} has no examples; expected at least 1`);
    const values = this.#values.first(n * (layout.columns - 1));
    const { labels, classNames } = this.#labels.first(n);
    return {
      layout: { ...layout, classNames },
      examples: { values, labels },
    };
  }

  #read(row: CsvRow): void {
    if (this.#layout === null) {
      this.#layout = readLayout(row, this.#options);
      if (this.#layout.names !== null) return;
    }
    const layout = this.#layout;
    if (row.fields !== layout.columns)
      throw new InputError(
        `${layout.what}, row ${row.number} has ${row.fields} columns; expected ${layout.columns}, as the rows before`,
      );
    this.#makeRoom(row, layout);
    let at = this.#examples * (layout.columns - 1);
    for (let column = 0; column < row.fields; column++) {
      const value = this.#number(row, column, layout);
      if (column === layout.label) this.#readLabel(row, value, layout);
      else if (!this.#values.set(at++, value)) refuseValue(row, column, layout);
    }
    this.#examples++;
  }

  /** Where no comma separates fields, it may stand before decimals, in all numbers or in none. */
  #number(row: CsvRow, column: number, layout: CsvLayout): number {
    const { bytes, separator } = row;
    const [from, to] = [row.from[column], row.to[column]];
    if (separator === COMMA) return decimal(bytes, from, to);
    const mark = markIn(bytes, from, to);
    const value = decimal(bytes, from, to, mark ?? undefined);
    if (mark === null || Number.isNaN(value)) return value;
    this.#mark ??= mark;
    if (this.#mark === mark) return value;
    const before = this.#mark === DECIMAL_COMMA ? "commas" : "points";
    refuse(row, column, layout, `decimals after ${before}, as before`);
  }

  #readLabel(row: CsvRow, value: number, layout: CsvLayout): void {
    const expected = Number.isNaN(value)
      ? this.#labels.word(this.#examples, wordIn(row, layout))
      : this.#labels.number(this.#examples, value);
    if (expected !== null) refuse(row, layout.label, layout, expected);
  }

  /** For as many rows as the file has by its length, where all are as long as those so far. */
  #makeRoom({ end }: CsvRow, { columns }: CsvLayout): void {
    if (this.#examples < this.#labels.capacity) return;
    const guess = this.#examples * (this.#options.bytes / end) * 1.02;
    const rows = Math.ceil(Math.max(FIRST_ROWS, guess, 1.2 * this.#examples));
    this.#options.checkRoom(4 * rows * columns, this.#options.what);
    this.#values.grow(rows * (columns - 1));
    this.#labels.grow(rows);
  }
}

/** What the first row tells: it is a header if it has no number, or the label's name. */
function readLayout(row: CsvRow, { what, label, like }: CsvReaderOptions): CsvLayout {
  const texts = Array.from({ length: row.fields }, (_, column) => text(row, column));
  if (texts.some((name) => /\r(?!\n)/.test(name)))
    throw new InputError(
      `${what} has lines that end with carriage returns alone; save it with line feeds`,
    );
  const isName = texts.map(
    (name, column) =>
      Number.isNaN(decimal(row.bytes, row.from[column], row.to[column])) && !NO_NUMBERS.test(name),
  );
  const isHeader = isName.every(Boolean) || texts.includes(label ?? LABEL);
  const isNamed = isName.some(Boolean) && texts.every((name, at) => isName[at] || name === "");
  // An index that was written, too, would be learned from; and a comma at the end makes a column.
  if ((isHeader || isNamed) && texts.includes(""))
    throw new InputError(
      `${what}, row ${row.number}: column ${texts.indexOf("") + 1} has no name; expected one for each column (pandas writes none above its index; index=False leaves that out)`,
    );
  const names = isHeader ? texts : null;
  const columns = row.fields;
  if (like !== undefined) return checkLike({ what, names, columns, label: like.label }, like);
  if (columns < 2)
    throw new InputError(
      `${what} has 1 column; expected values and a label, with commas, semicolons or tabs between them`,
    );
  const found = texts.filter((name) => name === (label ?? LABEL)).length;
  if (found > 1)
    throw new InputError(`${what} has ${found} columns ${quote(label ?? LABEL)}; expected one`);
  if (label !== undefined && found === 0)
    throw new InputError(
      names === null
        ? `${what} has no header, and so no column ${quote(label)}; leave label out to take the last column`
        : `${what} has no column ${quote(label)}; expected one of ${names.slice(0, 8).map(quote).join(", ")}${names.length > 8 ? ", …" : ""}`,
    );
  return { what, names, columns, label: found === 1 ? texts.indexOf(label ?? LABEL) : columns - 1 };
}

function checkLike(layout: CsvLayout, like: CsvLayout): CsvLayout {
  const { what, names, columns } = layout;
  if (columns !== like.columns)
    throw new InputError(
      `${what} has ${columns} columns; expected ${like.columns}, as ${like.what} has`,
    );
  const other = names?.findIndex((name, column) => name !== (like.names ?? names)[column]) ?? -1;
  if (other >= 0)
    throw new InputError(
      `${what}, column ${other + 1} is ${quote(names?.[other] ?? "")}; expected ${quote(like.names?.[other] ?? "")}, as in ${like.what}`,
    );
  return layout;
}

function refuse(row: CsvRow, column: number, { what, names }: CsvLayout, expected: string): never {
  const name = names === null ? "" : ` (${quote(names[column])})`;
  throw new InputError(
    `${what}, row ${row.number}, column ${column + 1}${name} is ${quote(text(row, column))}; expected ${expected}`,
  );
}

function refuseValue(row: CsvRow, column: number, layout: CsvLayout): never {
  const isWord = /^\p{L}/u.test(text(row, column)) && !NO_NUMBERS.test(text(row, column));
  const words = isWord
    ? "; labels alone may be words, and a column that is no input has no place in the file"
    : "";
  refuse(row, column, layout, `a finite number of float32${words}`);
}

/** What stands before the decimals there; null where there are none. */
function markIn(bytes: Uint8Array, from: number, to: number): number | null {
  for (let at = from; at < to; at++)
    if (bytes[at] === DECIMAL_COMMA || bytes[at] === DECIMAL_POINT) return bytes[at];
  return null;
}

/** Words of other encodings would be the same where their letters are not known. */
function wordIn(row: CsvRow, layout: CsvLayout): string {
  const { bytes, from, to } = row;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(
      bytes.subarray(from[layout.label], to[layout.label]),
    );
  } catch {
    refuse(row, layout.label, layout, "text in UTF-8; save the file as that");
  }
  return text(row, layout.label);
}

/** At most the beginning of a long one. */
function text({ bytes, from, to }: CsvRow, column: number): string {
  const start = from[column];
  const whole = new TextDecoder().decode(bytes.subarray(start, Math.min(to[column], start + 1000)));
  return whole.replaceAll('""', '"').trim();
}
