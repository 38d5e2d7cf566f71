// The command line as a whole: its commands, its errors and its exit codes.

import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { InputError, WidthwiseError } from "../base/errors.ts";
import { nearHint } from "../base/fields.ts";
import { saysTooManyFiles, tooManyFiles } from "../base/open-files.node.ts";
import { oneLine } from "../base/quote.ts";
import { addDataCommand } from "./commands/machine/data.ts";
import { addDoctorCommand } from "./commands/machine/doctor.ts";
import { addLabCommand } from "./commands/machine/lab.ts";
import { addCompareCommand } from "./commands/store/compare.ts";
import { addExportCommand } from "./commands/store/export.ts";
import { addGcCommand } from "./commands/store/gc.ts";
import { addMergeCommand } from "./commands/store/merge.ts";
import { addListCommand } from "./commands/store/list.ts";
import { addRemoveCommand } from "./commands/store/remove.ts";
import { addShowCommand } from "./commands/store/show.ts";
import type { Context } from "./context.ts";
import { effects } from "./effects.ts";
import { Interruption, listenForInterruptions } from "./interruption.ts";
import { packageVersion } from "./package.ts";
import { addReplayCommand } from "./commands/homework/replay.ts";
import { addQueueCommand } from "./commands/queue/queue.ts";
import { addWorkerCommand } from "./commands/queue/worker.ts";
import { addCheckCommand } from "./commands/studies/check.ts";
import { addNewCommand } from "./commands/studies/new.ts";
import { addReportCommand } from "./commands/studies/report.ts";
import { addRunCommand } from "./commands/studies/run.ts";
import { addSbatchCommand } from "./commands/studies/sbatch.ts";
import { addVerifyCommand } from "./commands/studies/verify.ts";

const HELP = `
Examples:
  $ widthwise run homework        the homework: its answers, figures and report
  $ widthwise run --help          what can be changed about it
  $ widthwise check               the published claims that can be tested
  $ widthwise new noise           a commented study to start from
  $ widthwise verify homework     whether what is kept of it is so to the bit
  $ widthwise replay              the notebook's printed numbers beside ours
  $ widthwise list                the studies that are kept
  $ widthwise compare one other   two of them, point by point
  $ widthwise export homework     its trajectories as a table
  $ widthwise data                where the data comes from
  $ widthwise lab                 watch width at work, in the browser
  $ widthwise doctor              whether all is well on this machine

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

/** Runs the command line of this process; what bin/widthwise.js calls. */
export async function start(): Promise<void> {
  const { stdout, stderr, env } = process;
  const args = process.argv.slice(2);
  const { signal, interrupt, mortally } = listenForInterruptions();
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // The reader has gone (`| head`), so nobody waits for the rest.
      if (error.code === "EPIPE") interrupt();
      // Of what goes to stderr no result depends, and there is nowhere left to tell it.
      if (error.code === "EPIPE" || stream === stderr) return;
      stderr.write(`${lostSentence(error)}\n`);
      process.exit(1);
    });
  }
  process.on("uncaughtException", (error) => {
    // Work that an interruption cut off fails where nobody waits for it any more.
    if (signal.aborted) return;
    tell(error, signal, args, stderr);
    process.exit(1);
  });
  const now = () => performance.now();
  process.exitCode = await main(args, { stdout, stderr, env, signal, mortally, now, effects });
}

function lostSentence({ code, message }: NodeJS.ErrnoException): string {
  const reason = code === "ENOSPC" ? "the disk is full" : (code ?? message);
  return `what goes to standard output cannot be written (${reason}); send it elsewhere`;
}

/** Runs one command line and returns its exit code; every failure is told on stderr. */
export async function main(args: readonly string[], context: Context): Promise<number> {
  const program = createProgram(context);
  if (args.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Help that was asked for, or that stands in for a message (`widthwise help` of an unknown command).
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    return tell(error, context.signal, args, context.stderr);
  }
}

/** Tells a failure in a sentence, with its stack only for `--debug`, and returns the exit code. */
function tell(
  error: unknown,
  signal: AbortSignal,
  args: readonly string[],
  stderr: NodeJS.WritableStream,
): number {
  const { sentence, code } = describe(error, signal);
  stderr.write(`${sentence}\n`);
  if (args.includes("--debug")) stderr.write(`${inspect(error)}\n`);
  return code;
}

function createProgram(context: Context): Command {
  const { stdout, stderr } = context;
  const program = new Command("widthwise")
    .description("How does a neural network's performance depend on its width?")
    .version(packageVersion(), "--version", "print the version")
    .option("--debug", "show where an error comes from")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print a command's help")
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // main tells errors, in one sentence.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .hook("preAction", refuseMissingFolder);
  addRunCommand(program, context);
  addCheckCommand(program, context);
  addNewCommand(program, context);
  addReportCommand(program, context);
  addVerifyCommand(program, context);
  addReplayCommand(program, context);
  addListCommand(program, context);
  addShowCommand(program, context);
  addCompareCommand(program, context);
  addExportCommand(program, context);
  addRemoveCommand(program, context);
  addSbatchCommand(program, context);
  addMergeCommand(program, context);
  addWorkerCommand(program, context);
  addQueueCommand(program, context);
  addGcCommand(program, context);
  addDataCommand(program, context);
  addLabCommand(program, context);
  addDoctorCommand(program, context);
  return program;
}

/** Relative paths mean nothing without it. */
function refuseMissingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new InputError("the working folder is gone; change to one that is there", { cause });
  }
}

/** What to tell of an error, and the exit code. */
function describe(error: unknown, signal: AbortSignal): { sentence: string; code: number } {
  if (signal.aborted) {
    return { sentence: error instanceof Interruption ? error.message : "interrupted", code: 130 };
  }
  if (error instanceof CommanderError) return { sentence: usageSentence(error.message), code: 2 };
  if (error instanceof InputError) return { sentence: error.message, code: 2 };
  if (error instanceof WidthwiseError) return { sentence: error.message, code: 1 };
  if (saysTooManyFiles(error)) return { sentence: tooManyFiles(error).message, code: 1 };
  const message = error instanceof Error ? error.message : String(error);
  return { sentence: `widthwise met a bug: ${message} (run with --debug for the stack)`, code: 1 };
}

/** Commander's message as one sentence on one line: its suggestion comes on a second. */
function usageSentence(message: string): string {
  const sentence = message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*\?)\)$/s, "; did you mean $1")
    .replace(/\. Expected (.*)\.$/s, "; expected $1")
    .replace(
      /argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
      (whole, given: string, choices: string) => {
        const hint = nearHint(given, choices.split(", "));
        return hint === "" ? whole : whole.slice(0, -1) + hint;
      },
    );
  return `${oneLine(sentence)} (see widthwise --help)`;
}
