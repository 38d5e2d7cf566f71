// `widthwise run`: a study from its file to its report.

import { basename, join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { WidthwiseError } from "../../../base/errors.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import { pointText } from "../../../records/point.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Provenance } from "../../../report/provenance.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import { compareAndKeep } from "../../../study/checks/compare-fresh.ts";
import { mostMisleadingPixels, subsetWarning } from "../../../study/misleading.ts";
import { searchTrial } from "../../../study/plans/learning-rate.ts";
import type { StudyResult } from "../../../study/result.ts";
import type { StudyEvent } from "../../../study/run.ts";
import type { Study } from "../../../study/spec.ts";
import type { FinishedCall } from "../../../pool/node/node-pool.ts";
import { answerLines } from "../../view/answer.ts";
import { claimFile, type ClaimOptions } from "../../output/output-file.ts";
import { DATA_OPTION, loadData } from "../../data.ts";
import { readGiven } from "../../given.ts";
import { Interruption } from "../../context.ts";
import type { Context } from "../../context.ts";
import { dataFiles, givenFile, ownData, storeFiles, studyFile } from "../../output/inputs.ts";
import {
  FORCE_OPTION,
  SIZE_OPTION,
  allowedWorkers,
  defaultWorkers,
  parseLearningRate,
  parsePasses,
  parseSeeds,
  parseSet,
  parseWidths,
  parseWorkers,
  type Size,
} from "../../options.ts";
import { versions } from "../../package.ts";
import { keepProvenance, keptProvenance } from "../../kept-provenance.ts";
import type { OutputFolder } from "../../output/output-folder.ts";
import { openProgressView, type ProgressView } from "../../view/progress-view.ts";
import { Progress } from "../../view/progress.ts";
import { dryRun } from "./dry-run.ts";
import { STORE_OPTION, storePath, withStore } from "../../store.ts";
import { findStudy, seenFrom, type Overrides } from "../../study-files.ts";
import { loadLines, loadOf, traceOf } from "../../output/timeline.ts";

interface RunOptions extends Overrides {
  readonly workers: number;
  readonly out?: string;
  readonly size: Size;
  readonly force?: boolean;
  readonly store?: string;
  readonly fresh?: boolean;
  readonly data?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly timeline?: string;
  readonly dryRun?: boolean;
}

