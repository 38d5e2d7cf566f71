// What a coordinator and its workers tell each other: jobs there, gains back. Whatever comes is parsed by what is known of
// the trial, and refused where it is anything else.

import * as z from "zod";
import { integers, number, object } from "../../base/fields.ts";
import { oneLine } from "../../base/quote.ts";
import { utf8, type Sha256 } from "../../base/sha256.ts";
import { scheduledPasses, isScheduled } from "../../model/evaluation-schedule.ts";
import { parseSpecification, stopRules } from "../../model/specification.ts";
import { shapeOf, type Trial, type TrialSpecification } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { bytesOfPasses, packRows, rowsOfPasses, type Packed } from "../../records/packed-rows.ts";
import type { Checkpoint, Ending, Evaluation, TrajectoryRow } from "../../records/record.ts";
import type { Trainer } from "../../records/sitting.ts";
import { unsound, type TrialCopy } from "../../records/trial-copy.ts";
import type { TrainedWhole } from "../pool.ts";
import { checkpointBytes, checkpointOf } from "./checkpoint.node.ts";
import { packed, unpacked, type Payload } from "./payload.node.ts";

/** What a message is about: all that its bytes mean depends on it. */
export interface Trained {
  readonly specification: TrialSpecification;
  readonly dataset: DatasetShape;
}

/** Sizes of a data set. */
export interface DatasetShape {
  readonly classes: number;
  readonly train: { readonly size: number };
  readonly test: { readonly examples: number };
}

/** Where a training goes on: all that it looks at of what is kept. */
export interface From {
  readonly checkpoint: Checkpoint;
  /** Of the checkpoint's pass. */
  readonly fingerprint: string;
  /** The first scheduled pass at which every training example was predicted right; null for none so far. */
  readonly interpolated: number | null;
}

/** What there is to do. */
export interface Job {
  /** Whose it is. */
  readonly coordinator: string;
  /** Digest of the data set. */
  readonly dataset: string;
  /** Where it comes from, as a study says it; of the user's own file, how it is read. */
  readonly source: unknown;
  /** Initial parameters that trials begin with, each as its bytes (records/given-parameters.ts). */
  readonly given: readonly Uint8Array[];
  /** One, or several small ones that are trained whole. */
  readonly trials: readonly Trial[];
  readonly isWhole: boolean;
  /** Whether each pass is to come with its checkpoint. */
  readonly everyPass: boolean;
  /** Of a single one; bytes, since what they mean depends on the data set. */
  readonly from: FromBytes | null;
}

/** A `From` as it travels. */
export interface FromBytes {
  readonly fingerprint: string;
  readonly interpolated: number | null;
  readonly checkpoint: Uint8Array;
}

/** What a worker hands in. */
export type Gain = { readonly job: string; readonly worker: WorkerName } & (
  | { readonly kind: "stretch"; readonly key: string; readonly stretch: StretchBytes }
  | { readonly kind: "whole"; readonly trained: readonly WholeBytes[] }
  /** The worker does not train it. */
  | { readonly kind: "refused"; readonly reason: string }
);

/** What a worker hands in of what it has trained. */
export type Brought = Exclude<Gain, { readonly kind: "refused" }>;

/** Who trains, and what it is called. */
export interface WorkerName extends Trainer {
  readonly name: string;
}

/** Passes of a trial that follow each other. */
export interface Stretch {
  /** The pass of the row before; −1 where it begins with pass 0. */
  readonly after: number;
  /** Those of the scheduled passes after that; or one off the schedule, which is the last. */
  readonly rows: readonly TrajectoryRow[];
  /** After the last row; null where there is none. */
  readonly checkpoint: Checkpoint | null;
  /** The pass that this sitting of training went on from, and its seconds so far. */
  readonly since: number;
  readonly seconds: number;
  /** How training ended; null where it goes on. */
  readonly end: { readonly ending: Ending; readonly fingerprint: string } | null;
}

/** It may be told. */
const name = z.string().max(300).transform(oneLine);
const hexDigits = z.string().regex(/^[0-9a-f]{64}$/);
/** Lists of passes are made from it. */
const pass = number("a pass", integers(0, 1e7));
const seconds = number("seconds", { minimum: 0 });

