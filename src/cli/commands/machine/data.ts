// `widthwise data`: where the data set comes from, fetched and verified.

import type { Command } from "commander";
import type { LabelledExamples } from "../../../data/dataset.ts";
import type { LoadedDataset } from "../../../data/load.node.ts";
import type { Context } from "../../context.ts";
import { openDownloadView } from "../../view/download.ts";

interface DataOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const HELP = `
FashionMNIST is taken from the first of these places, and the content of every
file is checked against its published SHA-256:

  1. --data DIR, or the environment's WIDTHWISE_DATA (then from nowhere else)
  2. the cache folder of this machine
  3. the folder of Debian's package dataset-fashion-mnist
  4. the official mirrors
  5. Debian's archive, through apt (needs no root)

What is fetched is kept in the cache folder.

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
    .option("--data <dir>", "folder of the FashionMNIST files (default: WIDTHWISE_DATA)")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: DataOptions) => data(options, context));
}

async function data(options: DataOptions, context: Context): Promise<void> {
  const { dataset, origin } = await loadData(options.data, context);
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
      `  training  ${train.examples} images of ${train.size} pixels\n` +
      `  test      ${test.examples} images of ${test.size} pixels\n` +
      `  classes   ${classes}\n` +
      `  digest    ${digest}\n`,
  );
}

/** The data set from `directory`, or from the first place that has it; downloads are shown. */
export async function loadData(
  directory: string | undefined,
  context: Context,
): Promise<LoadedDataset> {
  const { env, signal } = context;
  const view = openDownloadView(context);
  try {
    const { onProgress } = view;
    return await context.laboratory.loadFashionMnist({ directory, env, signal, onProgress });
  } finally {
    view.close();
  }
}
