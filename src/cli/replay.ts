// `widthwise replay`: the homework's notebook in its own random streams, its printed numbers beside ours.

import { Option } from "commander";
import type { Command } from "commander";
import type { Doors } from "./doors.ts";
import { defaultWorkers, parseCount, parseWorkers } from "./options.ts";

export interface ReplayOptions {
  readonly ensemble?: number;
  readonly workers: number;
  readonly data?: string;
  readonly json?: boolean;
}

const MAX_ENSEMBLE = 1000;

/** `replay` does the work (the caller's, so that this file stays the command line of it). */
export function addReplayCommand(
  program: Command,
  doors: Doors,
  replay: (options: ReplayOptions, doors: Doors) => Promise<void>,
): void {
  program
    .command("replay")
    .summary("replay the homework's notebook and print its numbers beside ours")
    .description(
      "Replays the homework's notebook in its own random streams and prints its printed numbers beside ours.",
    )
    .option(
      "--ensemble <n>",
      "also train the homework's widths from n one-ulp perturbations of the notebook's start",
      (text: string) => parseCount("--ensemble", text, MAX_ENSEMBLE),
    )
    .addOption(
      new Option("--workers <n>", "worker threads")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(
      "--data <dir>",
      "folder of the FashionMNIST files (default: WIDTHWISE_DATA, or found or fetched)",
    )
    .option("--json", "print one JSON document")
    .action((options: ReplayOptions) => replay(options, doors));
}
