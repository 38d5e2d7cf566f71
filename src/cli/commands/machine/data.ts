// `widthwise data`: where the data set comes from, fetched and verified.

import type { Command } from "commander";
import type { LabelledExamples } from "../../../data/dataset.ts";
import type { Context } from "../../context.ts";
import { HOMEWORK_DATA, loadData } from "../../data.ts";

interface DataOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const HELP = `
The files of a data set are taken from the first of these places, and the
content of every file is checked against its published SHA-256:

  1. --data DIR, or the environment's WIDTHWISE_DATA (then from nowhere else)
  2. the cache folder of this machine
  3. the folder of Debian's package, such as dataset-fashion-mnist
  4. the official mirrors
  5. Debian's archive, through apt (needs no root)

What is fetched is kept in the cache folder. A data set without files is made.

Examples:
  $ widthwise data
  $ widthwise data --data ~/fashion-mnist
  $ widthwise data --json

Exit codes: 0 verified, 1 found nowhere, 2 bad usage or files, 130 interrupted.`;

export function addDataCommand(program: Command, context: Context): void {
  program
    .command("data")
    .summary("fetch and verify the data set, and say where it came from")
    .description("Fetches and verifies the data set, and says where it came from.")
    .argument("[name]", "the data set, as a study names it", HOMEWORK_DATA.name)
    .option("--data <dir>", "folder of its files (default: WIDTHWISE_DATA)")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((name: string, options: DataOptions) => data(name, options, context));
}

async function data(named: string, options: DataOptions, context: Context): Promise<void> {
  const { dataset, origin } = await loadData({ name: named }, options.data, context);
  const { name, classes, digest, train, test } = dataset;
  const sizes = ({ examples, size }: LabelledExamples) => ({ examples, size });
  if (options.json) {
    const facts = { name, origin, digest, classes, train: sizes(train), test: sizes(test) };
    context.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
    return;
  }
  context.stdout.write(
    `${name}, verified\n` +
      `  from      ${origin}\n` +
      `  training  ${train.examples} examples of ${train.size} values\n` +
      `  test      ${test.examples} examples of ${test.size} values\n` +
      `  classes   ${classes}\n` +
      `  digest    ${digest}\n`,
  );
}