const worker = object({ name, machine: name, versions: name });
const ending = z.union([
  object({ kind: z.literal("finished") }),
  object({ kind: z.literal("diverged"), pass, step: pass }),
]);
const jobHead = object({
  coordinator: name,
  dataset: hexDigits,
  source: z.unknown(),
  trials: z
    .array(object({ specification: z.unknown(), passes: pass, stop: stopRules.optional() }))
    .min(1)
    .max(1000),
  isWhole: z.boolean(),
  everyPass: z.boolean(),
  from: object({ fingerprint: hexDigits, interpolated: pass.nullable() }).nullable(),
});
const stretchHead = object({
  after: number("a pass or −1", integers(-1, 1e7)),
  to: pass,
  since: pass,
  seconds,
  end: object({ ending, fingerprint: hexDigits }).nullable(),
});
const wholeHead = object({
  key: hexDigits,
  seconds,
  ending,
  fingerprint: hexDigits,
  last: pass.nullable(),
});
const gainHead = z.discriminatedUnion("kind", [
  object({ kind: z.literal("stretch"), job: name, worker, key: hexDigits, stretch: stretchHead }),
  object({
    kind: z.literal("whole"),
    job: name,
    worker,
    trained: z.array(wholeHead).min(1).max(1000),
  }),
  object({
    kind: z.literal("refused"),
    job: name,
    worker,
    reason: z.string().max(2000).transform(oneLine),
  }),
]);

type StretchBytes = z.output<typeof stretchHead> & {
  readonly pieces: readonly Uint8Array[];
};
type WholeBytes = z.output<typeof wholeHead> & { readonly pieces: readonly Uint8Array[] };

const json = (value: unknown) => utf8(JSON.stringify(value));

