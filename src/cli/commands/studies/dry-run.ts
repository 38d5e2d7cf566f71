// `widthwise run --dry-run`: how many trials, how long and how much memory, without training any of them.

import { existsSync } from "node:fs";
import type { Dataset } from "../../../data/dataset.ts";
import type { RecordStore } from "../../../records/store.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import { estimate, shapesOf } from "../../../study/estimate.ts";
import { remaining, type Remaining } from "../../../study/kept/remaining.ts";
import { checkData } from "../../../study/check-data.ts";
import type { Guess } from "../../../study/plans/plan.ts";
import type { Study } from "../../../study/spec.ts";
import { checkMemory, memoryNeed } from "../../../pool/memory.ts";
import { availableMemory } from "../../../base/available-memory.node.ts";
import { loadData } from "../../data.ts";
import { readGiven } from "../../given.ts";
import type { Context } from "../../context.ts";
import { plural, roughDuration } from "../../../base/numbers.ts";
import { defaultWorkers } from "../../options.ts";
import { withStore } from "../../store.ts";

interface DryRunOptions {
  readonly workers: number;
  /** The record store's file; what is kept there is not work. */
  readonly store: string;
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What a dry run tells; seconds and bytes are estimates. */
interface Forecast {
  readonly study: string;
  readonly workers: number;
  readonly trials: {
    readonly total: number;
    readonly search: number;
    readonly sweep: number;
    /** Of the sweep's, those with moved weights; left out for none. */
    readonly perturbed?: number;
    /** Of the sweep's, those that depend on what others show. */
    readonly guessed?: number;
    readonly kept: number;
    /** Whether the search has still to find η*: then its number of trials is the typical one. */
    readonly searching: boolean;
  };
  readonly seconds: {
    readonly total: number;
    readonly load: number;
    readonly training: number;
    readonly report: number;
    /** If most rates that are tried diverged at once; left out where one is trained at. */
    readonly least?: number;
    /** On one worker, all together; in kernel calls alone. */
    readonly work: { readonly training: number; readonly evaluation: number };
  };
  readonly bytes: { readonly total: number; readonly kernel: number; readonly process: number };
}

/** Seconds for the start of the process, and for the report and its figures. */
const START = 0.2;
const REPORT = 0.6;

/** Prints the forecast to stdout. */
export async function dryRun(
  study: Study,
  options: DryRunOptions,
  context: Context,
): Promise<void> {
  const { effects, stdout, signal, now } = context;
  const begun = now();
  const { dataset } = await loadData(study.dataset, options.data, context);
  checkData(study, dataset);
  const load = (now() - begun) / 1000;
  const found = await lookAhead(study, dataset, options.store, context);
  const left = [...found.search, ...found.sweep];
  const trials = left.map(({ trial }) => trial);
  checkMemory(trials, dataset, options.workers, availableMemory(), { measure: study.measure });
  // More workers than processors wait for each other.
  const workers = Math.min(options.workers, defaultWorkers());
  const shapes = shapesOf(left, dataset);
  const seconds = { load: START + load, training: 0, report: REPORT };
  const memory = memoryNeed(trials, dataset, options.workers, { measure: study.measure });
  let work = { training: 0, evaluation: 0 };
  let least: number | undefined;
  if (shapes.length > 0) {
    const calibration = await effects.calibrate({
      shapes,
      like: trials[0].specification,
      measure: study.measure,
      train: Math.max(...trials.map(({ specification: { data } }) => data.train_examples)),
      test: dataset.test.examples,
      workers,
      signal,
    });
    const estimateOf = (left: Pick<Remaining, "search" | "sweep">) =>
      estimate(left, dataset, calibration, workers, study.measure);
    const estimated = estimateOf(found);
    seconds.training = estimated.seconds;
    ({ work } = estimated);
    const diverging = withDivergingRates(found, study);
    if (diverging !== null) least = seconds.load + estimateOf(diverging).seconds + seconds.report;
  }
  const forecast: Forecast = {
    study: study.name,
    workers: options.workers,
    trials: trialsOf(found),
    seconds: {
      total: seconds.load + seconds.training + seconds.report,
      ...(least !== undefined && { least }),
      ...seconds,
      work,
    },
    bytes: { total: memory.kernel + memory.process, ...memory },
  };
  stdout.write(
    options.json
      ? `${JSON.stringify(forecast, null, 2)}\n`
      : `${forecastLines(forecast, options.store, study, found.guess).join("\n")}\n`,
  );
}

/** A store that is not there yet is not made for a look at it. */
async function lookAhead(
  asked: Study,
  dataset: Dataset,
  path: string,
  context: Context,
): Promise<Remaining> {
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const look = async (store: RecordStore) => {
    const { study } = await readGiven(asked, dataset, store, context);
    return remaining(study, { catalogue: CATALOGUE, dataset, store, sha256 });
  };
  if (!existsSync(path)) return look(new MemoryStore());
  return withStore(path, context, look, { toRead: true });
}

function trialsOf({ search, sweep, guessed, kept, searching }: Remaining): Forecast["trials"] {
  const perturbed = sweep.filter(({ role }) => role === "perturbed").length;
  return {
    total: search.length + sweep.length + kept,
    search: search.length,
    sweep: sweep.length,
    ...(perturbed > 0 && { perturbed }),
    ...(guessed > 0 && { guessed }),
    kept,
    searching,
  };
}

/** What trials that are guessed are a guess of. */
const GUESSES: Readonly<Record<Guess, (guessed: number) => string[]>> = {
  threshold: (guessed) => [
    `  widths  ${guessed} of the trials are a guess: what is asked for if the threshold lies where parameters suffice for`,
    "          examples × classes, every width is clear at once, and no trial stops before its passes",
  ],
  map: (guessed) => [
    `  map     ${guessed} of the trials are a guess: what refining asks for along a straight boundary across the map, or`,
    "          along what is known of it; a ragged one takes many times more",
  ],
};

const RATE_AXIS = "training.learning_rate";

/** What is left where swept rates but the smallest diverge in their first pass, and of those that are searched every other one; null where neither is. */
function withDivergingRates(
  { search, sweep }: Pick<Remaining, "search" | "sweep">,
  study: Study,
): Pick<Remaining, "search" | "sweep"> | null {
  if (searchesStableRates(study))
    return { search: search.filter((_, place) => place % 2 === 0), sweep };
  if (!(RATE_AXIS in (study.sweep.paths ?? {}))) return null;
  const rates = sweep.map(({ trial }) => trial.specification.training.learning_rate);
  const smallest = Math.min(...rates);
  return {
    search,
    sweep: sweep.map((one, place) =>
      rates[place] === smallest ? one : { ...one, trained: 0, trial: { ...one.trial, passes: 1 } },
    ),
  };
}

function searchesStableRates({ ask = [] }: Study): boolean {
  return ask.some(({ name }) => name === "learning-rate");
}

/** What a search that has yet to find its answer is counted as. */
function searchLines(study: Study): string[] {
  return searchesStableRates(study)
    ? [
        "  search  counted as if each seed's largest stable rate lay within a few doublings of 0.125: farther ones take",
        "          more trials, and those at rates that diverge less time",
      ]
    : [
        "  search  counted as if 0.1 diverged, 0.01 converged and 0.02 diverged: it may take more trials, or find no",
        "          rate, and then the sweep is not trained",
      ];
}

const STOPPED = [
  "  stop    that is an upper bound: it is counted as if no trial stopped before its passes",
];

function forecastLines(
  { workers, trials, seconds, bytes }: Forecast,
  store: string,
  study: Study,
  guess: Guess | undefined,
) {
  const { total, search, sweep, perturbed, guessed, kept, searching } = trials;
  const left = search + sweep;
  if (left === 0) {
    const all = total === 1 ? "its one trial is" : `all ${total} trials are`;
    return [`${study.name}: ${all} kept in ${store}; only the report is to be made`];
  }
  const asked = searching
    ? `${search} for the learning rate and ${sweep} for the sweep`
    : `all for the sweep`;
  return [
    `${study.name}: ${plural(left, "trial")} to train, ${asked}${perturbed === undefined ? "" : `, ${perturbed} of them with moved weights`}`,
    ...(kept > 0 ? [`  kept    ${kept} of ${plural(total, "trial")} in ${store}`] : []),
    `  time    about ${roughDuration(seconds.total)} on ${plural(workers, "worker")}: ` +
      `${round(seconds.training)} s of training and evaluation, ${round(seconds.load)} s to load, ${round(seconds.report)} s to report`,
    `  work    ${round(seconds.work.training)} s of training, ${round(seconds.work.evaluation)} s of evaluation`,
    `  memory  about ${Math.round(bytes.total / 1e6)} MB`,
    ...(seconds.least === undefined
      ? []
      : [
          `  rates   that is an upper bound: training ends where it diverges; where ${search > 0 ? "every other rate" : "every rate but the smallest"} did so`,
          `          at once, about ${roughDuration(seconds.least)}`,
        ]),
    ...(guessed !== undefined && guess !== undefined ? GUESSES[guess](guessed) : []),
    ...(study.stop !== undefined && guess !== "threshold" ? STOPPED : []),
    ...(searching ? searchLines(study) : []),
  ];
}

/** Two digits, as an estimate has. */
function round(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
}
