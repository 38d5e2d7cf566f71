// `widthwise run`: a study from its file to its report.

import { join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { sha256 } from "../sha256.node.ts";
import type { StudyEvent, StudyResult } from "../study/run.ts";
import type { Study } from "../study/spec.ts";
import type { FinishedCall } from "../workers/pool.node.ts";
import { answerLines } from "./answer.ts";
import { claimFile } from "./claim-file.ts";
import { loadData } from "./data.ts";
import { Interruption } from "./doors.ts";
import type { Doors } from "./doors.ts";
import { defaultWorkers, parsePasses, parseSeeds, parseWidths, parseWorkers } from "./options.ts";
import { readmeFrom, versions } from "./package.ts";
import { keepProvenance, keptProvenance, type KeptProvenance } from "./kept-provenance.ts";
import { openProgressView } from "./progress-view.ts";
import { Progress } from "./progress.ts";
import { dryRun } from "./dry-run.ts";
import { STORE_OPTION, storePath, withStore } from "./store.ts";
import { findStudy, override } from "./studies.ts";
import { loadLines, loadOf, traceOf } from "./timeline.ts";

interface RunOptions {
  readonly widths?: number[];
  readonly passes?: number;
  readonly seeds?: number[];
  readonly workers: number;
  readonly out?: string;
  readonly store?: string;
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
<dir> is replaced as a whole by

  report.html, report.md  the question, the answers, the figures, and where they
                          come from
  *.svg, *.png            the figures
  trajectories.csv        a row for each width, seed and pass
  summary.json            the answers for programs

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
  $ widthwise run ./mine.yaml --json | jq .smallest_interpolating_width

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addRunCommand(program: Command, doors: Doors): void {
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
      "--seeds <seeds>",
      "repeat every width with these seeds of named streams: 0..9, or 0,3,5 (default: the study's streams)",
      parseSeeds,
    )
    .addOption(
      new Option("--workers <n>", "worker threads")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option("--out <dir>", "output folder (default: runs/<study>)")
    .option(...STORE_OPTION)
    .option(
      "--data <dir>",
      "folder of the FashionMNIST files (default: WIDTHWISE_DATA, or found or fetched)",
    )
    .option("--json", "print summary.json's content instead of the answers")
    .option("--verbose", "print the running average of the objective, every 100 steps")
    .option(
      "--timeline <file>",
      "write which worker did what when, for chrome://tracing or ui.perfetto.dev",
    )
    .option("--dry-run", "tell how many trials, how long and how much memory, and train none")
    .addHelpText("after", HELP)
    .action((study: string, options: RunOptions) => run(study, options, doors));
}

async function run(nameOrPath: string, options: RunOptions, doors: Doors): Promise<void> {
  const { laboratory, stdout, stderr } = doors;
  const study = override(await findStudy(nameOrPath), options);
  const store = storePath(options.store, doors.env);
  if (options.dryRun) {
    await dryRun(study, { ...options, store }, doors);
    return;
  }
  const folder = await laboratory.findOutputFolder(options.out ?? join("runs", study.name));
  const timeline = options.timeline === undefined ? null : await openTimeline(options.timeline);
  const command = commandLine(nameOrPath, options);
  const { result, provenance } = await trainAndKeep(
    study,
    store,
    command,
    options,
    doors,
    timeline?.onCall,
  );
  const readme = readmeFrom(folder.path);
  const files = await laboratory.renderReport(result, { ...provenance, readme });
  doors.signal.throwIfAborted();
  await folder.replace(files);
  // After the folder is replaced, so that the file may lie in it.
  if (timeline !== null) stderr.write(await timeline.write(options.workers, command));
  if (options.json) stdout.write(files.get("summary.json") ?? "");
  else stdout.write(`${answerLines(result, folder.path).join("\n")}\n`);
}

async function trainAndKeep(
  study: Study,
  path: string,
  command: string,
  { data, workers, verbose = false }: RunOptions,
  doors: Doors,
  onCall: ((call: FinishedCall) => void) | undefined,
): Promise<{ result: StudyResult; provenance: KeptProvenance }> {
  const { laboratory, signal, now } = doors;
  const view = openProgressView(new Progress(study, now()), doors, { verbose });
  let isTrained = false;
  const onEvent = (event: StudyEvent) => {
    if (event.kind === "ended" && !event.reused) isTrained = true;
    view.onEvent(event);
  };
  // The store before the data: a store that cannot be used is told before anything is fetched.
  return withStore(
    path,
    doors,
    async (store) => {
      const began = now();
      const { dataset, origin } = await loadData(data, doors);
      const loaded = now();
      const pool = await laboratory.createPool(dataset, workers, onCall);
      try {
        const result = await laboratory.runStudy(study, {
          dataset,
          pool,
          store,
          sha256,
          signal,
          onEvent,
        });
        const trained = now();
        const provenance = isTrained ? null : await keptProvenance(store, result.id);
        return {
          result,
          provenance:
            provenance ??
            (await keepProvenance(store, result.id, {
              versions: versions(),
              seconds: {
                total: (trained - began) / 1000,
                data: (loaded - began) / 1000,
                training: (trained - loaded) / 1000,
              },
              command,
              dataset: { name: dataset.name, digest: dataset.digest, origin },
            })),
        };
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new Interruption(
          `interrupted; what was trained is kept in ${path}, and the same command goes on from there`,
          { cause: error },
        );
      } finally {
        view.close();
        await pool.close();
      }
    },
    view.onProblem,
  );
}

interface Timeline {
  readonly onCall: (call: FinishedCall) => void;
  /** Writes the file and returns what to tell of it. */
  write(workers: number, title: string): Promise<string>;
}

async function openTimeline(path: string): Promise<Timeline> {
  const writeFile = await claimFile("--timeline", path);
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
function commandLine(study: string, { widths, passes, seeds }: RunOptions): string {
  return [
    `widthwise run ${study}`,
    ...(widths === undefined ? [] : [`--widths ${widths.join(",")}`]),
    ...(passes === undefined ? [] : [`--passes ${passes}`]),
    ...(seeds === undefined ? [] : [`--seeds ${seeds.join(",")}`]),
  ].join(" ");
}
