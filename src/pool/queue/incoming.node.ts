// What comes in of one trial: stretches that may come twice, late, in any order, or from two workers at once. What goes on
// is told once and in order.

import type { Sha256 } from "../../base/sha256.ts";
import { isScheduled } from "../../model/evaluation-schedule.ts";
import type { Trial } from "../../model/trial.ts";
import { areWeightsOf } from "../../records/compare.ts";
import { FingerprintChain } from "../../records/fingerprint.ts";
import type {
  Evaluation,
  ResumePoint,
  TrainedPass,
  TrialEnd,
  TrialRecord,
} from "../../records/record.ts";
import type { Stretch, WorkerName } from "./messages.node.ts";

/** What a stretch is to a trial. */
export type Taken =
  /** What it goes on with. */
  | { readonly kind: "new"; readonly pass: TrainedPass | null; readonly end: TrialEnd | null }
  /** Nothing that is not there already. */
  | { readonly kind: "known" }
  /** Passes before it are missing yet. */
  | { readonly kind: "early" }
  /** From this pass on, a bit is another one than that of what was taken. */
  | { readonly kind: "differs"; readonly pass: number }
  /** It does not fit its own fingerprints. */
  | { readonly kind: "unsound" };

/** What is kept of a trial by now. */
export type Kept = () => Promise<Pick<TrialRecord, "trajectory" | "ending" | "fingerprint"> | null>;

export class Incoming {
  readonly #trial: Trial;
  readonly #key: string;
  readonly #kept: Kept;
  readonly #sha256: Sha256;
  /** The last row that was taken, a scheduled one; null before pass 0. */
  #last: Evaluation | null;
  /** The sitting that stretches come from, and which part of its seconds was before what was taken of it. */
  #sitting: { readonly since: number; readonly from: string; readonly before: number } | null =
    null;

  constructor(
    trial: Trial,
    key: string,
    from: Pick<ResumePoint, "record" | "checkpoint"> | null,
    kept: Kept,
    sha256: Sha256,
  ) {
    this.#trial = trial;
    this.#key = key;
    this.#kept = kept;
    this.#sha256 = sha256;
    const pass = from?.checkpoint.pass;
    this.#last = from?.record.trajectory.find((row) => row.pass === pass) ?? null;
  }

  /** One at a time. */
  async take(stretch: Stretch, worker: WorkerName): Promise<Taken> {
    const taken = this.#last?.pass ?? -1;
    if (stretch.after > taken) return { kind: "early" };
    const known = stretch.rows.filter(({ evaluation }) => evaluation.pass <= taken);
    if (known.length > 0) {
      const pass = differenceOf(
        known.map(({ evaluation }) => evaluation),
        await this.#kept(),
      );
      if (pass !== null) return { kind: "differs", pass };
    }
    const rows = stretch.rows.slice(known.length);
    if (!this.#isSound({ ...stretch, rows })) return { kind: "unsound" };
    const end = stretch.end;
    if (rows.length === 0)
      return end === null ? { kind: "known" } : { kind: "new", pass: null, end };
    const { evaluate } = this.#trial.specification;
    const row = rows[rows.length - 1];
    const { pass } = row.evaluation;
    const { checkpoint } = stretch;
    if (checkpoint === null) return { kind: "unsound" };
    const { since, seconds } = this.#sittingOf(stretch, worker, Math.max(0, taken));
    if (isScheduled(evaluate, pass)) this.#last = row.evaluation;
    const { machine, versions } = worker;
    return {
      kind: "new",
      pass: {
        ...{ earlier: rows.slice(0, -1), row, checkpoint, seconds },
        sitting: { since, machine, versions },
      },
      end,
    };
  }

  /** Whether the last weights and the end are those of the chain. */
  #isSound({ rows, checkpoint, end }: Stretch): boolean {
    const { specification, passes, stop } = this.#trial;
    const before = this.#last === null ? [] : [this.#last];
    const trajectory = [...before, ...rows.map(({ evaluation }) => evaluation)];
    const last = trajectory.at(-1);
    if (last === undefined || last.pass > passes) return false;
    if (rows.length > 0) {
      if (checkpoint === null) return false;
      if (last.pass > 0 && trajectory.length === 1) return false;
      const record = { key: this.#key, specification, trajectory } as unknown as TrialRecord;
      if (!areWeightsOf(record, checkpoint, this.#sha256)) return false;
    }
    if (end === null) return true;
    if (end.ending.kind === "finished")
      return end.fingerprint === last.fingerprint && (last.pass === passes || stop !== undefined);
    const chain = FingerprintChain.resume(last.fingerprint, this.#sha256);
    chain.diverged(end.ending);
    return chain.fingerprint === end.fingerprint && end.ending.pass > last.pass;
  }

  /** Of a sitting that began before what was taken by then, its share. */
  #sittingOf(
    { since, seconds, rows }: Stretch,
    { name }: WorkerName,
    taken: number,
  ): { readonly since: number; readonly seconds: number } {
    const from = `${name} ${since}`;
    const to = rows[rows.length - 1].evaluation.pass;
    if (this.#sitting?.from !== from) {
      const share = to === since ? 0 : Math.max(0, taken - since) / (to - since);
      this.#sitting = { since: taken, from, before: share * seconds };
    }
    return {
      since: this.#sitting.since,
      seconds: Math.max(0, seconds - this.#sitting.before),
    };
  }
}

/** The first of these rows that differs in a bit from what is kept of its pass; null for none. */
export function differenceOf(
  rows: readonly Evaluation[],
  kept: Awaited<ReturnType<Kept>>,
): number | null {
  if (kept === null) return null;
  const of = new Map(kept.trajectory.map(({ pass, fingerprint }) => [pass, fingerprint]));
  const different = rows.find(
    ({ pass, fingerprint }) => (of.get(pass) ?? fingerprint) !== fingerprint,
  );
  return different?.pass ?? null;
}
