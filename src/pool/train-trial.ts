// Trains one trial and evaluates it beside: training goes on while the evaluations of its last passes are made.

import type { Dataset } from "../data/dataset.ts";
import type { KernelHost } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import { functionsOf } from "../model/parts.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import { FingerprintChain, trialKey } from "../records/fingerprint.ts";
import {
  evaluationOf,
  type Ending,
  type ResumePoint,
  type TrainedPass,
  type TrialEnd,
} from "../records/record.ts";
import { stopping } from "../records/stop.ts";
import type { Sha256 } from "../base/sha256.ts";
import { evaluate, type Score } from "../training/evaluate.ts";
import { trialDraws } from "../training/streams.ts";
import { checkpointOf, train, type AfterPass } from "../training/train.ts";
import { withPauses } from "../base/parts.ts";
import { evaluationsAhead } from "./ahead.ts";
import type { ExampleCache } from "./example-cache.ts";
import type { TurnOptions } from "./pool.ts";

/** What trials are trained with. */
export interface TrainingContext {
  readonly host: KernelHost;
  readonly dataset: Dataset;
  readonly examples: ExampleCache;
  /** Initial parameters of those trials that draw none. */
  readonly given?: GivenParameters | undefined;
  readonly sha256: Sha256;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Lets everything else have its turn: between two of these, work on the calling thread cannot be interrupted. */
  readonly pause: () => Promise<void>;
}

/** A snapshot whose evaluation is under way, on a network of its own. */
interface UnderEvaluation {
  readonly snapshot: AfterPass;
  readonly network: KernelNetwork;
  /** Of all that are evaluated together, and its place among them. */
  readonly scores: Promise<readonly { readonly train: Score; readonly test: Score }[]>;
  readonly place: number;
}

/** A pass as TrainedPass tells it, but for the checkpoint, which `checkpointOf` makes. */
export interface EvaluatedPass extends Pick<TrainedPass, "row" | "seconds"> {
  readonly after: AfterPass;
}

/** See Turn.train. */
export async function* trainTrial(
  ...asked: Parameters<typeof evaluatedPasses>
): AsyncGenerator<TrainedPass, TrialEnd, undefined> {
  const training = evaluatedPasses(...asked);
  try {
    for (;;) {
      const { done, value } = await training.next();
      if (done === true) return value;
      const { row, after, seconds } = value;
      yield { row, checkpoint: checkpointOf(after), seconds };
    }
  } finally {
    await training.return({ ending: { kind: "finished" }, fingerprint: "" });
  }
}

export async function* evaluatedPasses(
  trial: Trial,
  from: ResumePoint | null,
  { host, dataset, examples, given, sha256, now, pause }: TrainingContext,
  { signal, pastDivergence = false }: TurnOptions,
): AsyncGenerator<EvaluatedPass, TrialEnd, undefined> {
  const rest = async () => {
    await pause();
    signal?.throwIfAborted();
  };
  const begun = now();
  const { specification, stop } = trial;
  const { evaluate: schedule } = specification;
  const shape = shapeOf(trial, dataset);
  const draws = trialDraws(specification, shape, dataset.train.examples, sha256, given);
  const start = from?.checkpoint ?? (await withPauses(draws.start(), rest));
  const chain = from
    ? FingerprintChain.resume(evaluationOf(from.record, start.pass).fingerprint, sha256)
    : FingerprintChain.begin(trialKey(specification, sha256), start.parameters, sha256);
  await rest();
  const lease = await examples.borrow(host, specification, draws);
  const functions = functionsOf(specification);
  const networks: KernelNetwork[] = [];
  const idle: KernelNetwork[] = [];
  const { together, snapshots } = evaluationsAhead(trial, dataset);
  const most = host.isAlone ? together : snapshots;
  /** Snapshots that are to be evaluated with the next ones. */
  const held: AfterPass[] = [];
  /** In the order of passes. */
  const waiting: UnderEvaluation[] = [];
  // A last pass off the schedule ends it anyway.
  const isLast = stop === undefined ? () => false : stopping(stop);
  from?.record.trajectory.forEach(isLast);

  /** There must be an idle network for it. */
  function evaluateBeside(snapshot: AfterPass): void {
    held.push(snapshot);
    if (held.length === together) evaluateHeld();
  }
  function evaluateHeld(): void {
    const snapshots = held.splice(0);
    const taken = idle.splice(0, snapshots.length);
    const parameters = snapshots.map((snapshot) => snapshot.parameters);
    const { regularization } = specification.training;
    const scores = evaluate(host, taken, parameters, lease.examples, regularization);
    // A failure is told when its turn has come, which may be after it happened.
    scores.catch(() => undefined);
    snapshots.forEach((snapshot, place) => {
      waiting.push({ snapshot, network: taken[place], scores, place });
    });
  }
  async function passOf(one: UnderEvaluation): Promise<EvaluatedPass> {
    const { snapshot, network, scores, place } = one;
    const { train, test } = (await scores)[place];
    idle.push(network);
    const { pass, averages } = snapshot;
    if (pass > 0) chain.evaluated(train, test, snapshot, schedule && pass);
    const evaluation = { pass, train, test, fingerprint: chain.fingerprint };
    return {
      row: { evaluation, averages },
      after: snapshot,
      seconds: (now() - begun) / 1000,
    };
  }

  /** Training that went on beside is nobody's then. */
  function stops({ row: { evaluation } }: EvaluatedPass): boolean {
    return isLast(evaluation);
  }

  const training = train(trial, shape, start, host, lease.examples, { signal, pastDivergence });
  let next: ReturnType<typeof training.next> | null = null;
  try {
    while (networks.length < most) {
      await rest();
      const network = new KernelNetwork(host, shape, functions);
      networks.push(network);
      idle.push(network);
    }
    if (from === null) evaluateBeside({ ...start, order: () => start.order, averages: [] });
    let ending: Ending | null = null;
    for (;;) {
      if (ending === null) next ??= training.next();
      next?.catch(() => undefined);
      if (ending !== null && held.length > 0) evaluateHeld();
      const oldest = waiting.at(0);
      if (
        oldest &&
        (next === null || idle.length === held.length || (await isFirst(oldest.scores, next)))
      ) {
        waiting.shift();
        const made = await passOf(oldest);
        yield made;
        if (stops(made)) return { ending: { kind: "finished" }, fingerprint: chain.fingerprint };
        continue;
      }
      if (ending !== null) {
        if (ending.kind === "diverged") chain.diverged(ending);
        return { ending, fingerprint: chain.fingerprint };
      }
      const { done, value } = await (next ?? training.next());
      next = null;
      if (done === true) ending = value;
      else evaluateBeside(value);
    }
  } finally {
    await Promise.allSettled([next, ...waiting.map(({ scores }) => scores)]);
    await training.return({ kind: "finished" });
    for (const network of networks) network.free();
    lease.release();
  }
}

/** Whether `one` settles before `other`, or both have already. */
function isFirst(one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  const settled = (promise: Promise<unknown>, first: boolean) =>
    promise.then(
      () => first,
      () => first,
    );
  return Promise.race([settled(one, true), settled(other, false)]);
}
