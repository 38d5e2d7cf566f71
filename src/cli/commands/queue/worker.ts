// `widthwise worker`: trains what others put into a queue.

import { Option } from "commander";
import type { Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { quote } from "../../../base/quote.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION, loadData } from "../../data.ts";
import { trainer } from "../../machine.ts";
import { allowedWorkers, defaultWorkers, parseWorkers } from "../../options.ts";
import {
  PASSWORD_OPTION,
  QUEUE_OPTION,
  sourceHere,
  sourceIn,
  withQueue,
  type QueueOptions,
} from "../../queue.ts";
import { short } from "../../view/kept-text.ts";

/** Milliseconds between two lines that tell how much was trained. */
const TOLD_EVERY = 60_000;

interface WorkerOptions extends QueueOptions {
  readonly threads: number;
  readonly data?: string;
}

const HELP = `
Trains trials of whoever runs a study with --queue, as long as it is let. On
Ctrl-C or SIGTERM it ends the passes under way, hands them in, and leaves the
rest to others. What it was killed with another worker goes on with.

Data is found as on any machine (widthwise data), a file of the user's with
--data; what is not to be had here is left to other workers.

Examples:
  $ widthwise worker --queue redis://lab
  $ WIDTHWISE_QUEUE_PASSWORD=… widthwise worker --queue rediss://me@lab:6380

Exit codes: 0 ended, 1 failed, 2 bad usage.`;

export function addWorkerCommand(program: Command, context: Context): void {
  program
    .command("worker")
    .summary("train what others put into a queue")
    .description("Trains trials that studies run with --queue put into a queue.")
    .requiredOption(...QUEUE_OPTION)
    .option(...PASSWORD_OPTION)
    .addOption(
      new Option("--threads <n>", "worker threads, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(...DATA_OPTION)
    .addHelpText("after", HELP)
    .action((options: WorkerOptions) =>
      work({ ...options, threads: allowedWorkers(options.threads, context.stderr) }, context),
    );
}

async function work({ threads, data, ...queue }: WorkerOptions, context: Context): Promise<void> {
  const { effects, stderr, signal, now } = context;
  const { workOn } = await import("../../../pool/queue/worker.node.ts");
  let [trained, told] = [0, now()];
  const refusals = new Set<string>();
  await withQueue(queue, context, async (server) => {
    stderr.write(`waiting for trials, ${plural(threads, "thread")}; Ctrl-C ends it\n`);
    await workOn({
      ...{ server, threads, sha256, signal, trainer: trainer() },
      async load(digest, source) {
        const said = await sourceIn(source);
        const lacking = `it has not the data set ${said.name ?? quote(said.path)} (${short(digest)})`;
        const wanted = sourceHere(said, data);
        if (wanted === null)
          throw new InputError(
            `${lacking}, which is a file of the user's; give it there with --data`,
          );
        const { dataset } = await loadData(wanted, data, context);
        if (dataset.digest === digest) return dataset;
        throw new InputError(`${lacking}, but another one (${short(dataset.digest)})`);
      },
      createPool: (dataset, given) => effects.createPool(dataset, threads, undefined, given),
      onEvent(event) {
        if (event.kind === "problem") stderr.write(`${event.reason}\n`);
        if (event.kind === "refused" && !refusals.has(event.reason)) {
          stderr.write(`handed back: ${event.reason}\n`);
          refusals.add(event.reason);
        }
        if (event.kind !== "ended") return;
        trained += event.trials.length;
        if (now() - told < TOLD_EVERY) return;
        told = now();
        stderr.write(`${plural(trained, "trial")} trained so far\n`);
      },
    });
  });
  stderr.write(`${plural(trained, "trial")} trained\n`);
}
