// The labels of examples as a file gives them: numbers of classes, or words, which are counted in their order.

import { quote } from "../../base/quote.ts";
import { utf8 } from "../../base/sha256.ts";
import { decimal } from "./decimal.ts";

/** How labels are told apart: by their numbers, or by these names, in order. */
export type ClassNames = readonly string[] | null;

export interface Labels {
  /** (n), class numbers. */
  readonly labels: Uint8Array;
  readonly classNames: ClassNames;
}

/** Labels are bytes. */
const MOST_CLASSES = 256;
/** UTF-16 units of a name. */
const LONGEST_NAME = 100;

/** What stands for a label that is not there. "Na" is sodium. */
const MISSING = /^(NA|N\/A|n\/a|NULL|null|)$/;
const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity)$/i;
/** A number that is written otherwise than ours are. */
const OTHER_NUMBER = /^[+-]?[.,]?\d[\d.,' ]*$/;

const CLASS = "a class, an integer from 0 to 255 or a word";

export class LabelCollector {
  readonly #known: ClassNames | undefined;
  /** Which labels the others are to be like. */
  #like: { readonly areWords: boolean; readonly told: string } | null = null;
  /** As they were met. */
  readonly #places = new Map<string, number>();
  #labels: Uint8Array;

  /** Room for `capacity` labels; `known`: how those of the training set are told apart, which these have to be like. */
  constructor(capacity: number, known?: ClassNames) {
    this.#labels = new Uint8Array(capacity);
    this.#known = known;
    if (known) for (const name of known) this.#places.set(name, this.#places.size);
    if (known !== undefined)
      this.#like = { areWords: known !== null, told: "as in the training set" };
  }

  get capacity(): number {
    return this.#labels.length;
  }

  grow(capacity: number): void {
    const grown = new Uint8Array(capacity);
    grown.set(this.#labels);
    this.#labels = grown;
  }

  /** Keeps label number `at`; returns what was expected in its place, null where it is one. */
  number(at: number, value: number): string | null {
    if (this.#like?.areWords) return this.#expectedWord();
    this.#labels[at] = value;
    if (this.#labels[at] !== value) return CLASS;
    this.#like ??= { areWords: false, told: `as ${value} before` };
    return null;
  }

  /** As `number`, of a label that is no number. */
  word(at: number, text: string): string | null {
    const name = text.trim();
    if (MISSING.test(name) || NOT_A_NUMBER.test(name))
      return name === "" ? CLASS : `${CLASS}; that stands for a missing one`;
    if (OTHER_NUMBER.test(name)) return CLASS;
    if (name.length > LONGEST_NAME) return `a class of at most ${LONGEST_NAME} characters`;
    this.#like ??= { areWords: true, told: `as ${quote(name)} before` };
    if (!this.#like.areWords)
      return `an integer from 0 to 255, ${this.#like.told}: labels are all numbers or all words`;
    const place = this.#places.get(name) ?? this.#places.size;
    if (this.#known && place === this.#places.size) return this.#expectedWord();
    if (place === MOST_CLASSES)
      return `one of at most ${MOST_CLASSES} classes, and there are as many before it`;
    this.#places.set(name, place);
    this.#labels[at] = place;
    return null;
  }

  /** As `number`, where it is written as a text. */
  text(at: number, text: string): string | null {
    const bytes = utf8(text);
    const value = decimal(bytes, 0, bytes.length);
    return Number.isNaN(value) ? this.word(at, text) : this.number(at, value);
  }

  #expectedWord(): string {
    if (!this.#known)
      return `a word, ${this.#like?.told ?? ""}: labels are all numbers or all words`;
    const told = this.#known.slice(0, 8).map(quote).join(", ");
    return `a class of the training set: ${told}${this.#known.length > 8 ? ", …" : ""}`;
  }

  /** The first `length` labels; words are numbered in the order of their code points. */
  first(length: number): Labels {
    const labels = this.#labels.subarray(0, length);
    const met = [...this.#places.keys()];
    if (this.#known !== undefined) return { labels, classNames: this.#known };
    if (met.length === 0) return { labels, classNames: null };
    const classNames = met.toSorted(byCodePoints);
    const numbers = met.map((name) => classNames.indexOf(name));
    return { labels: labels.map((place) => numbers[place]), classNames };
  }
}

/** As their UTF-8 is sorted, whatever the machine's language. */
function byCodePoints(a: string, b: string): number {
  const [one, other] = [a, b].map((name) => Array.from(name, (char) => char.codePointAt(0) ?? 0));
  const differing = one.findIndex((point, at) => point !== other.at(at));
  if (differing < 0) return one.length - other.length;
  return one[differing] - (other.at(differing) ?? -1);
}
