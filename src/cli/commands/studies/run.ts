// `widthwise run`: a study from its file to its report.

import { Option } from "commander";
import type { Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import type { Shard } from "../../../study/shards/deal.ts";
import { answerLines } from "../../view/answer.ts";
import { DATA_OPTION } from "../../data.ts";
import type { Context } from "../../context.ts";
import {
  FORCE_OPTION,
  SIZE_OPTION,
  allowedWorkers,
  defaultWorkers,
  parseShard,
  parseShare,
  parseWorkers,
} from "../../options.ts";
import { PASSWORD_OPTION, QUEUE_OPTION } from "../../queue.ts";
import { STORE_OPTION, storePath } from "../../store.ts";
import { findStudy, type Overrides } from "../../study-files.ts";
import { dryRun } from "./dry-run.ts";
import { addOverrides, commandLine } from "./overrides.ts";
import { runAndTell, type Running } from "./run-and-tell.ts";
import { runShard } from "./run-shard.ts";

interface RunOptions extends Overrides, Running {
  readonly dryRun?: boolean;
  readonly shard?: Shard;
  readonly known?: string;
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

With --queue others train, wherever they are (widthwise worker), while this
command keeps the store, shows progress and answers; --workers are then threads
for what is measured and verified.

With --shard one of several machines trains its share of the trials; widthwise
merge brings their stores together.

Examples:
  $ widthwise run homework
  $ widthwise run homework --widths 8,16,32,64,128,512 --passes 200
  $ widthwise run homework --seeds 0..9 --out runs/ten-seeds
  $ widthwise run homework --seeds 0..99 --dry-run
  $ widthwise run homework --set dataset.fraction=0.2 --learning-rate 0.002
  $ widthwise run homework --size slide --out runs/talk
  $ widthwise run homework --shard 3/64 --store shards/3.db
  $ widthwise run ./mine.yaml --json | jq .smallest_interpolating_width

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addRunCommand(program: Command, context: Context): void {
  const command = program
    .command("run")
    .summary("train what a study asks for and write its report")
    .description("Trains what a study asks for, answers its question and writes a report.")
    .argument("<study>", "a shipped study's name, or a path");
  addOverrides(command)
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
    .addOption(
      new Option(
        "--shard <i/n>",
        "train only this share of the trials into a --store of its own, without an answer",
      )
        .argParser(parseShard)
        .conflicts(["out", "fresh", "timeline", "dryRun", "force"]),
    )
    .option(
      "--known <file>",
      "with --shard: a store that has trials already, such as a merged one; it is only read",
    )
    .addOption(new Option(...QUEUE_OPTION).conflicts(["shard", "timeline", "dryRun"]))
    .option(...PASSWORD_OPTION)
    .addOption(
      new Option(
        "--verify <share>",
        "with --queue: train so much of the trials here again at the end, such as 1%",
      ).argParser(parseShare),
    )
    .addHelpText("after", HELP)
    .action((study: string, options: RunOptions) =>
      run(study, { ...options, workers: allowedWorkers(options.workers, context.stderr) }, context),
    );
}

async function run(nameOrPath: string, options: RunOptions, context: Context): Promise<void> {
  const { stderr, env } = context;
  const study = await findStudy(nameOrPath, options, (sentence) => stderr.write(`${sentence}\n`));
  for (const name of ["verify", "passwordFile"] as const)
    if (options[name] !== undefined && options.queue === undefined)
      throw new InputError(
        `--${name === "verify" ? name : "password-file"}: it is for a queue; give --queue, too, or leave it out`,
      );
  if (options.shard) {
    await runShard(study, { ...options, shard: options.shard }, context);
    return;
  }
  if (options.known !== undefined)
    throw new InputError("--known: it is for a shard; give --shard i/n, too, or leave it out");
  if (options.dryRun) {
    await dryRun(study, { ...options, store: storePath(options.store, env) }, context);
    return;
  }
  const command = commandLine(nameOrPath, options);
  await runAndTell(study, { from: nameOrPath, command, lines: answerLines }, options, context);
}
