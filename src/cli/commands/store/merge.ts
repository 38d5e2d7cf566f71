// `widthwise merge`: what shards have trained, into the record store.

import { randomInt } from "node:crypto";
import { Option } from "commander";
import type { Command } from "commander";
import { WidthwiseError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION } from "../../data.ts";
import { allowedWorkers, defaultWorkers, parseShare, parseWorkers } from "../../options.ts";
import { STORE_OPTION, storePath, withStore } from "../../store.ts";
import { recompute, type Problem } from "../studies/recompute.ts";

interface MergeOptions {
  readonly store?: string;
  readonly verify?: number;
  readonly workers: number;
  readonly data?: string;
  readonly json?: boolean;
}

/** Problems of a file that are told. */
const MOST_TOLD = 10;

const HELP = `
Shards are only read. Of each trial every checksum is checked, its key is
computed anew, and each set of weights is held against the fingerprint of its
pass. What is damaged is named and not taken, a file as a whole or a trial; nor
is a trial that differs in a bit from what the store has by then, which stays as
it is. The rest is taken, a thousand trials at a time. What is there already is
not taken again: a merge that was ended goes on when it is run again, and the
same shard may be merged twice.

Examples:
  $ widthwise merge shards/*.db && widthwise run homework
  $ widthwise merge shards/*.db --store lab.db --verify 1%
  $ widthwise merge shards/*.db --json | jq .problems

Exit codes: 0 all is taken, 1 something is damaged or differs (stderr says what;
the rest is taken), 2 bad usage, 130 interrupted.`;

export function addMergeCommand(program: Command, context: Context): void {
  program
    .command("merge")
    .summary("take what shards have trained into the store")
    .description("Takes the trials and plans of other stores, such as those of shards, into one.")
    .argument("<file...>", "stores of shards, or any others")
    .option(...STORE_OPTION)
    .addOption(
      new Option(
        "--verify <share>",
        "train so much of each file's trials again first, such as 1%",
      ).argParser(parseShare),
    )
    .addOption(
      new Option("--workers <n>", "worker threads for --verify, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(...DATA_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((files: readonly string[], options: MergeOptions) =>
      merge(
        files,
        { ...options, workers: allowedWorkers(options.workers, context.stderr) },
        context,
      ),
    );
}

async function merge(
  files: readonly string[],
  options: MergeOptions,
  context: Context,
): Promise<void> {
  const { stdout, stderr, signal, env } = context;
  const path = storePath(options.store, env);
  const { Merging, RefusedShard } = await import("../../../records/sqlite/merge.node.ts");
  const problems: string[] = [];
  let [shards, trials, added] = [0, 0, 0];
  const onDamage = (message: string) => stderr.write(`${message}\n`);
  const merging = new Merging(path, { sha256, onDamage, signal });
  try {
    for (const file of new Set(files)) {
      const examine = async () => {
        const found = options.verify && (await trainAgain(file, options.verify, options, context));
        if (found) throw new RefusedShard(found);
      };
      try {
        const merged = await merging.take(file, examine);
        shards++;
        trials += merged.trials;
        added += merged.added;
        problems.push(...fewOf(merged.problems, file));
        stderr.write(`${file}: ${plural(merged.trials, "trial")}, ${merged.added} of them new\n`);
      } catch (error) {
        if (!(error instanceof RefusedShard)) throw error;
        problems.push(error.message);
      }
    }
  } finally {
    merging.close();
  }
  const found = { store: path, shards, trials, added, problems };
  stdout.write(
    options.json
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${plural(shards, "file")} merged into ${path}: ${added} of ${plural(trials, "trial")} are new\n`,
  );
  if (problems.length > 0) throw new WidthwiseError(problems.join("\n"));
}

/** A shard's problems, which may be thousands: those that are told one by one, and how many more there are. */
function fewOf(problems: readonly string[], file: string): string[] {
  const more = problems.length - MOST_TOLD;
  return [
    ...problems.slice(0, MOST_TOLD),
    ...(more > 0 ? [`${file}: and ${more} more like these`] : []),
  ];
}

/** What differs where a share of a file's trials, at least one, is trained again; null for nothing. */
async function trainAgain(
  file: string,
  share: number,
  options: MergeOptions,
  context: Context,
): Promise<string | null> {
  const { sampleOf } = await import("../../../study/checks/verify.ts");
  const problems: Problem[] = [];
  const work = async (store: RecordStore) => {
    const trials = await store.trials();
    // Whoever wrote the file must not know which.
    const sample = sampleOf(trials, Math.ceil(share * trials.length), randomInt(2 ** 31), sha256);
    await recompute(sample, store, options, context, problems);
  };
  await withStore(file, context, work, { toRead: "untouched" });
  if (problems.length === 0) return null;
  const some = problems.map(({ problem }) => problem).join("; ");
  return `${file}: ${some}; nothing of it is taken`;
}
