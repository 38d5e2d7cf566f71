// `widthwise sbatch`: a study's shards as an array of tasks for Slurm, printed as a script.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { sha256 } from "../../../base/sha256.node.ts";
import { InputError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import type { RecordStore } from "../../../records/store.ts";
import { checkData } from "../../../study/check-data.ts";
import { remaining, type Remaining } from "../../../study/kept/remaining.ts";
import { idOf } from "../../../study/result.ts";
import type { Study } from "../../../study/spec.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION, loadData } from "../../data.ts";
import { readGiven } from "../../given.ts";
import { parseShards } from "../../options.ts";
import { PROGRAM } from "../../package.ts";
import { STORE_OPTION, storePath, withStore } from "../../store.ts";
import { findStudy, isPath, type Overrides } from "../../study-files.ts";
import { addOverrides, overrideWords, shellWord } from "./overrides.ts";

interface SbatchOptions extends Overrides {
  readonly shards: number;
  readonly store?: string;
  readonly data?: string;
}

const HELP = `
Each task of the array trains a shard into a store of its own, in the folder
shards/<study>-<id> beneath the one that this command is given in; one that is
requeued goes on where it was. The last lines of the script merge the shards and
answer. What a study asks for next may depend on answers: merge, and give this
command again, whose script takes from the merged store what that has.

Examples:
  $ widthwise sbatch homework --seeds 0..99 --shards 64 > job.sh
  $ sbatch --time=2:00:00 --cpus-per-task=4 job.sh

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, or nothing to train.`;

export function addSbatchCommand(program: Command, context: Context): void {
  const command = program
    .command("sbatch")
    .summary("write a Slurm script that trains a study in shards")
    .description("Prints a script for Slurm that trains a study in shards, a task for each.")
    .argument("<study>", "a shipped study's name, or a path")
    .addOption(
      new Option("--shards <n>", "number of shards, which is that of tasks")
        .argParser(parseShards)
        .makeOptionMandatory(),
    );
  addOverrides(command)
    .option(...STORE_OPTION)
    .option(...DATA_OPTION)
    .addHelpText("after", HELP)
    .action((study: string, options: SbatchOptions) => sbatch(study, options, context));
}

async function sbatch(nameOrPath: string, options: SbatchOptions, context: Context): Promise<void> {
  const { stdout, stderr, env } = context;
  const study = await findStudy(nameOrPath, options, (sentence) => stderr.write(`${sentence}\n`));
  const refuse = (what: string): never => {
    throw new InputError(`study ${study.name}: ${what}`);
  };
  const name = isPath(nameOrPath) ? resolve(nameOrPath) : nameOrPath;
  if (/^\/(dev|proc)\//.test(name)) refuse("every task reads it again; save it as a file");
  const store = resolve(storePath(options.store, env));
  const { id, left } = await lookAhead(study, options, store, context);
  const trials = left.search.length + left.sweep.length;
  if (trials === 0) refuse(`all of its trials are kept in ${store}; widthwise run answers it`);
  if (left.sweep.length === 0)
    refuse("what it has to train is a search, which every shard repeats; widthwise run trains it");
  const words = [
    ...[shellWord(name), ...overrideWords(options)],
    ...(options.data === undefined ? [] : [`--data ${shellWord(resolve(options.data))}`]),
  ].join(" ");
  const folder = resolve("shards", `${study.name}-${id.slice(0, 8)}`);
  stdout.write(
    scriptOf({ ...options, study: study.name, words, folder, store, isKnown: left.kept > 0 }),
  );
  const guess = left.searching || left.guessed > 0 ? "about " : "";
  stderr.write(
    `${study.name}: ${guess}${plural(trials, "trial")} to train in ${plural(options.shards, "shard")}\n`,
  );
}

/** The study's id, and what is left of it. */
async function lookAhead(
  asked: Study,
  { data }: SbatchOptions,
  path: string,
  context: Context,
): Promise<{ id: string; left: Remaining }> {
  const { CATALOGUE: catalogue } = await import("../../../questions/catalogue.ts");
  const { dataset } = await loadData(asked.dataset, data, context);
  checkData(asked, dataset);
  const look = async (store: RecordStore) => {
    const { study } = await readGiven(asked, dataset, store, context);
    const left = await remaining(study, { catalogue, dataset, store, sha256 });
    return { id: idOf(study, dataset, sha256), left };
  };
  if (!existsSync(path)) return look(new MemoryStore());
  return withStore(path, context, look, { toRead: true });
}

interface Script {
  readonly study: string;
  readonly shards: number;
  /** The study and its options, quoted. */
  readonly words: string;
  readonly folder: string;
  readonly store: string;
  /** Whether the store has trials of the study. */
  readonly isKnown: boolean;
}

function scriptOf({ study, shards, words, folder, store, isKnown }: Script): string {
  const program = PROGRAM.map(shellWord).join(" ");
  return `#!/bin/bash
#SBATCH --job-name=${study}
#SBATCH --array=1-${shards}
#SBATCH --requeue
#SBATCH --open-mode=append

# ${shards} shards, a task for each. Time, memory, partition and processors are given to sbatch itself:
#   sbatch --time=2:00:00 --cpus-per-task=4 job.sh
set -euo pipefail

folder=${shellWord(folder)}
mkdir -p "$folder"

# In the place of this shell, so that the signals that end a task reach what trains.
exec ${program} run ${words} \\
  --shard "$SLURM_ARRAY_TASK_ID/${shards}" --store "$folder/$SLURM_ARRAY_TASK_ID.db"${isKnown ? ` --known ${shellWord(store)}` : ""} \\
  --workers "\${SLURM_CPUS_PER_TASK:-1}"

# Once all tasks have ended:
#   ${program} merge ${shellWord(folder)}/*.db --store ${shellWord(store)}
#   ${program} run ${words} --store ${shellWord(store)}
`;
}
