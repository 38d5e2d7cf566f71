// `widthwise verify`: kept trials, or those that a report claims, trained again and compared, bit by bit.

import { Option } from "commander";
import type { Command } from "commander";
import { InputError, WidthwiseError } from "../../../base/errors.ts";
import { pointText } from "../../../records/point.ts";
import type { KeptStudy, RecordStore, TrialFacts } from "../../../records/store.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import { inspect, lostTrials, sampleOf, type LostTrial } from "../../../study/checks/verify.ts";
import { DATA_OPTION } from "../../data.ts";
import type { Context } from "../../context.ts";
import { short } from "../../view/kept-text.ts";
import { allowedWorkers, defaultWorkers, parseCount, parseWorkers } from "../../options.ts";
import { isReportPath } from "../../report-file.ts";
import { allStudies, selectStudy, tellSeveral } from "../../selection.ts";
import { STORE_OPTION, withKeptStore } from "../../store.ts";
import { problemOf, recompute, type Problem } from "./recompute.ts";
import { verifyReport, type ReportVerdict } from "./verify-report.ts";

interface VerifyOptions {
  readonly all?: boolean;
  readonly sample: number;
  readonly seed: number;
  readonly workers: number;
  readonly data?: string;
  readonly store?: string;
  readonly json?: boolean;
}

const MAX_SAMPLE = 1_000_000;

const HELP = `
Reads every trial of the study (of the whole store where none is named), checks
checksums and weights, and that nothing of what was kept is gone; trains some of
the trials again for as many passes as are kept, and compares the chains of
fingerprints. Which trials are a sample is decided by --seed alone. The store is
not changed: the next run that asks for a trial which is damaged or gone trains
it anew.

A .yaml file is that of a study, of which what is kept is verified. Any other
path (./report.html, runs/homework/summary.json) is a report's: the trials that
it tells of are trained anew, without a store, and compared with the
fingerprints that it tells; with --all its answers are, too.

Examples:
  $ widthwise verify homework --all
  $ widthwise verify ./mine.yaml
  $ widthwise verify --sample 20 --seed 1
  $ widthwise verify --json | jq .problems
  $ widthwise verify runs/homework/report.html --all

Exit codes: 0 all matches, 1 something differs, is damaged or is gone (stderr
says what, and from which pass on), 2 bad usage or bad input, 130 interrupted.`;

