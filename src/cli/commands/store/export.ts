// `widthwise export`: trajectories as a table, or weights as files, of any selection of kept trials.

import { Option, type Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { widthOf } from "../../../records/point.ts";
import type { RecordStore, StudyTrial } from "../../../records/store.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION } from "../../data.ts";
import { FORCE_OPTION, parseSeeds, parseWidths } from "../../options.ts";
import { TABLE_FORMATS, writeTable, type TableFormat } from "../../output/export-table.ts";
import { WEIGHTS_FORMATS, writeWeights, type WeightsFormat } from "../../output/export-weights.ts";
import type { WantedTrial } from "../../output/exported.ts";
import { dataFiles, storeFiles } from "../../output/inputs.ts";
import type { ClaimOptions } from "../../output/output-file.ts";
import { allStudies, selectAll, tellSeveral } from "../../selection.ts";
import { STORE_OPTION, storePath, withKeptStore } from "../../store.ts";
import { wholePasses } from "../../view/kept-text.ts";

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
    .argument("[study|key...]", "studies' names, ids or files, trials' keys (default: every study)")
    .addOption(
      new Option("--format <format>", "what to write")
        .choices([...TABLE_FORMATS, ...WEIGHTS_FORMATS])
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
  return TABLE_FORMATS.some((table) => table === format);
}

/** In the order of the words, and of each study's plan; each trial once, with the most passes that are asked for. */
async function findWanted(
  store: RecordStore,
  words: readonly string[],
  options: ExportOptions,
  stderr: NodeJS.WritableStream,
): Promise<WantedTrial[]> {
  // null where no study asks for it.
  const places = new Map<string, Omit<WantedTrial, "facts"> | null>();
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
  const wanted = kept.map((facts): WantedTrial => {
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

function noneSentence(wanted: readonly WantedTrial[]): string {
  if (wanted.length === 0)
    return "no trial of these is kept yet, searches aside, which --search exports; widthwise list has the studies";
  const distinct = (values: readonly (number | null)[]) =>
    [...new Set(values)].filter((value) => value !== null).join(", ");
  const seeds = distinct(wanted.map(({ point }) => point.seed));
  return `no trial has these widths and seeds; there are widths ${distinct(wanted.map(widthOf))}${seeds === "" ? " under the notebook's streams" : ` and seeds ${seeds}`}`;
}
