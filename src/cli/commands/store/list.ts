// `widthwise list`: the studies that the store keeps.

import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { RecordStore, StoreTotals, StudyFacts, StudyTotals } from "../../../records/store.ts";
import { alignedLines } from "../../view/columns.ts";
import type { Context } from "../../context.ts";
import { plural } from "../../../base/numbers.ts";
import { minute, short, size } from "../../view/kept-text.ts";
import { STORE_OPTION, storePath, withStore } from "../../store.ts";

interface ListOptions {
  readonly store?: string;
  readonly json?: boolean;
}

/** A study as a line. */
interface Listed extends StudyFacts {
  readonly totals: StudyTotals;
}

const HELP = `
The study that was run last comes first, as in ls -t; "planned" is when it was
run first, in UTC. "trials" says how many are trained as far as the study asks;
show STUDY lists them. The size is that of the trials' passes and weights; a
trial that several studies ask for is kept once and counted for each. It works
while a run is writing.

Examples:
  $ widthwise list
  $ widthwise list | head    the last ones
  $ widthwise list --json | jq '.studies[] | select(.finished == null) | .name'

Exit codes: 0 done, 1 failed, 2 bad usage or no store, 130 interrupted.`;

/** A longer name would push the rest out of 80 columns; --json has it in full. */
const NAME = 18;

export function addListCommand(program: Command, context: Context): void {
  program
    .command("list")
    .summary("list the studies that are kept")
    .description("Lists the studies that the record store keeps.")
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: ListOptions) => list(options, context));
}

async function list(options: ListOptions, context: Context): Promise<void> {
  const path = storePath(options.store, context.env);
  const { studies, totals } = existsSync(path)
    ? await withStore(path, context, listed, { toRead: true })
    : { studies: [], totals: { trials: 0, unasked: 0, bytes: 0 } };
  if (options.json)
    context.stdout.write(
      `${JSON.stringify({ store: path, ...totals, studies: studies.map(jsonOf) }, null, 2)}\n`,
    );
  else context.stdout.write(`${listLines(path, studies, totals).join("\n")}\n`);
}

async function listed(
  store: RecordStore,
): Promise<{ readonly studies: Listed[]; readonly totals: StoreTotals }> {
  const studies = (await store.studies()).map(async (study): Promise<Listed> => ({
    ...study,
    totals: await store.studyTotals(study.id),
  }));
  return { studies: await Promise.all(studies), totals: await store.totals() };
}

function jsonOf({ id, name, created, finished, fingerprint, size: trials, totals }: Listed) {
  return { id, name, planned: created, finished, fingerprint, trials, ...totals };
}

function listLines(path: string, studies: readonly Listed[], totals: StoreTotals): string[] {
  if (studies.length === 0 && totals.trials === 0) return [`nothing is kept yet in ${path}`];
  const kept = `${plural(studies.length, "study")}, ${plural(totals.trials, "trial")}, ${size(totals.bytes)} in ${path}`;
  const unasked =
    totals.unasked === 0
      ? []
      : [`${plural(totals.unasked, "trial")} that no study asks for: see widthwise gc`];
  if (studies.length === 0) return [kept, ...unasked];
  return [
    ...alignedLines(
      [["study", "id", "planned", "trials", "outcome", "size"], ...studies.map(row)],
      [3, 5],
    ),
    "",
    kept,
    ...unasked,
  ];
}

function row({ name, id, created, finished, size: asked, totals }: Listed): string[] {
  const { ended, diverged, stopped, bytes } = totals;
  const ends = [
    ...(diverged === 0 ? [] : [`${diverged} diverged`]),
    ...(stopped === 0 ? [] : [`${stopped} stopped`]),
  ];
  return [
    name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name,
    short(id),
    minute(created),
    `${ended}/${asked}`,
    finished === null ? "unfinished" : ends.length === 0 ? "finished" : ends.join(", "),
    size(bytes),
  ];
}
