// `widthwise gc`: takes out of the store what no study asks for, and gives the room back.

import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { plural } from "../../../base/numbers.ts";
import { size } from "../../view/kept-text.ts";
import { STORE_OPTION, withKeptStore } from "../../store.ts";

interface GcOptions {
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
Removes trials that no study asks for, and weights after a number of passes that
no study asks for (the newest ones of a trial stay: its training goes on from
them). Then the file is written anew without gaps, which takes its room again
for a moment. What is being trained now is left alone. What is gone of what was
kept is told, as by widthwise verify, and then counted as gone.

As long as a study is damaged nothing is removed: which trials it asks for is
not known. Run it again, or remove it by the id that is told. Where studies are
gone altogether, nothing is removed this once: run them again to keep their
trials, for they are counted anew, and the next gc removes what none asks for.

Examples:
  $ widthwise gc
  $ widthwise gc --json | jq .bytes_after

Exit codes: 0 done, 1 failed or left undone because of damage, 2 bad usage or no
store, 130 interrupted.`;

export function addGcCommand(program: Command, context: Context): void {
  program
    .command("gc")
    .summary("remove what no study asks for, and compact the store")
    .description("Removes from the record store what no study asks for, and compacts it.")
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: GcOptions) => gc(options, context));
}

async function gc(options: GcOptions, context: Context): Promise<void> {
  const { trials, weights, before, after } = await withKeptStore(options.store, context, (store) =>
    store.collect(),
  );
  const document = { trials, weights, bytes_before: before, bytes_after: after };
  const lines = [
    `removed ${plural(trials, "trial")} and ${plural(weights, "set")} of weights that no study asks for`,
    `${size(before)} before, ${size(after)} after`,
  ];
  context.stdout.write(
    options.json ? `${JSON.stringify(document, null, 2)}\n` : `${lines.join("\n")}\n`,
  );
}
