// `widthwise verify` of a report's file: what it claims, trained anew without its store.

import { dirname, resolve } from "node:path";
import canonicalize from "canonicalize";
import { WidthwiseError } from "../../../base/errors.ts";
import { pointText } from "../../../records/point.ts";
import { trialText } from "../../../study/plans/planned-trial.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import type { KeptMeasurement } from "../../../records/measured.ts";
import type { TrialRecord } from "../../../records/record.ts";
import { quote } from "../../../base/quote.ts";
import type { Summary } from "../../../report/summary.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import {
  answerOf,
  claimedTrials,
  contradictions,
  type ClaimedTrial,
  type Claims,
} from "../../../study/checks/verify-report.ts";
import { trainClaimed } from "../../../study/checks/train-claimed.ts";
import type { StudyResult } from "../../../study/result.ts";
import { sampleOf } from "../../../study/checks/verify.ts";
import { loadKept } from "../../data.ts";
import { readGiven } from "../../given.ts";
import { withPaths } from "../../study-files.ts";
import type { Context } from "../../context.ts";
import { readReportFile } from "../../report-file.ts";

interface VerifyReportOptions {
  readonly all?: boolean;
  readonly sample: number;
  readonly seed: number;
  readonly workers: number;
  readonly data?: string;
}

/** What was found. */
export interface ReportVerdict {
  readonly trials: number;
  readonly recomputed: number;
  readonly matching: number;
  readonly problems: readonly { readonly key: string | null; readonly problem: string }[];
  /** Where all trials were trained, what the study's answer is then. */
  readonly answer: Summary | null;
}

/** Throws InputError where the file is none of a report's, and WidthwiseError where it is of another data set. */
export async function verifyReport(
  path: string,
  { all, sample, seed, workers, data }: VerifyReportOptions,
  context: Context,
): Promise<ReportVerdict> {
  const { effects, signal, stderr } = context;
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const file = `report ${quote(path)}`;
  const claims = await readReportFile(path, file);
  const { specification, dataset: claimed } = claims;
  const found = withPaths(specification, (one) => resolve(dirname(path), one));
  const { dataset: source } = found;
  const dataset = await loadKept(claimed.digest, [source], data, context);
  if (dataset.digest !== claims.dataset.digest)
    throw new WidthwiseError(
      `${file}: it was trained on another data set (digest ${claims.dataset.digest.slice(0, 12)}); name where that one lies with --data`,
    );
  const { given } = await readGiven(found, dataset, new MemoryStore(), context);
  const trials = claimedTrials(claims, dataset, CATALOGUE, sha256, file);
  const asked = all ? trials : sampleOf(trials, sample, seed, sha256);
  const problems: { key: string | null; problem: string }[] = contradictions(
    claims,
    trials,
    sha256,
  ).map((problem) => ({ key: null, problem }));
  const records = new Map<ClaimedTrial, TrialRecord>();
  const measurements = new Map<string, readonly KeptMeasurement[]>();
  let matching = 0;
  const pool = await effects.createPool(dataset, workers, undefined, given);
  try {
    await trainClaimed(asked, {
      ...{ pool, sha256, signal, measure: claims.specification.measure },
      onTrained(trial, record, problem, measured) {
        records.set(trial, record);
        // One of a search may be one of the sweep's, of which alone something is measured.
        if (measured.length > 0) measurements.set(trial.key, measured);
        if (problem === null) matching++;
        else problems.push({ key: trial.key, problem: `${nameOf(trial)}: ${problem}` });
        stderr.write(`${nameOf(trial)}: ${problem === null ? "matches" : "does not match"}\n`);
      },
    });
  } finally {
    await pool.close();
  }
  const isWhole = asked.length === trials.length;
  const result = isWhole
    ? await answerOf(claims, records, dataset, CATALOGUE, sha256, measurements)
    : null;
  const answer = result === null ? null : await summaryOf(result, claims);
  if (answer !== null)
    problems.push(...differences(claims, answer).map((problem) => ({ key: null, problem })));
  else if (isWhole)
    problems.push({ key: null, problem: "its study asks for other trials than it tells of" });
  return { trials: trials.length, recomputed: asked.length, matching, problems, answer };
}

async function summaryOf(result: StudyResult, { dataset, versions }: Claims): Promise<Summary> {
  const { answered } = await import("../../../questions/asked.ts");
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const { summarize } = await import("../../../report/summary.ts");
  const { name = "", digest } = dataset as { name?: string; digest: string };
  const there = { name, digest, origin: "" };
  const found = answered(result, CATALOGUE);
  return summarize(found, { versions, dataset: there, seconds: {}, command: "" });
}

/** Where the file says something else than its study's training: everything but seconds and versions. */
function differences(claims: Claims, answer: Summary): string[] {
  return Object.entries(answer)
    .filter(([name]) => name !== "seconds" && name !== "versions")
    .filter(([name, value]) => !isSame(value, claims[name]))
    .map(([name]) => `what it tells as ${name} is not what training gives`);
}

function isSame(ours: unknown, theirs: unknown): boolean {
  try {
    return canonicalize(ours) === canonicalize(theirs);
  } catch {
    // What is nested without end, or is no text.
    return false;
  }
}

function nameOf({ planned: { role, point, trial } }: ClaimedTrial): string {
  if (role !== "search") return trialText({ point, trial });
  const rate = trial.specification.training.learning_rate;
  return `learning rate ${rate} (${pointText({ ...point, seed: null })})`;
}
