// `widthwise replay`: the homework's notebook in its own random streams, its printed numbers beside ours.

import { Option } from "commander";
import type { Command } from "commander";
import { createLogUpdate } from "log-update";
import type { ReplayContext } from "../../../homework/replay.ts";
import { DATA_OPTION, HOMEWORK_DATA, loadData } from "../../data.ts";
import type { Context } from "../../context.ts";
import { allowedWorkers, defaultWorkers, parseCount, parseWorkers } from "../../options.ts";
import { ensembleLines, replayLines } from "../../view/replay-text.ts";
import { isTerminal } from "../../view/terminal.ts";

interface ReplayOptions {
  readonly ensemble?: number;
  readonly workers: number;
  readonly data?: string;
  readonly json?: boolean;
}

const MAX_ENSEMBLE = 1000;

const HELP = `
Draws the same random numbers in the same order as the notebook (NumPy seed 1,
torch seed 0), so what comes before training agrees to the printed digits, and
what comes after agrees as far as rounding lets it.

With --ensemble it trains the five widths from n perturbed starts instead: every
initial weight is moved by one unit in the last place. Each member takes as long
as the homework.

Examples:
  $ widthwise replay
  $ widthwise replay --json | jq .initial_accuracies
  $ widthwise replay --ensemble 20

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addReplayCommand(program: Command, context: Context): void {
  program
    .command("replay")
    .summary("replay the homework's notebook and print its numbers beside ours")
    .description(
      "Replays the homework's notebook in its own random streams and prints its printed numbers beside ours.",
    )
    .option(
      "--ensemble <n>",
      "train the homework's widths from n one-ulp perturbations of the notebook's start",
      (text: string) => parseCount("--ensemble", text, MAX_ENSEMBLE),
    )
    .addOption(
      new Option("--workers <n>", "worker threads, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(...DATA_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: ReplayOptions) =>
      replay({ ...options, workers: allowedWorkers(options.workers, context.stderr) }, context),
    );
}

async function replay(options: ReplayOptions, context: Context): Promise<void> {
  const { effects, signal, stdout } = context;
  const { dataset } = await loadData(HOMEWORK_DATA, options.data, context);
  const pool = await effects.createPool(dataset, options.workers);
  const view = openCounter(context);
  const write = (result: unknown, lines: readonly string[]) => {
    stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${lines.join("\n")}\n`);
  };
  try {
    const replayContext = { dataset, pool, signal, onProgress: view.count };
    if (options.ensemble === undefined) {
      const result = await effects.replayNotebook(replayContext);
      write(result, replayLines(result));
    } else {
      const result = await effects.replayEnsemble(options.ensemble, replayContext);
      write(result, ensembleLines(result));
    }
  } finally {
    view.close();
    await pool.close();
  }
}

/** Shows how many trainings are done: in place on a terminal, a line each elsewhere. */
function openCounter({ stderr, env }: Context): {
  readonly count: NonNullable<ReplayContext["onProgress"]>;
  close(): void;
} {
  const text = (done: number, total: number) => `${done} of ${total} trainings done`;
  if (!isTerminal(stderr, env))
    return {
      count: (done, total) => stderr.write(`${text(done, total)}\n`),
      close: () => undefined,
    };
  const screen = createLogUpdate(stderr, { showCursor: true });
  return {
    count: (done, total) => {
      screen(text(done, total));
    },
    close: () => {
      screen.clear();
    },
  };
}
