// What the curves of one measure are drawn from, which grows with the trials' rows: what has been looked at stays as it is.

import type { Evaluation } from "../../records/record.ts";
import { hasFinished, spreadAt, type Line, type Measure, type Spread } from "./lines.ts";

export class CurveData {
  /** All passes after which any trial was evaluated, ascending. */
  readonly passes: number[] = [];
  /** By line and pass of any of its trials, as `spreadAt`; null at others. */
  readonly spreads: readonly (Spread | null)[][];
  readonly #measure: Measure;
  /** By line and trial. */
  readonly #rows: readonly (readonly (readonly Evaluation[])[])[];
  readonly #seen: readonly number[][];
  readonly #finished = new Set<readonly Evaluation[]>();
  readonly #places = new Map<number, number>();

  constructor(lines: readonly Line[], measure: Measure) {
    this.#measure = measure;
    this.#rows = lines.map(({ trials }) => trials.map(({ rows }) => rows));
    this.#seen = this.#rows.map((ofLine) => ofLine.map(() => 0));
    this.spreads = this.#rows.map(() => []);
  }

  /** Whether these lines' rows are those that it looks at. */
  isOf(lines: readonly Line[]): boolean {
    const rows = lines.flatMap(({ trials }) => trials.map(({ rows }) => rows));
    const mine = this.#rows.flat();
    return rows.length === mine.length && rows.every((one, index) => one === mine[index]);
  }

  /** Sees the rows that have been added, and which trials have finished. */
  update(lines: readonly Line[]): void {
    lines.forEach(({ trials }, line) => {
      const changed = new Set<number>();
      trials.forEach((trial, index) => {
        const { rows } = trial;
        for (; this.#seen[line][index] < rows.length; this.#seen[line][index]++)
          changed.add(rows[this.#seen[line][index]].pass);
        if (this.#finished.has(rows) || !hasFinished(trial)) return;
        this.#finished.add(rows);
        const last = rows.at(-1)?.pass ?? Infinity;
        this.passes.forEach((pass, place) => {
          if (pass > last && this.spreads[line][place] !== null) changed.add(pass);
        });
      });
      for (const pass of changed) {
        const place = this.#placeOf(pass);
        this.spreads[line][place] = spreadAt({ trials }, this.#measure, pass);
      }
    });
  }

  #placeOf(pass: number): number {
    const known = this.#places.get(pass);
    if (known !== undefined) return known;
    const later = this.passes.findLastIndex((one) => one < pass) + 1;
    this.passes.splice(later, 0, pass);
    for (const ofLine of this.spreads) ofLine.splice(later, 0, null);
    for (let place = later; place < this.passes.length; place++)
      this.#places.set(this.passes[place], place);
    return later;
  }
}
