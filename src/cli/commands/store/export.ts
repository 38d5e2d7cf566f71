// `widthwise export`: trajectories as a table, or weights as files, of any selection of kept trials.

import { join } from "node:path";
import { Option, type Command } from "commander";
import type { DataSource } from "../../../data/sets/set.ts";
import type { Dataset } from "../../../data/dataset.ts";
import { InputError, WidthwiseError } from "../../../base/errors.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { ExportedTrial } from "../../../export/table.ts";
import { measuredColumns, predictionsAt } from "../../../records/measured.ts";
import { widthOf, type Point } from "../../../records/point.ts";
import type { RecordStore, StudyTrial, TrialFacts } from "../../../records/store.ts";
import type { Provenance } from "../../../report/provenance.ts";
import { makeFolder } from "../../../base/make-folder.node.ts";
import { claimFile, type ClaimOptions, type WriteFile } from "../../output/output-file.ts";
import { DATA_OPTION, loadKept, sourcesOfStudies } from "../../data.ts";
import type { Context } from "../../context.ts";
import { dataFiles, storeFiles } from "../../output/inputs.ts";

import { plural } from "../../../base/numbers.ts";
import { short, trainedOnAnother, wholePasses, type Asked } from "../../view/kept-text.ts";
import { lastScheduled } from "../../../model/evaluation-schedule.ts";
import { evaluationOf, isStopped, lastPass, type TrialRecord } from "../../../records/record.ts";
import { FORCE_OPTION, parseSeeds, parseWidths } from "../../options.ts";
import { refuseDanglingLink } from "../../output/own-files.ts";
import { pathProblem } from "../../output/path-problem.ts";
import { allStudies, selectAll, tellSeveral } from "../../selection.ts";
import { STORE_OPTION, storePath, withKeptStore } from "../../store.ts";

const TABLES = ["csv", "json", "parquet"] as const;
const WEIGHTS = ["npz", "safetensors"] as const;

type TableFormat = (typeof TABLES)[number];
type WeightsFormat = (typeof WEIGHTS)[number];

interface ExportOptions {
  readonly format: TableFormat | WeightsFormat;
  readonly out?: string;
  readonly force?: boolean;
  readonly widths?: readonly number[];
  readonly seeds?: readonly number[];
  readonly search?: boolean;
  readonly data?: string;
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
Without a study or a key it exports the trials of every study. A trial is
exported as far as the studies named ask for, or as far as it is trained.