const HELP = `
<study> is a shipped study (homework), or the path of your own: ./mine.yaml.

While it runs, progress goes to stderr; stdout gets the answers alone. What is
trained is kept every few seconds in the record store. The next run takes from
there what it has, and trains the rest: an interrupted run goes on where it was,
more passes go on from the last one, one width more is trained alone. At the end
these are written to <dir>, in place of those of an earlier run; what you have
put there or changed is not overwritten, unless you give --force:

  report.html, report.md  the question, the answers, the figures, and where they
                          come from
  *.svg, *.png            the figures
  trajectories.csv        a row for each width, seed and pass
  summary.json            the answers for programs

--size slide draws these figures 16:9, with letters that a room can read, and
each panel of the curves as a figure of its own, too (curves-train-loss, …).

--fresh takes nothing from the store and keeps at its end what is not there yet,
such as weights after fewer passes than a trial has by now. Where a bit differs
from what is kept, it says from which pass on, leaves store and <dir> as they
were, and ends with exit code 1.

--dry-run measures for about a second what training costs on this machine,
counts what the store has already, and trains nothing (only the data set is
fetched if it is not here yet). A learning-rate search is counted as three
trials until it has its answer: one rate too large, one that converges, and its
double, that does not. Trials that diverge end earlier than told.

With --timeline the share of time in which each worker was busy is told, too.

Examples:
  $ widthwise run homework
  $ widthwise run homework --widths 8,16,32,64,128,512 --passes 200
  $ widthwise run homework --seeds 0..9 --out runs/ten-seeds
  $ widthwise run homework --seeds 0..99 --dry-run
  $ widthwise run homework --set dataset.fraction=0.2 --learning-rate 0.002
  $ widthwise run homework --size slide --out runs/talk
  $ widthwise run ./mine.yaml --json | jq .smallest_interpolating_width

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addRunCommand(program: Command, context: Context): void {
  program
    .command("run")
    .summary("train what a study asks for and write its report")
    .description("Trains what a study asks for, answers its question and writes a report.")
    .argument("<study>", "a shipped study's name, or a path")
    .option(
      "--widths <list>",
      "widths to sweep, such as 8,16,32 (default: the study's)",
      parseWidths,
    )
    .option("--passes <n>", "passes of each trial (default: the study's)", parsePasses)
    .option(
      "--learning-rate <rate>",
      'rate of every step, or "eta_star / 2" (default: the study\'s)',
      parseLearningRate,
    )
    .option(
      "--seeds <seeds>",
      "repeat every width with these seeds of named streams: 0..9, or 0,3,5 (default: the study's streams)",
      parseSeeds,
    )
    .addOption(
      new Option(
        "--set <path=value>",
        "put a value in the place of the study's: dataset.fraction=0.2 (may be given again)",
      ).argParser(parseSet),
    )
    .addOption(
      new Option("--workers <n>", "worker threads, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option("--out <dir>", "output folder (default: runs/<study>)")
    .addOption(SIZE_OPTION)
    .option(...FORCE_OPTION)
    .option(...STORE_OPTION)
    .option("--fresh", "train everything anew, and compare with what is kept")
    .option(...DATA_OPTION)
    .option("--json", "print summary.json's content instead of the answers")
    .option("--verbose", "print the running average of the objective, every 100 steps")
    .option(
      "--timeline <file>",
      "write which worker did what when, for chrome://tracing or ui.perfetto.dev",
    )
    .option("--dry-run", "tell how many trials, how long and how much memory, and train none")
    .addHelpText("after", HELP)
    .action((study: string, options: RunOptions) =>
      run(study, { ...options, workers: allowedWorkers(options.workers, context.stderr) }, context),
    );
}

async function run(nameOrPath: string, options: RunOptions, context: Context): Promise<void> {
  const { effects, stdout, stderr } = context;
  const study = await findStudy(nameOrPath, options, (sentence) => stderr.write(`${sentence}\n`));
  const store = storePath(options.store, context.env);
  if (options.dryRun) {
    await dryRun(study, { ...options, store }, context);
    return;
  }
  const { folder, timeline } = await findOutputs(nameOrPath, study, store, options, context);
  const command = commandLine(nameOrPath, options);
  const tell = async (result: StudyResult, provenance: Provenance) => {
    const { answered } = await import("../../../questions/asked.ts");
    const { CATALOGUE } = await import("../../../questions/catalogue.ts");
    const found = answered({ ...result, study: seenFrom(folder.path, result.study) }, CATALOGUE);
    const files = await effects.renderReport(found, provenance, options.size);
    context.signal.throwIfAborted();
    await folder.replace(files, context.signal);
    // After the folder is filled, so that the file may lie in it.
    if (timeline !== null) stderr.write(await timeline.write(options.workers, command));
    if (options.json) stdout.write((files.get("summary.json") ?? "") as string);
    else stdout.write(`${answerLines(found, folder.path).join("\n")}\n`);
  };
  await trainAndTell(study, store, command, options, context, tell, timeline?.onCall);
}

/** Makes sure, before anything is trained, that all outputs can be written, and that none is an input. */
async function findOutputs(
  nameOrPath: string,
  study: Study,
  store: string,
  { out = join("runs", study.name), size, timeline, data, force }: RunOptions,
  { effects, env }: Context,
): Promise<{ folder: OutputFolder; timeline: Timeline | null }> {
  const { reportFileNames } = await import("../../../questions/asked.ts");
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const names = reportFileNames(study, CATALOGUE, size);
  const inputs = [
    ...[...studyFile(nameOrPath), ...storeFiles(store)],
    ...[...(await dataFiles(data, env)), ...(await ownData(study.dataset)), ...givenFile(study)],
  ];
  const report = names.map((name) => ({ what: "a file of the report", path: join(out, name) }));
  const folder = await effects.findOutputFolder(out, { names, others: inputs, force });
  return {
    folder,
    timeline:
      timeline === undefined
        ? null
        : await openTimeline(timeline, { others: [...inputs, ...report], force }),
  };
}

/** `tell` is called while the store is open, from which it reads. */
async function trainAndTell(
  study: Study,
  path: string,
  command: string,
  options: RunOptions,
  context: Context,
  tell: (result: StudyResult, provenance: Provenance) => Promise<void>,
  onCall: ((call: FinishedCall) => void) | undefined,
): Promise<void> {
  const { stderr, now } = context;
  const view = openProgressView(new Progress(study, now()), context, {
    verbose: options.verbose ?? false,
  });
  let isTrained = false;
  const onEvent = (event: StudyEvent) => {
    if (event.kind === "ended" && !event.reused) isTrained = true;
    view.onEvent(event);
  };
  const work = async (store: RecordStore) => {
    const working = options.fresh ? new MemoryStore() : store;
    const { result, ...trained } = await train(study, working, { ...options, path }, context, {
      ...{ store, view, onEvent, onCall },
    });
    if (options.fresh) stderr.write(await compare(result.id, working, store));
    const kept = isTrained ? null : await keptProvenance(store, result.id);
    const provenance = kept ?? { versions: versions(), command, ...trained };
    if (kept === null) await keepProvenance(store, result.id, provenance);
    await tell(result, provenance);
  };
  await withStore(path, context, work, { onDamage: view.onProblem });
}

async function train(
  asked: Study,
  working: RecordStore,
  { data, workers, fresh, path }: RunOptions & { readonly path: string },
  context: Context,
  { store, view, onEvent, onCall }: Watchers,
): Promise<Pick<Provenance, "seconds" | "dataset"> & { result: StudyResult }> {
  const { effects, signal, now } = context;
  const began = now();
  const { dataset, origin } = await loadData(asked.dataset, data, context);
  const { study, given } = await readGiven(asked, dataset, store, context);
  const { trial: trained } = searchTrial(study, dataset, 1);
  const misleading = mostMisleadingPixels(study, dataset, sha256);
  const warning = subsetWarning(
    misleading,
    trained.specification.data.train_examples,
    dataset.image ? "pixel" : "input",
  );
  if (warning !== null) context.stderr.write(`${warning}\n`);
  const loaded = now();
  const pool = await effects.createPool(dataset, workers, onCall, given);
  const advice = effects.nodeAdvice();
  if (advice !== null) context.stderr.write(`${advice}\n`);
  try {
    const { CATALOGUE } = await import("../../../questions/catalogue.ts");
    const result = await effects.runStudy(study, {
      ...{ catalogue: CATALOGUE, dataset, pool, store: working, sha256, given, signal, onEvent },
    });
    const trained = now();
    const seconds = {
      total: (trained - began) / 1000,
      data: (loaded - began) / 1000,
      training: (trained - loaded) / 1000,
    };
    const { name, digest } = dataset;
    const told = dataset.image
      ? { misleading_pixels: misleading }
      : { misleading_inputs: misleading };
    // What a report says goes to others, to whom the user's folders mean nothing.
    const from = study.dataset.path === undefined ? origin : basename(study.dataset.path);
    return {
      result,
      seconds,
      dataset: { name, digest, origin: from, ...(misleading > 0 && told) },
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    const kept = fresh
      ? "what is trained anew is kept at the end alone"
      : `what was trained is kept in ${path}, and the same command goes on from there`;
    throw new Interruption(`interrupted; ${kept}`, { cause: error });
  } finally {
    view.close();
    await pool.close();
  }
}

/** Those who look on while a study is trained, and what is kept of others. */
interface Watchers {
  readonly store: RecordStore;
  readonly view: ProgressView;
  readonly onEvent: (event: StudyEvent) => void;
  readonly onCall: ((call: FinishedCall) => void) | undefined;
}

/** Says that what was trained anew is what is kept. Throws WidthwiseError where it is not. */
async function compare(id: string, fresh: RecordStore, kept: RecordStore): Promise<string> {
  const { compared, differences } = await compareAndKeep(id, fresh, kept);
  if (differences.length === 0) return `${compared} of ${compared} kept trials match to the bit\n`;
  const places = differences.map(
    ({ trial: { point, key }, pass }) =>
      `${pointText(point)} (${key.slice(0, 12)}) from pass ${pass} on`,
  );
  throw new WidthwiseError(
    `${differences.length} of ${compared} kept trials differ from what was trained anew: ${places.join(", ")}; store and report are left as they were`,
  );
}

interface Timeline {
  readonly onCall: (call: FinishedCall) => void;
  /** Writes the file and returns what to tell of it. */
  write(workers: number, title: string): Promise<string>;
}

async function openTimeline(
  path: string,
  options: Omit<ClaimOptions, "content">,
): Promise<Timeline> {
  const writeFile = await claimFile("--timeline", path, { content: "trace", ...options });
  const calls: FinishedCall[] = [];
  return {
    onCall: (call) => calls.push(call),
    async write(workers, title) {
      await writeFile(`${JSON.stringify(traceOf(calls, workers, title))}\n`);
      return `time line: ${path}\n${loadLines(loadOf(calls, workers)).join("\n")}\n`;
    },
  };
}

/** The command that gives the same result: with every option that decides some of its bits, and no other. */
function commandLine(study: string, options: RunOptions): string {
  const { widths, passes, learningRate, seeds, set = [] } = options;
  return [
    `widthwise run ${study}`,
    ...(widths === undefined ? [] : [`--widths ${widths.join(",")}`]),
    ...(passes === undefined ? [] : [`--passes ${passes}`]),
    ...(learningRate === undefined ? [] : [`--learning-rate ${shellWord(String(learningRate))}`]),
    ...(seeds === undefined ? [] : [`--seeds ${seeds.join(",")}`]),
    ...set.map(({ option, value }) => {
      const [, path] = option.split(" ");
      return `--set ${shellWord(`${path}=${JSON.stringify(value(undefined))}`)}`;
    }),
  ].join(" ");
}

function shellWord(word: string): string {
  return /^[\w./=,:-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
