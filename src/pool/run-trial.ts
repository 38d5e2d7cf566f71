// One trial from specification to record: training here, evaluations of its snapshots beside it, committed
// in the order of passes.

import type { Dataset } from "../data/dataset.ts";
import type { KernelHost } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import { FingerprintChain, trialKey } from "../records/fingerprint.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import { withPauses } from "../random/parts.ts";
import type { Sha256 } from "../base/sha256.ts";
import { evaluate } from "../training/evaluate.ts";
import { trialDraws } from "../training/streams.ts";
import { train, type Snapshot } from "../training/train.ts";
import type { Trial } from "../model/trial.ts";
import type { ExampleCache } from "./example-cache.ts";
import { shapeOf } from "./memory.ts";
import type { RunOptions } from "./pool.ts";

/** Snapshots of one trial that may wait for their evaluation while training goes on. */
const EVALUATIONS_AHEAD = 3;

export interface Laboratory {
  readonly host: KernelHost;
  readonly dataset: Dataset;
  readonly examples: ExampleCache;
  readonly sha256: Sha256;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Lets everything else have its turn: between two of these, work on the calling thread cannot be interrupted. */
  readonly pause: () => Promise<void>;
}

/** Trains and evaluates a trial, from where `begin` says. */
export async function runTrial(
  trial: Trial,
  { host, dataset, examples: cache, sha256, now, pause }: Laboratory,
  { signal, begin, onEvaluation, onAverages, onPass, pastDivergence = false }: RunOptions,
): Promise<TrialRecord> {
  const rest = async () => {
    await pause();
    signal?.throwIfAborted();
  };
  const kept = (await begin?.()) ?? null;
  const begun = now();
  const { specification } = trial;
  const shape = shapeOf(trial, dataset);
  const draws = trialDraws(specification, shape, dataset.train.examples, sha256);
  const key = trialKey(specification, sha256);
  const from = kept?.checkpoint ?? (await withPauses(draws.start(), rest));
  const chain = kept
    ? FingerprintChain.resume(kept.record.trajectory[from.pass].fingerprint, sha256)
    : FingerprintChain.begin(key, from.parameters, sha256);
  await rest();
  const lease = cache.borrow(specification, draws.subset);
  const idle: KernelNetwork[] = [];
  const trajectory: Evaluation[] = [...(kept?.record.trajectory ?? [])];
  const averages: number[] = [...(kept?.record.running_averages ?? [])];
  let { parameters } = from;
  let seconds = 0;

  async function evaluated(snapshot: Snapshot, network: KernelNetwork, before: Promise<void>) {
    const { regularization } = specification.training;
    const scores = evaluate(host, network, snapshot.parameters, lease.examples, regularization);
    const [{ train, test }] = await Promise.all([scores, before]);
    if (snapshot.pass > 0) chain.evaluated(train, test, snapshot.parameters);
    const evaluation = { pass: snapshot.pass, train, test, fingerprint: chain.fingerprint };
    trajectory.push(evaluation);
    idle.push(network);
    onEvaluation?.(evaluation);
    seconds = (now() - begun) / 1000;
    const row = { evaluation, averages: snapshot.averages };
    await onPass?.({ row, checkpoint: snapshot, seconds });
  }

  const pending: Promise<void>[] = [];
  let last = Promise.resolve();
  const commit = async () => {
    await pending.shift();
  };
  async function evaluateBeside(snapshot: Snapshot) {
    let network = idle.pop();
    while (!network) {
      await commit();
      network = idle.pop();
    }
    last = evaluated(snapshot, network, last);
    // A failure is told where it is committed, which may be after it happened.
    last.catch(() => undefined);
    pending.push(last);
  }

  try {
    while (idle.length < EVALUATIONS_AHEAD) {
      await rest();
      idle.push(new KernelNetwork(host, shape));
    }
    if (!kept) await evaluateBeside({ ...from, averages: [] });
    const training = train(trial, shape, from, host, lease.examples, { signal, pastDivergence });
    for (;;) {
      const { done, value } = await training.next();
      if (done === true) {
        while (pending.length > 0) await commit();
        if (value.kind === "diverged") chain.diverged(value);
        return {
          key,
          specification,
          trajectory,
          ending: value,
          fingerprint: chain.fingerprint,
          running_averages: averages,
          parameters,
          seconds: (kept?.record.seconds ?? 0) + seconds,
        };
      }
      onAverages?.(value.pass, value.averages);
      averages.push(...value.averages);
      parameters = value.parameters;
      await evaluateBeside(value);
    }
  } finally {
    await Promise.allSettled(pending);
    for (const network of idle) network.free();
    lease.release();
  }
}
