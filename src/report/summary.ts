// summary.json: the answers for programs. Its keys are a promise; docs and tests hold them.

import { lastMeasured } from "../analysis/outcome.ts";
import { verdictFields } from "../claims/told.ts";
import { judge, type Verdict } from "../claims/verdict.ts";
import { byPoint, MOST_TRIALS_TOLD } from "../questions/question.ts";
import { beginning } from "../records/fingerprint.ts";
import type { Answered } from "../questions/asked.ts";
import { searchesWidth } from "../study/axes/axes.ts";
import type { Study } from "../study/spec.ts";
import type { Provenance } from "./provenance.ts";

export type Summary = Readonly<Record<string, unknown>>;

/** Beside what the questions tell: what `widthwise verify` needs, and where it comes from. */
export function summarize(answered: Answered, provenance: Provenance): Summary {
  const found = withoutClaim(answered, provenance);
  const verdict = verdictOn(found, provenance);
  return verdict === null ? found : { ...found, claim: verdictFields(verdict) };
}

/** null where the study was not run to test a claim. */
export function verdictOn(summary: Summary, { claim }: Provenance): Verdict | null {
  return claim === undefined ? null : judge(claim, summary);
}

function withoutClaim(answered: Answered, { dataset, seconds, versions }: Provenance): Summary {
  const { study, fingerprint } = answered.result;
  const parts = [...answered.answers.values()].map(({ summary }): Summary => summary ?? {});
  return {
    study: study.name,
    /** Everything resolved: what is trained again. */
    specification: study,
    dataset: { name: dataset.name, digest: dataset.digest },
    ...(Object.assign({}, ...parts) as Summary),
    /** Ends of the fingerprint chains, hex; of many trials their beginnings, one after the other. */
    fingerprints:
      answered.result.outcomes.length > MOST_TRIALS_TOLD && !searchesWidth(study)
        ? answered.result.outcomes.map(({ record }) => beginning(record.fingerprint)).join("")
        : byPoint(answered, (record) => record.fingerprint),
    fingerprint,
    ...(answered.result.outcomes.length > MOST_TRIALS_TOLD ? {} : measurementsOf(answered)),
    /** null under the notebook's streams; where a width is searched, those of the width with the most. */
    seeds: searchesWidth(study) ? seedsSeen(answered) : seedsOf(study),
    seconds,
    versions,
  };
}

function seedsOf({ streams }: Study): readonly number[] | null {
  return streams.kind === "named" ? streams.seeds : null;
}

function seedsSeen({ result }: Answered): number[] {
  return [...new Set(result.outcomes.map(({ point }) => point.seed ?? 0))].sort((a, b) => a - b);
}

/** Of each column what was measured at the last row, by width; nothing where nothing is measured. */
function measurementsOf(answered: Answered): Summary {
  const { outcomes } = answered.result;
  const columns = [...(outcomes.at(0)?.measured?.keys() ?? [])];
  if (columns.length === 0) return {};
  const lastOf = (column: string) =>
    byPoint(answered, (_, outcome) => lastMeasured(outcome, column));
  return { measurements: Object.fromEntries(columns.map((column) => [column, lastOf(column)])) };
}

/** The summary as the text of summary.json: lists of numbers in a line each. */
export function summaryJson(summary: Summary): string {
  const text = JSON.stringify(summary, null, 2);
  // No line ends within a string.
  const lists = /\[\n[-+.\deEnul,\s]*\]/g;
  return (
    text.replace(lists, (list) => list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]")) +
    "\n"
  );
}
