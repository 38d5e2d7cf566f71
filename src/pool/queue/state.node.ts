// What is in a queue, for those who look after it.

import { oneLine } from "../../base/quote.ts";
import { whoIsThere, type Present } from "./presence.node.ts";
import { jobOf } from "./messages.node.ts";
import { ADDING, PREFIX, RELEASE, TRIALS, type QueueServer } from "./server.node.ts";

/** Failed jobs that are told. */
const MOST_FAILED = 100;

export interface QueueState {
  /** Of this release (see RELEASE), and how many others there are. */
  readonly workers: readonly Present[];
  readonly otherWorkers: number;
  readonly coordinators: readonly Present[];
  /** Jobs, each a trial or a batch of small ones, in this release's queue. */
  readonly waiting: number;
  readonly underWay: number;
  /** What no worker is given any more. */
  readonly failed: readonly {
    readonly trials: number;
    readonly width: string;
    readonly reason: string;
  }[];
}

export async function queueState({ bullmq, redis, shared }: QueueServer): Promise<QueueState> {
  const trials = new bullmq.Queue(TRIALS, { ...shared, ...ADDING });
  trials.on("error", () => undefined);
  try {
    const { there: workers } = await whoIsThere(redis, "worker");
    const { there: coordinators } = await whoIsThere(redis, "coordinator");
    const mine = workers.filter(({ release }) => release === RELEASE);
    const counts = await trials.getJobCounts("waiting", "delayed", "active");
    const failed = await trials.getFailed(0, MOST_FAILED - 1);
    return {
      ...{ workers: mine, otherWorkers: workers.length - mine.length, coordinators },
      waiting: counts.waiting + counts.delayed,
      underWay: counts.active,
      failed: failed.map(({ data, failedReason }) => {
        const asked = jobOf(data)?.trials ?? [];
        const width = asked.at(0)?.specification.model.hidden.join(", ") ?? "unknown";
        return { trials: asked.length, width, reason: oneLine(failedReason) };
      }),
    };
  } finally {
    await trials.close();
  }
}

/** Removes all keys that widthwise has on the server, and returns how many these were. */
export async function clearQueue({ redis }: QueueServer): Promise<number> {
  let cursor = "0";
  let removed = 0;
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", `${PREFIX}:*`, "COUNT", 1000);
    cursor = next;
    if (keys.length > 0) removed += await redis.unlink(...keys);
  } while (cursor !== "0");
  return removed;
}