function headOf<Head>(schema: z.ZodType<Head>, bytes: Uint8Array | undefined): Head | null {
  if (bytes === undefined) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function jobPayload({ given, from, ...job }: Job): Payload {
  const { checkpoint, ...rest } = from ?? { checkpoint: null };
  const head = json({ ...job, from: from && rest });
  return packed(head, ...(checkpoint === null ? [] : [checkpoint]), ...given);
}

/** null where this release does not know all of it. */
export function jobOf(data: unknown): Job | null {
  const [bytes, ...pieces] = unpacked(data) ?? [];
  const head = headOf(jobHead, bytes);
  if (!head) return null;
  const trials = head.trials.flatMap(({ specification, passes, stop }): Trial[] => {
    const known = parseSpecification(specification);
    return known === null ? [] : [{ specification: known, passes, ...(stop && { stop }) }];
  });
  if (trials.length < head.trials.length || (!head.isWhole && trials.length > 1)) return null;
  if (trials.some(({ specification }) => specification.data.dataset !== head.dataset)) return null;
  if (head.from === null) return { ...head, trials, from: null, given: pieces };
  const [checkpoint, ...given] = pieces;
  return pieces.length === 0
    ? null
    : { ...head, trials, from: { ...head.from, checkpoint }, given };
}

/** Where training goes on; null where it cannot be of this trial. */
export function fromOf({ checkpoint: bytes, ...rest }: FromBytes, trained: Trained): From | null {
  const checkpoint = checkpointIn(bytes, trained);
  return checkpoint && { ...rest, checkpoint };
}

export function fromBytes({ checkpoint, ...rest }: From): FromBytes {
  return { ...rest, checkpoint: checkpointBytes(checkpoint) };
}

/** The first of the passes so far at which every training example was predicted right. */
export function interpolatedBy(before: number | null, rows: readonly Evaluation[]): number | null {
  const first = rows.find(({ train }) => train.correct === train.examples);
  return before ?? first?.pass ?? null;
}

type Sender = Pick<Gain, "job" | "worker">;

export function stretchPayload(
  sender: Sender,
  key: string,
  { rows, checkpoint, ...stretch }: Stretch,
): Payload {
  const to = rows.at(-1)?.evaluation.pass ?? Math.max(0, stretch.after);
  const head = { kind: "stretch", ...sender, key, stretch: { ...stretch, to } };
  return packed(
    json(head),
    ...(checkpoint === null ? [] : [packRows(rows), checkpointBytes(checkpoint)]),
  );
}

export function wholePayload(
  sender: Sender,
  trained: readonly (TrainedWhole & { readonly key: string })[],
): Payload {
  const told = trained.map(({ key, seconds, ending, fingerprint, last }) => ({
    ...{ key, seconds, ending, fingerprint },
    last: last?.checkpoint.pass ?? null,
  }));
  return packed(
    json({ kind: "whole", ...sender, trained: told }),
    ...trained.flatMap(({ rows, checkpoint, last }) => [
      ...[rows, checkpointBytes(checkpoint)],
      ...(last ? [packRows([last.row]), checkpointBytes(last.checkpoint)] : []),
    ]),
  );
}

export function refusalPayload(sender: Sender, reason: string): Payload {
  return packed(json({ kind: "refused", ...sender, reason: reason.slice(0, 2000) }));
}

/** null where it is none. */
export function gainOf(data: unknown): Gain | null {
  const [bytes, ...pieces] = unpacked(data) ?? [];
  const head = headOf(gainHead, bytes);
  if (!head) return null;
  if (head.kind === "refused") return head;
  if (head.kind === "stretch") return { ...head, stretch: { ...head.stretch, pieces } };
  let at = 0;
  const trained = head.trained.map((one) => ({
    ...one,
    pieces: pieces.slice(at, (at += one.last === null ? 2 : 4)),
  }));
  return at === pieces.length ? { ...head, trained } : null;
}

/** The stretch; null where it cannot be one of this trial. */
export function stretchOf(
  { pieces, to, ...stretch }: StretchBytes,
  trained: Trained,
): Stretch | null {
  const { after } = stretch;
  const { evaluate } = trained.specification;
  if (pieces.length === 0) return { ...stretch, rows: [], checkpoint: null };
  if (pieces.length !== 2 || to <= after) return null;
  const passes = isScheduled(evaluate, to)
    ? scheduledPasses(evaluate, to).filter((one) => one > after)
    : [to];
  const rows = rowsIn(pieces[0], trained, passes, after);
  const checkpoint = checkpointIn(pieces[1], trained);
  if (rows === null || checkpoint?.pass !== to) return null;
  return { ...stretch, rows, checkpoint };
}

/** The trial as it was trained whole, and its scheduled rows; null where it is not sound, or none of this trial. */
export function wholeOf(
  { key, last: lastPass, pieces, ...whole }: WholeBytes,
  trained: Trained,
  sha256: Sha256,
): { readonly whole: TrainedWhole; readonly evaluations: readonly Evaluation[] } | null {
  const { specification } = trained;
  if (trialKey(specification, sha256) !== key || pieces.length < 2) return null;
  const [rows, checkpointPiece, lastRow, lastCheckpoint] = pieces;
  const checkpoint = checkpointIn(checkpointPiece, trained);
  if (checkpoint === null) return null;
  const scheduled = scheduledPasses(specification.evaluate, checkpoint.pass);
  const told = rowsIn(rows, trained, scheduled, -1);
  const row = lastPass === null ? [] : rowsIn(lastRow, trained, [lastPass], checkpoint.pass);
  const after = lastPass === null ? null : checkpointIn(lastCheckpoint, trained);
  if (told === null || row === null || (after?.pass ?? null) !== lastPass) return null;
  const examples = examplesOf(trained);
  const { pass: passes } = checkpoint;
  const copy: TrialCopy = {
    ...{ key, specification, passes, examples, ...whole, rows: row, packed: { passes, rows } },
    checkpoints: [checkpoint, ...(after ? [after] : [])],
    ...{ sittings: [], measurements: [] },
  };
  if (unsound(copy, sha256) !== null) return null;
  return {
    whole: {
      ...{ ...whole, rows, checkpoint, examples },
      ...(after && { last: { row: row[0], checkpoint: after } }),
    },
    evaluations: told.map(({ evaluation }) => evaluation),
  };
}

function checkpointIn(bytes: Uint8Array, { specification, dataset }: Trained): Checkpoint | null {
  return checkpointOf(bytes, specification, shapeOf({ specification }, dataset));
}

function examplesOf({ specification, dataset }: Trained): Packed["examples"] {
  return { train: specification.data.train_examples, test: dataset.test.examples };
}

/** null where these are not just as many bytes, or more is right than there are examples. */
function rowsIn(
  bytes: Uint8Array,
  trained: Trained,
  passes: readonly number[],
  after: number,
): TrajectoryRow[] | null {
  const { specification } = trained;
  const before = Math.max(0, after);
  if (bytes.length !== bytesOfPasses(specification, passes, before)) return null;
  const packed = { specification, examples: examplesOf(trained) };
  const rows = rowsOfPasses(bytes, packed, passes, before);
  const isPossible = ({ evaluation: { train, test } }: TrajectoryRow) =>
    train.correct <= train.examples && test.correct <= test.examples;
  return rows.every(isPossible) ? rows : null;
}