  csv, json, parquet   a row per trial and pass, to --out FILE; csv and json
                       go to stdout without it
  npz, safetensors     a file with the weights of each trial, and the mean and
                       deviation of their inputs, in the folder --out DIR;
                       reads the data set

Weights are kept after the last pass of a trial, and after as many passes as a
study asks for that trained it; where others are asked for, it says which run
makes them.

docs/exports.md has the columns, and how to read the files in Python. It works
while a run is writing: what is committed by then is exported.

Examples:
  $ widthwise export homework --out homework.csv
  $ widthwise export homework --widths 32,128 --format parquet --out w.parquet
  $ widthwise export 3f2a9c --format json | jq '.[-1].test_accuracy'
  $ widthwise export homework --format safetensors --out weights

Exit codes: 0 done, 1 failed, 2 bad usage, or not kept, 130 interrupted.`;

export function addExportCommand(program: Command, context: Context): void {
  program
    .command("export")
    .summary("write trajectories as a table, or weights as files")
    .description("Writes the trajectories of kept trials as a table, or their weights as files.")
    .argument("[study|key...]", "studies' names or ids, trials' keys (default: every study)")
    .addOption(
      new Option("--format <format>", "what to write")
        .choices([...TABLES, ...WEIGHTS])
        .default("csv"),
    )
    .option("--out <path>", "the table's file, or the weights' folder")
    .option(...FORCE_OPTION)
    .option("--widths <list>", "trials of these widths alone, such as 8,16", parseWidths)
    .option(
      "--seeds <seeds>",
      "trials of these seeds of named streams alone: 0..9, or 0,3",
      parseSeeds,
    )
    .option(...DATA_OPTION)
    .option(
      "--search",
      "of a study the trials of its learning-rate search and those with moved weights, too",
    )
    .option(...STORE_OPTION)
    .option("--json", "print what was written as one JSON document")
    .addHelpText("after", HELP)
    .action((words: readonly string[], options: ExportOptions) =>
      exportTrials(words, options, context),
    );
}

/** A trial to export, and how far. */
interface Wanted {
  readonly facts: TrialFacts;
  /** What is asked of it; it may have less. */
  readonly asked: readonly Asked[];
  readonly point: Point;
}

/** What there is of it as far as it is asked for: its longest record. */
interface Found {
  readonly record: TrialRecord;
  readonly outcome: "ended" | "stopped" | "unfinished";
}

/** What there is to tell of an export. */
interface Written {
  readonly trials: number;
  /** Of a table. */
  readonly rows?: number;
  /** Of weights. */
  readonly files?: readonly string[];
}

async function exportTrials(
  words: readonly string[],
  options: ExportOptions,
  context: Context,
): Promise<void> {
  const { format, out, json = false, force } = options;
  if (out === undefined && format !== "csv" && format !== "json") {
    throw new InputError(`--format ${format}: name where to write with --out`);
  }
  if (out === undefined && json)
    throw new InputError(
      "--json: name where to write with --out, since stdout gets the table without it",
    );
  const claim: ClaimOptions = {
    content: "export",
    others: [
      ...storeFiles(storePath(options.store, context.env)),
      ...(await dataFiles(options.data, context.env)),
    ],
    force,
  };
  const write = async (store: RecordStore) => {
    const wanted = await findWanted(store, words, options, context.stderr);
    return isTable(format)
      ? writeTable(store, wanted, format, out, claim, context)
      : writeWeights(store, wanted, { ...options, format, out: out ?? "" }, claim, context);
  };
  const written = await withKeptStore(options.store, context, write, { toRead: true });
  if (out === undefined) return;
  const { trials, rows } = written;
  const what = rows === undefined ? "weights" : plural(rows, "row");
  context.stdout.write(
    json
      ? `${JSON.stringify({ format, out, ...written }, null, 2)}\n`
      : `${what} of ${plural(trials, "trial")}: ${out}\n`,
  );
}

function isTable(format: TableFormat | WeightsFormat): format is TableFormat {
  return TABLES.some((table) => table === format);
}

/** In the order of the words, and of each study's plan; each trial once, with the most passes that are asked for. */
async function findWanted(
  store: RecordStore,
  words: readonly string[],
  options: ExportOptions,
  stderr: NodeJS.WritableStream,
): Promise<Wanted[]> {
  // null where no study asks for it.
  const places = new Map<string, Omit<Wanted, "facts"> | null>();
  const ask = ({ key, passes, stop, point }: StudyTrial) => {
    const asked = [...(places.get(key)?.asked ?? []), { passes, stop }];
    places.set(key, { point, asked });
  };
  const all = words.length > 0 ? await selectAll(store, words) : await allStudies(store);
  for (const [i, selected] of all.entries()) {
    if (words.length > 0) await tellSeveral(store, words[i], selected, stderr);
    if (selected.kind === "study") {
      selected.study.trials
        .filter(({ role }) => options.search === true || role === "sweep")
        .forEach(ask);
    } else {
      if (!places.has(selected.key)) places.set(selected.key, null);
      for (const { trial } of await store.studiesUsing(selected.key)) ask(trial);
    }
  }
  const kept = await store.trials([...places.keys()]);
  const wanted = kept.map((facts): Wanted => {
    const place = places.get(facts.key);
    const { streams, model } = facts.specification;
    return {
      facts,
      asked: place?.asked ?? [{ passes: wholePasses(facts) }],
      point: place?.point ?? {
        values: { width: model.hidden.at(0) ?? 0 },
        seed: streams.kind === "named" ? streams.seed : null,
      },
    };
  });
  const chosen = wanted.filter(
    ({ point }) =>
      (options.widths?.includes(widthOf({ point })) ?? true) &&
      (options.seeds === undefined || (point.seed !== null && options.seeds.includes(point.seed))),
  );
  if (chosen.length === 0) throw new InputError(noneSentence(wanted));
  return chosen;
}

function noneSentence(wanted: readonly Wanted[]): string {
  if (wanted.length === 0)
    return "no trial of these is kept yet, searches aside, which --search exports; widthwise list has the studies";
  const distinct = (values: readonly (number | null)[]) =>
    [...new Set(values)].filter((value) => value !== null).join(", ");
  const seeds = distinct(wanted.map(({ point }) => point.seed));
  return `no trial has these widths and seeds; there are widths ${distinct(wanted.map(widthOf))}${seeds === "" ? " under the notebook's streams" : ` and seeds ${seeds}`}`;
}

async function writeTable(
  store: RecordStore,
  wanted: readonly Wanted[],
  format: TableFormat,
  out: string | undefined,
  claim: ClaimOptions,
  { stdout, signal }: Context,
): Promise<Written> {
  const { axisColumns, columnsOf } = await import("../../../export/table.ts");
  const measured = new Set<string>();
  for (const one of wanted)
    for (const column of (await exportedTrial(store, one))?.measured?.keys() ?? [])
      measured.add(column);
  const columns = [...columnsOf(measured), ...axisColumns(wanted.map(({ point }) => point))];
  const writer = (await import("../../../export/formats.ts")).TABLES[format](columns);
  let rows = 0;
  let trials = 0;
  async function* pieces(): AsyncGenerator<string | Uint8Array> {
    for (const one of wanted) {
      signal.throwIfAborted();
      const trial = await exportedTrial(store, one);
      if (trial === null) continue;
      trials++;
      rows += trial.record.trajectory.length;
      yield writer.add(trial);
    }
    yield writer.end();
  }
  if (out !== undefined) await (await claimFile("--out", out, claim))(pieces());
  else for await (const piece of pieces()) await written(stdout, piece);
  return { trials, rows };
}

/** null where it is damaged, which the store tells. */
async function exportedTrial(store: RecordStore, wanted: Wanted): Promise<ExportedTrial | null> {
  const { facts, point } = wanted;
  const found = await foundOf(store, wanted);
  if (found === null) return null;
  const { record, outcome } = found;
  const studies = [
    ...new Set((await store.studiesUsing(facts.key)).map(({ study }) => study.name)),
  ];
  const ending = outcome === "unfinished" ? null : record.ending;
  const stopped = outcome === "stopped" && { stopped: true as const };
  const measured = measuredColumns(record, await store.measurements(facts.key), sha256);
  return { point, studies, measured, ...stopped, record: { ...record, ending } };
}

/** null where it is damaged, which the store tells. */
async function foundOf(store: RecordStore, { facts, asked }: Wanted): Promise<Found | null> {
  let longest: Found | null = null;
  for (const { passes, stop } of asked) {
    const record = await store.get(facts.key, passes, stop);
    if (record === null) {
      const { evaluate } = facts.specification;
      const last = lastScheduled(evaluate, Math.min(facts.passes, passes));
      const kept = await store.get(facts.key, last);
      return kept && { record: kept, outcome: "unfinished" };
    }
    if (longest === null || lastPass(record) > lastPass(longest.record))
      longest = { record, outcome: isStopped(record, passes) ? "stopped" : "ended" };
  }
  return longest;
}

/** A data set, on which the mean and deviation of the networks' inputs depend. */
async function loadForWeights(
  digest: string,
  sources: readonly DataSource[] | undefined,
  directory: string | undefined,
  context: Context,
): Promise<Dataset> {
  try {
    return await loadKept(digest, sources, directory, context);
  } catch (error) {
    if (!(error instanceof WidthwiseError) || error instanceof InputError) throw error;
    throw new WidthwiseError(
      `weights are exported with the mean and deviation of their inputs, but ${error.message}`,
      { cause: error },
    );
  }
}

async function writeWeights(
  store: RecordStore,
  wanted: readonly Wanted[],
  {
    format,
    out,
    data,
    store: named,
  }: { format: WeightsFormat; out: string; data?: string; store?: string },
  claim: ClaimOptions,
  context: Context,
): Promise<Written> {
  const { stderr, signal } = context;
  const { WEIGHTS: WEIGHTS_FILES } = await import("../../../export/formats.ts");
  const { standardization } = await import("../../../training/standardization.ts");
  await refuseDanglingLink("--out", out);
  const sources = await sourcesOfStudies(store);
  const digests = new Set(wanted.map(({ facts }) => facts.specification.data.dataset));
  const datasets = new Map<string, Dataset>();
  for (const digest of digests) {
    const dataset = await loadForWeights(digest, sources.get(digest), data, context);
    datasets.set(dataset.digest, dataset);
  }
  try {
    makeFolder(out);
  } catch (error) {
    throw pathProblem("--out", out, "folder", error);
  }
  const nameOf = ({ facts, point: { values, seed } }: Wanted) =>
    [
      ...Object.entries(values).map(([axis, value]) => `${axis}${value}`),
      ...(seed === null ? [] : [`seed${seed}`]),
      `${short(facts.key)}.${format}`,
    ].join("-");
  // All of them before the first is written.
  const places: { one: Wanted; name: string; write: WriteFile }[] = [];
  for (const one of wanted) {
    const name = nameOf(one);
    places.push({ one, name, write: await claimFile("--out", join(out, name), claim) });
  }
  const files: string[] = [];
  const problems: string[] = [];
  const runs = new Set<string>();
  for (const { one, name, write } of places) {
    const { facts } = one;
    signal.throwIfAborted();
    const { key, specification } = facts;
    const record = (await foundOf(store, one))?.record ?? null;
    const passes = record === null ? facts.passes : lastPass(record);
    const parameters = await store.parameters(key, passes);
    if (parameters === null || record === null) {
      problems.push(`trial ${short(key)}: no weights are kept after pass ${passes}`);
      for (const run of await runsFor(store, key, passes))
        runs.add(named === undefined ? run : `${run} --store ${named}`);
      continue;
    }
    const dataset = datasets.get(specification.data.dataset);
    if (dataset === undefined) {
      problems.push(`trial ${short(key)}: ${trainedOnAnother(specification)}`);
      continue;
    }
    const inputs = standardization(specification, dataset, sha256);
    const row = evaluationOf(record, passes);
    const metadata = { key, fingerprint: row.fingerprint, passes: String(passes) };
    const predictions = predictionsAt(row, await store.measurements(key), sha256);
    await write(WEIGHTS_FILES[format](parameters, inputs, { metadata, predictions }));
    files.push(name);
  }
  if (runs.size > 0) problems.push(`to have them: ${[...runs].join("; ")}`);
  if (files.length === 0) throw new WidthwiseError(problems.join("\n"));
  for (const problem of problems) stderr.write(`${problem}\n`);
  return { trials: files.length, files };
}

/** What makes a trial's weights after `pass` passes: commands, or what stands for them where none is known. */
async function runsFor(store: RecordStore, key: string, pass: number): Promise<string[]> {
  const studiesUsing = (await store.studiesUsing(key)).filter(
    ({ trial: { passes, stop } }) => passes === pass || (stop !== undefined && pass < passes),
  );
  return studiesUsing.map(({ study: { name, id, provenance } }) => {
    const command = provenance === null ? null : (JSON.parse(provenance) as Provenance).command;
    return command === null
      ? `run study ${name} ${short(id)} again with --fresh`
      : `${command} --fresh`;
  });
}

/** Waits where the reader is slower than the store. */
function written(stream: NodeJS.WritableStream, piece: string | Uint8Array): Promise<void> {
  if (stream.write(piece)) return Promise.resolve();
  return new Promise((resolve) => stream.once("drain", resolve));
}
