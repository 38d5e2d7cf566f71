// summary.json: the answers for programs. Its keys are a promise; docs and tests hold them.

import { passesToInterpolation, smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import { summarizeWidths } from "../analysis/summary.ts";
import type { TrialRecord } from "../records/record.ts";
import { accuracy } from "../training/evaluate.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import { hasSeeds } from "./answers.ts";
import type { Provenance } from "./provenance.ts";

/** The last evaluation of a trial; numbers that are not finite are null. */
interface FinalEvaluation {
  readonly pass: number | null;
  readonly train_loss: number | null;
  readonly train_accuracy: number | null;
  readonly test_loss: number | null;
  readonly test_accuracy: number | null;
  readonly diverged: { readonly pass: number; readonly step: number } | null;
}

/** One value for each width: with several seeds an array of them in the order of `seeds`. */
type ByWidth<T> = Readonly<Record<string, T | readonly T[]>>;

export interface Summary {
  readonly study: string;
  /** Everything resolved: what `widthwise verify` trains again. */
  readonly specification: Study;
  readonly dataset: { readonly name: string; readonly digest: string };
  /** null where the study gives its learning rate. */
  readonly eta_star: number | null;
  readonly learning_rate: number;
  /** The rates that were tried for η*, in the order of trying; null where the study gives its learning rate. */
  readonly search:
    readonly { readonly learning_rate: number; readonly fingerprint: string }[] | null;
  /** In most seeds, if there are several; null for none. */
  readonly smallest_interpolating_width: number | null;
  /** null for never. */
  readonly passes_to_interpolation: ByWidth<number | null>;
  readonly final: ByWidth<FinalEvaluation>;
  /** Ends of the fingerprint chains, hex. */
  readonly fingerprints: ByWidth<string>;
  readonly fingerprint: string;
  /** null under the notebook's streams. */
  readonly seeds: readonly number[] | null;
  readonly seconds: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string | number>>;
}

export function summarize(result: StudyResult, provenance: Provenance): Summary {
  const { study, search, outcomes } = result;
  const several = hasSeeds(result);
  const byWidth = <T>(of: (record: TrialRecord) => T): ByWidth<T> =>
    Object.fromEntries(
      summarizeWidths(outcomes).map(({ width, trials }): [string, T | readonly T[]] => {
        const [first, ...others] = trials.map(({ outcome }) => of(outcome.record)) as [T, ...T[]];
        return [String(width), several ? [first, ...others] : first];
      }),
    );
  return {
    study: study.name,
    specification: study,
    dataset: { name: provenance.dataset.name, digest: provenance.dataset.digest },
    eta_star: search?.eta_star ?? null,
    learning_rate: result.learning_rate,
    search:
      search?.probes.map(({ learning_rate, record }) => ({
        learning_rate,
        fingerprint: record.fingerprint,
      })) ?? null,
    smallest_interpolating_width: smallestInterpolatingWidth(outcomes),
    passes_to_interpolation: byWidth(passesToInterpolation),
    final: byWidth(finalEvaluation),
    fingerprints: byWidth(({ fingerprint }) => fingerprint),
    fingerprint: result.fingerprint,
    seeds: study.streams.kind === "named" ? study.streams.seeds : null,
    seconds: provenance.seconds,
    versions: provenance.versions,
  };
}

/** The summary as the text of summary.json. */
export function summaryJson(summary: Summary): string {
  return JSON.stringify(summary, null, 2) + "\n";
}

function finalEvaluation({ trajectory, ending }: TrialRecord): FinalEvaluation {
  const last = trajectory.at(-1);
  const finite = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    pass: last?.pass ?? null,
    train_loss: finite(last?.train.objective),
    train_accuracy: last ? finite(accuracy(last.train)) : null,
    test_loss: finite(last?.test.objective),
    test_accuracy: last ? finite(accuracy(last.test)) : null,
    diverged: ending.kind === "diverged" ? { pass: ending.pass, step: ending.step } : null,
  };
}