export function addVerifyCommand(program: Command, context: Context): void {
  const count = (option: string, limit: number) => (text: string) =>
    parseCount(option, text, limit);
  program
    .command("verify")
    .summary("train kept trials again and compare them, bit by bit")
    .description("Trains a sample of the kept trials again and compares them, bit by bit.")
    .argument(
      "[study]",
      "a kept study's name, the beginning of its id, its file's path, or a report's (default: all kept trials)",
    )
    .option("--all", "train all of them again")
    .addOption(
      new Option("--sample <n>", "train so many of them again")
        .argParser(count("--sample", MAX_SAMPLE))
        .default(5)
        .conflicts("all"),
    )
    .addOption(
      new Option("--seed <n>", "which sample").argParser(count("--seed", 2 ** 31)).default(1),
    )
    .addOption(
      new Option("--workers <n>", "worker threads, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(...DATA_OPTION)
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((study: string | undefined, options: VerifyOptions) =>
      verify(
        study,
        { ...options, workers: allowedWorkers(options.workers, context.stderr) },
        context,
      ),
    );
}

async function verify(
  word: string | undefined,
  options: VerifyOptions,
  context: Context,
): Promise<void> {
  if (word !== undefined && isReportPath(word)) {
    tell(await verifyReport(word, options, context), options, context);
    return;
  }
  const problems: Problem[] = [];
  const onDamage = (problem: string) => {
    problems.push({ key: null, problem });
  };
  const work = async (store: RecordStore) => {
    for (const problem of await store.gaps()) problems.push({ key: null, problem });
    const studies = await studiesOf(store, word, problems);
    for (const study of studies)
      if (word !== undefined)
        await tellSeveral(store, word, { kind: "study", study }, context.stderr);
    for (const { id, name, size, fingerprint } of studies) {
      if (word === undefined || fingerprint !== null) continue;
      const { ended } = await store.studyTotals(id);
      context.stderr.write(
        `${name} is not finished: ${ended} of the ${size} trials that it has planned are trained as far as it asks; run goes on\n`,
      );
    }
    for (const study of studies)
      for (const lost of await lostTrials(study, store)) problems.push(lossOf(study, lost));
    const keys = studies.flatMap((study) => study.trials.map(({ key }) => key));
    const trials = await store.trials(word === undefined ? undefined : [...new Set(keys)]);
    const sound: TrialFacts[] = [];
    for (const trial of trials) {
      const verdict = await inspect(trial, { store, sha256 });
      if (verdict === null) sound.push(trial);
      // The store tells of damage itself.
      else if (verdict.kind !== "damaged") problems.push(problemOf(trial, verdict));
    }
    const asked = options.all ? sound : sampleOf(sound, options.sample, options.seed, sha256);
    const matching =
      asked.length === 0 ? 0 : await recompute(asked, store, options, context, problems);
    return { trials: trials.length, recomputed: asked.length, matching };
  };
  const use = { onDamage, toRead: true };
  const found = await withKeptStore(options.store, context, work, use);
  tell({ ...found, problems }, options, context);
}

/** Prints what was found. Throws WidthwiseError with the problems, where there are any. */
function tell(
  found: Omit<ReportVerdict, "answer"> & Partial<ReportVerdict>,
  { json }: VerifyOptions,
  { stdout }: Context,
): void {
  const { trials, recomputed, matching, problems, answer } = found;
  const of = recomputed === trials ? "trials" : `trials of a sample (of ${trials})`;
  stdout.write(
    json
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${matching} of ${recomputed} ${of} match to the bit\n${answer ? answerLine(answer) : ""}`,
  );
  if (problems.length > 0)
    throw new WidthwiseError(problems.map(({ problem }) => problem).join("\n"));
}

/** That are told of an answer. */
const MOST_WIDTHS = 12;

function answerLine(answer: NonNullable<ReportVerdict["answer"]>): string {
  const { eta_star, smallest_interpolating_width: width } = answer as {
    readonly eta_star?: number | null;
    /** Of a study that sweeps other axes than the width, by the values of these. */
    readonly smallest_interpolating_width?: number | null | Readonly<Record<string, number | null>>;
  };
  const widths =
    typeof width === "object" && width !== null
      ? Object.entries(width).map(([place, one]) => `${one ?? "none"} at ${place}`)
      : width === undefined
        ? []
        : [String(width ?? "none")];
  const more = widths.length - MOST_WIDTHS;
  const told = [...widths.slice(0, MOST_WIDTHS), ...(more > 0 ? [`and ${more} more`] : [])];
  const found = [
    ...((eta_star ?? null) === null ? [] : [`η* = ${eta_star}`]),
    ...(widths.length === 0 ? [] : [`smallest interpolating width ${told.join(", ")}`]),
  ];
  return found.length === 0 ? "" : `trained anew: ${found.join(", ")}\n`;
}

/** The study that is meant, or all. One that cannot be found among damaged ones may be one of these. */
async function studiesOf(
  store: RecordStore,
  word: string | undefined,
  problems: Problem[],
): Promise<KeptStudy[]> {
  if (word === undefined)
    return (await allStudies(store)).flatMap((one) => (one.kind === "study" ? [one.study] : []));
  const before = problems.length;
  await store.studies();
  const isDamageTold = problems.length > before;
  try {
    return [await selectStudy(store, word)];
  } catch (error) {
    if (!(error instanceof InputError) || problems.length === 0) throw error;
    if (!isDamageTold) problems.push({ key: null, problem: error.message });
    return [];
  }
}

function lossOf(
  { name, id }: KeptStudy,
  { trial: { key, point, passes: asked }, passes }: LostTrial,
): Problem {
  const which = `trial ${short(key)} (${pointText(point, ", ")})`;
  const what = passes === null ? "is not kept" : `is kept for ${passes} of ${asked} passes`;
  return {
    key,
    problem: `study ${name} ${short(id)}: its ${which} ${what}; run the study again to have it trained`,
  };
}
