// `widthwise queue`: who works at a queue, and what waits there.

import type { Command } from "commander";
import { WidthwiseError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import type { QueueState } from "../../../pool/queue/state.node.ts";
import type { Context } from "../../context.ts";
import { PASSWORD_OPTION, QUEUE_OPTION, withQueue, type QueueOptions } from "../../queue.ts";

interface Options extends QueueOptions {
  readonly clear?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const HELP = `
Jobs are trials, or batches of small ones. --clear removes all that widthwise
has on the server, and nothing else; what was kept is in the stores of those who
run studies. As long as somebody is there, it is refused without --force.

Examples:
  $ widthwise queue --queue redis://lab
  $ widthwise queue --queue redis://lab --clear

Exit codes: 0 done, 1 failed, 2 bad usage, 130 interrupted.`;

export function addQueueCommand(program: Command, context: Context): void {
  program
    .command("queue")
    .summary("look at a queue, or clear it")
    .description("Tells who works at a queue, and what waits there.")
    .requiredOption(...QUEUE_OPTION)
    .option(...PASSWORD_OPTION)
    .option("--clear", "remove all that widthwise has on the server")
    .option("--force", "with --clear: although somebody is there")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: Options) => look(options, context));
}

async function look({ clear, force, json, ...queue }: Options, context: Context): Promise<void> {
  const { queueState, clearQueue } = await import("../../../pool/queue/state.node.ts");
  await withQueue(queue, context, async (server) => {
    const state = await queueState(server);
    if (!clear) {
      context.stdout.write(
        json ? `${JSON.stringify(state, null, 2)}\n` : `${linesOf(state).join("\n")}\n`,
      );
      return;
    }
    const there = [
      ...[state.workers.length + state.otherWorkers].flatMap((n) => (n ? plural(n, "worker") : [])),
      ...[state.coordinators.length].flatMap((n) => (n ? plural(n, "running study") : [])),
    ];
    if (there.length > 0 && !force)
      throw new WidthwiseError(
        `--clear: ${there.join(" and ")} would lose what is under way; end them first, or give --force`,
      );
    const removed = await clearQueue(server);
    context.stdout.write(
      json ? `${JSON.stringify({ removed })}\n` : `${plural(removed, "entry")} removed\n`,
    );
  });
}

function linesOf({ workers, otherWorkers, coordinators, ...jobs }: QueueState): string[] {
  const threads = workers.reduce((sum, one) => sum + one.threads, 0);
  return [
    `${plural(workers.length, "worker")} of ${plural(threads, "thread")}${otherWorkers > 0 ? `, and ${otherWorkers} of other releases, which train nothing of this one` : ""}`,
    ...workers.map(({ name, threads: own }) => `  ${name}: ${plural(own, "thread")}`),
    `${coordinators.length} running ${coordinators.length === 1 ? "study" : "studies"}`,
    ...coordinators.map(({ name }) => `  ${name}`),
    `${plural(jobs.waiting, "job")} waiting, ${jobs.underWay} under way, ${jobs.failed.length} failed`,
    ...jobs.failed.map(
      ({ trials, width, reason }) =>
        `  ${plural(trials, "trial")}, the first of width ${width}: ${reason}`,
    ),
  ];
}
