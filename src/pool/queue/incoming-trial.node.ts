// One trial whose passes come in from workers: they are told in order, and a gain is taken off the server once it is kept.

import { deferred } from "../../base/deferred.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Trial } from "../../model/trial.ts";
import {
  evaluationOf,
  type ResumePoint,
  type TrainedPass,
  type TrialEnd,
} from "../../records/record.ts";
import type { TurnOptions } from "../pool.ts";
import { Early, type Opened, type OpenJob } from "./coordinator.node.ts";
import { Incoming } from "./incoming.node.ts";
import {
  fromBytes,
  interpolatedBy,
  stretchOf,
  type Brought,
  type FromBytes,
  type Job,
} from "./messages.node.ts";
import type { Payload } from "./payload.node.ts";

/** What a worker has handed in that is another one than what is kept. */
export interface Different {
  readonly key: string;
  /** The first pass that differs. */
  readonly pass: number;
  readonly worker: string;
  /** As it came. */
  readonly data: unknown;
}

export interface IncomingContext {
  readonly dataset: Dataset;
  readonly sha256: Sha256;
  /** Of a trial, up to so many passes: what is kept and training can go on from. */
  readonly kept: (key: string, passes: number) => Promise<ResumePoint | null>;
  /** Makes a place for a job, that is named by its first trial. */
  readonly open: (trial: Trial, key: string, job: Omit<OpenJob, "name">) => Opened;
  readonly payloadOf: (asked: Pick<Job, "trials" | "from" | "isWhole" | "everyPass">) => Payload;
  /** Told what the user should know, in a sentence. */
  readonly tell: (sentence: string) => void;
  readonly onDifferent: (different: Different) => void;
}

/** Of what came in and is not told yet. */
interface Arrived {
  readonly pass: TrainedPass | null;
  readonly end: TrialEnd | null;
  readonly onKept: () => void;
}

export async function* incomingTrial(
  {
    trial,
    key,
    from,
  }: { readonly trial: Trial; readonly key: string; readonly from: ResumePoint | null },
  { signal, everyPass = false }: TurnOptions,
  { dataset, sha256, kept, open, payloadOf, tell, onDifferent }: IncomingContext,
): AsyncGenerator<TrainedPass, TrialEnd, undefined> {
  const { specification, passes } = trial;
  const known = async () => (await kept(key, passes))?.record ?? null;
  const incoming = new Incoming(trial, key, from, known, sha256);
  const { promise: failed, reject: fail } = deferred<never>();
  failed.catch(() => undefined);
  const abort = () => {
    fail(signal?.reason as Error);
  };
  signal?.addEventListener("abort", abort);
  const waiting: Arrived[] = [];
  let arrived = deferred();

  /** Resolves when it is kept. */
  async function take(gain: Brought, data: unknown): Promise<void> {
    // What comes once more is compared when the first is kept.
    if (isEnded) throw new Early();
    const worker = gain.worker;
    const stretch =
      gain.kind === "stretch" && gain.key === key
        ? stretchOf(gain.stretch, { specification, dataset })
        : null;
    const found = stretch && (await incoming.take(stretch, worker));
    if (found === null || found.kind === "unsound")
      tell(
        `worker ${worker.name} handed in passes of trial ${key.slice(0, 12)} that do not fit its fingerprints; they are not taken`,
      );
    else if (found.kind === "early") throw new Early();
    else if (found.kind === "differs")
      onDifferent({ key, pass: found.pass, worker: worker.name, data });
    else if (found.kind === "new") {
      const isKept = deferred();
      waiting.push({
        ...found,
        onKept: () => {
          isKept.resolve(undefined);
        },
      });
      arrived.resolve(undefined);
      await Promise.race([isKept.promise, failed]);
    }
  }

  let before: Promise<unknown> = Promise.resolve();
  let isBegun = false;
  let isEnded = false;
  const job = open(trial, key, {
    async payload() {
      const newest = isBegun ? await kept(key, passes) : from;
      isBegun = true;
      return payloadOf({ trials: [trial], isWhole: false, everyPass, from: bytesOf(newest) });
    },
    // One after the other.
    take(gain, data) {
      const taken = before.then(() => take(gain, data));
      before = taken.catch(() => undefined);
      return taken;
    },
    fail,
  });
  try {
    signal?.throwIfAborted();
    await job.offer();
    for (;;) {
      const next = waiting.shift();
      if (next === undefined) {
        await Promise.race([arrived.promise, failed]);
        arrived = deferred();
        continue;
      }
      const { pass, end, onKept } = next;
      if (pass !== null) yield { ...pass, ...(end === null && { onKept }) };
      if (end === null) continue;
      isEnded = true;
      return { ...end, onKept };
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    job.end();
    if (!isEnded) fail(new Error("nobody waits for it any more"));
  }
}

function bytesOf(point: ResumePoint | null): FromBytes | null {
  if (point === null) return null;
  const { record, checkpoint } = point;
  const { fingerprint } = evaluationOf(record, checkpoint.pass);
  const rows = record.trajectory.filter(({ pass }) => pass <= checkpoint.pass);
  return fromBytes({ checkpoint, fingerprint, interpolated: interpolatedBy(null, rows) });
}
