// How many studies, trials and sets of weights a store keeps, counted as they come and go, so that those which vanish
// as a whole are missed. A wrong count is the damage itself, so it needs no checksum. To be called within a transaction.

import { MEASURED_SINCE, PACKED_SINCE } from "./schema.ts";
import type { StoreFile } from "./store-file.node.ts";

/** The tables that are counted, and what their rows are called. */
const COUNTED = { studies: "studies", trials: "trials", snapshots: "sets of weights" } as const;

/** Tables whose rows belong to one of another table. */
const BELONGING = [
  { table: "evaluations", of: "trial IN (SELECT id FROM trials)", what: "passes of trials" },
  { table: "trajectories", of: "trial IN (SELECT id FROM trials)", what: "trajectories of trials" },
  { table: "snapshots", of: "trial IN (SELECT id FROM trials)", what: "sets of weights of trials" },
  { table: "stretches", of: "trial IN (SELECT id FROM trials)", what: "sittings of trials" },
  { table: "measurements", of: "trial IN (SELECT id FROM trials)", what: "measurements of trials" },
  { table: "study_trials", of: "study IN (SELECT number FROM studies)", what: "trials of studies" },
] as const;

/** The first schemas that have these tables, which an older store that is only read has not. */
const SINCE: Readonly<Record<string, number>> = {
  trajectories: PACKED_SINCE,
  measurements: MEASURED_SINCE,
};

/** The first schema that counts. */
const COUNTED_SINCE = 2;

const ADVICE =
  "run your studies again to have what is gone trained again, then widthwise gc, which counts anew";

export class Totals {
  readonly #file: StoreFile;

  constructor(file: StoreFile) {
    this.#file = file;
  }

  /** `number` rows were added, or fewer than none. */
  add(table: keyof typeof COUNTED, number: number): void {
    if (number !== 0) this.#file.run(`UPDATE totals SET ${table} = ${table} + ?`, number);
  }

  /** What does not fit together, a sentence each. */
  gaps(): string[] {
    const counts = this.#file.version < COUNTED_SINCE ? [] : this.#wrongCounts();
    const orphans = BELONGING.flatMap(({ table, of, what }) => {
      if (this.#file.version < (SINCE[table] ?? 0)) return [];
      const found = this.#count(`${table} WHERE NOT ${of}`);
      return found === 0 ? [] : [`${what} that are gone: ${found}`];
    });
    return [...counts, ...orphans].map((gap) => `store ${this.#file.path}: ${gap}; ${ADVICE}`);
  }

  #wrongCounts(): string[] {
    const kept = this.#file.get("SELECT studies, trials, snapshots FROM totals");
    if (kept === undefined) return ["its count of what it keeps is gone"];
    return Object.entries(COUNTED).flatMap(([table, what]) => {
      const found = this.#count(table);
      const counted = Number(kept[table]);
      return found === counted ? [] : [`it kept ${counted} ${what}, and ${found} are there`];
    });
  }

  /** Whether studies have vanished, as far as what stays tells. */
  areStudiesGone(): boolean {
    const kept = this.#file.get("SELECT studies FROM totals");
    const orphans = "study_trials WHERE study NOT IN (SELECT number FROM studies)";
    return Number(kept?.studies) !== this.#count("studies") || this.#count(orphans) > 0;
  }

  #count(rows: string): number {
    return Number(this.#file.get(`SELECT count(*) AS found FROM ${rows}`)?.found);
  }

  /** Takes away rows that belong to nothing, and counts what is there. */
  recount(): void {
    for (const { table, of } of BELONGING) this.#file.run(`DELETE FROM ${table} WHERE NOT ${of}`);
    this.#file.run(
      `REPLACE INTO totals SELECT 1,
         (SELECT count(*) FROM studies), (SELECT count(*) FROM trials), (SELECT count(*) FROM snapshots)`,
    );
  }
}
