// Weights → evaluation: objective and right predictions on the whole training and test set.

import type { KernelHost } from "../kernel/host.ts";
import type { KernelNetwork } from "../kernel/network.ts";
import { EVALUATION_CHUNK, type Parameters } from "../kernel/parameters.ts";
import type { GroupedSet, PreparedExamples } from "./examples.ts";

/** Objective and number of right predictions on one whole set. */
export interface Score {
  /** Mean multinomial logistic loss + λ/2 · Σ‖W‖², in nats. May be NaN or infinite. */
  readonly objective: number;
  /** Examples predicted right. */
  readonly correct: number;
  /** Examples in the set. */
  readonly examples: number;
}

/** Share of right predictions, 0 to 1. */
export function accuracy(score: Score): number {
  return score.correct / score.examples;
}

/** Evaluates `parameters` on both sets; `network` is overwritten with them. */
export async function evaluate(
  host: KernelHost,
  network: KernelNetwork,
  parameters: Parameters,
  examples: PreparedExamples,
  regularization: number,
): Promise<{ train: Score; test: Score }> {
  network.write(parameters);
  const penalty =
    regularization === 0 ? 0 : 0.5 * regularization * (await squaredNorm(host, network));
  const score = async (set: GroupedSet): Promise<Score> => {
    const { loss, correct } = await evaluateSet(host, network, set);
    return { objective: loss / set.examples + penalty, correct, examples: set.examples };
  };
  // One after the other: a network has scratch memory for one set at a time.
  const train = await score(examples.train);
  return { train, test: await score(examples.test) };
}

async function squaredNorm(host: KernelHost, network: KernelNetwork): Promise<number> {
  await host.execute({ name: "measureNorms", args: [network.address] });
  return network.squaredNorms().reduce((a, b) => a + b, 0);
}

async function evaluateSet(
  { arena, execute, memory }: KernelHost,
  network: KernelNetwork,
  { examples, groups, labels }: GroupedSet,
): Promise<{ loss: number; correct: number }> {
  const chunks = Math.ceil(examples / EVALUATION_CHUNK);
  const losses = arena.allocate(8 * chunks);
  try {
    const args = [network.address, groups, labels, examples, losses];
    const correct = await execute({ name: "evaluate", args });
    const loss = new Float64Array(memory.buffer, losses, chunks).reduce((a, b) => a + b, 0);
    return { loss, correct };
  } finally {
    arena.free(losses);
  }
}
