// What the curves of one measure are drawn from, which grows with the trials' rows: what has been looked at stays as it is.

import type { Evaluation } from "../../records/record.ts";
import { rowAt, spreadOf, valueOf, type Line, type Measure, type Spread } from "./lines.ts";

export class CurveData {
  /** All passes after which any trial was evaluated, ascending. */
  readonly passes: number[] = [];
  /** By line and pass: over the trials that were evaluated there; null where none was. */
  readonly spreads: readonly (Spread | null)[][];
  readonly #measure: Measure;
  /** By line and trial. */
  readonly #rows: readonly (readonly (readonly Evaluation[])[])[];
  readonly #seen: readonly number[][];
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

  /** Sees the rows that have been added. */
  update(): void {
    this.#rows.forEach((ofLine, line) => {
      const changed = new Set<number>();
      ofLine.forEach((rows, trial) => {
        for (; this.#seen[line][trial] < rows.length; this.#seen[line][trial]++)
          changed.add(rows[this.#seen[line][trial]].pass);
      });
      for (const pass of changed) {
        const values = ofLine.flatMap((rows) => {
          const row = rowAt(rows, pass);
          return row === undefined ? [] : [valueOf(row, this.#measure)];
        });
        const place = this.#placeOf(pass);
        this.spreads[line][place] = spreadOf(values);
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
