// `widthwise remove`: takes studies or trials out of the store.

import type { Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { oneLine } from "../../../base/quote.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Context } from "../../context.ts";
import { plural } from "../../../base/numbers.ts";
import { minute, short } from "../../view/kept-text.ts";
import { selectAll, type Selected } from "../../selection.ts";
import { STORE_OPTION, withKeptStore } from "../../store.ts";

interface RemoveOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
Removing a study leaves its trials, which other studies may share; widthwise gc
takes those that no study asks for any more. Removing a trial takes its passes
and weights at once; a study that asks for it trains it again.

A study that was run with other widths, passes or seeds is another study of that
name: a name that several have is refused, unless --all says that all are meant.

A damaged study is named by its id, as widthwise gc tells it.

Nothing is asked back: look with --dry-run first.

Examples:
  $ widthwise remove homework --all --dry-run
  $ widthwise remove homework --all && widthwise gc
  $ widthwise remove 3f2a9c

Exit codes: 0 done, 1 failed, 2 bad usage, or not kept, 130 interrupted.`;

export function addRemoveCommand(program: Command, context: Context): void {
  program
    .command("remove")
    .summary("remove studies or trials from the store")
    .description("Removes studies or trials from the record store.")
    .argument("<study|key...>", "studies' names, ids or files, trials' keys")
    .option("--all", "of a name that several studies have, remove all of these")
    .option("--dry-run", "tell what would be removed, and remove nothing")
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((words: readonly string[], options: RemoveOptions) => remove(words, options, context));
}

async function remove(
  words: readonly string[],
  options: RemoveOptions,
  context: Context,
): Promise<void> {
  const { all = false, dryRun = false, json = false } = options;
  const lines: string[] = [];
  const found = await withKeptStore(options.store, context, async (store) => {
    // All before the first is removed: a word that means nothing removes nothing.
    const damaged = (await store.damagedStudies()).filter(({ id }) => words.some(isIdOf(id)));
    const others = words.filter((word) => !damaged.some(({ id }) => isIdOf(id)(word)));
    const selected = await selectAll(store, others, all ? "all" : "refused");
    for (const { id, name } of damaged) {
      const study = oneLine(`study ${name} ${short(id)}`);
      lines.push(`${dryRun ? "would remove" : "removed"} ${study} (damaged)`);
      if (!dryRun) await store.removeStudy(id);
    }
    for (const one of selected) {
      lines.push(`${dryRun ? "would remove" : "removed"} ${await describe(store, one)}`);
      if (dryRun) continue;
      if (one.kind === "study") await store.removeStudy(one.study.id);
      else await removeTrial(store, one.key);
    }
    return { selected, damaged };
  });
  const document = {
    dry_run: dryRun,
    studies: [
      ...found.damaged.map(({ id }) => id),
      ...found.selected.flatMap((one) => (one.kind === "study" ? [one.study.id] : [])),
    ],
    trials: found.selected.flatMap((one) => (one.kind === "trial" ? [one.key] : [])),
  };
  context.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${lines.join("\n")}\n`);
}

/** Whether a word names a damaged study: by its id, or as much of it as is told. */
function isIdOf(id: string): (word: string) => boolean {
  return (word) => word === id || word === short(id);
}

async function describe(store: RecordStore, one: Selected): Promise<string> {
  if (one.kind === "study") {
    const { name, id, created, trials } = one.study;
    const when = `planned ${minute(created)} UTC`;
    return `study ${name} ${short(id)} (${when}); its ${plural(trials.length, "trial")} stay until widthwise gc`;
  }
  const studiesUsing = (await store.studiesUsing(one.key)).map(
    ({ study }) => `${study.name} ${short(study.id)}`,
  );
  const asked =
    studiesUsing.length === 0 ? "no study asks for it" : `asked for by ${studiesUsing.join(", ")}`;
  return `trial ${short(one.key)} (${asked})`;
}

async function removeTrial(store: RecordStore, key: string): Promise<void> {
  const claim = await store.claim(key);
  if (claim === null)
    throw new InputError(`trial ${short(key)} is being trained now; stop that run first`);
  try {
    await store.removeTrial(key);
  } finally {
    await claim.release();
  }
}
