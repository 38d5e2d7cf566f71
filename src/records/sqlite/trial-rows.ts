// Trials as rows, and rows as what they stand for. Every row that is read has its checksum checked, or Damage is thrown.

import { WidthwiseError } from "../../base/errors.ts";
import type { Parameters } from "../../model/network.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { trialKey } from "../fingerprint.ts";
import type { Checkpoint, Ending, Evaluation, TrajectoryRow } from "../record.ts";
import { checksum } from "../checksum.ts";
import type { Sitting } from "../sitting.ts";
import { Damage } from "./damage.ts";
import { RowReader, selected, type Value, type ValueRow } from "./values.ts";

/** A row of `trials`. */
export interface TrialRow {
  readonly id: number;
  readonly key: string;
  readonly specification: TrialSpecification;
  readonly passes: number;
  readonly ending: Ending;
  /** In each set. */
  readonly examples: { readonly train: number; readonly test: number };
  readonly fingerprint: string;
}

export const TRIAL_COLUMNS = selected(
  ...["id", "key", "specification", "passes", "diverged_pass", "diverged_step"],
  ...["train_examples", "test_examples", "fingerprint", "seal"],
);

/** Values in the order of the columns, without `id`. */
export function trialValues(trial: Omit<TrialRow, "id">, sha256: Sha256): (Value | string)[] {
  const { key, specification, passes, ending, examples, fingerprint } = trial;
  const values = [
    key,
    JSON.stringify(specification),
    passes,
    ending.kind === "diverged" ? ending.pass : null,
    ending.kind === "diverged" ? ending.step : null,
    examples.train,
    examples.test,
    fingerprint,
  ];
  return [...values, checksum(sha256, ...values)];
}

export function readTrial(row: ValueRow, sha256: Sha256): TrialRow {
  const reader = new RowReader(row, "its row");
  const key = reader.text("key");
  const text = reader.text("specification");
  const passes = reader.count("passes");
  const pass = reader.countOrNull("diverged_pass");
  const step = reader.countOrNull("diverged_step");
  const train = reader.count("train_examples");
  const test = reader.count("test_examples");
  const fingerprint = reader.text("fingerprint");
  reader.verifyChecksum(sha256, key, text, passes, pass, step, train, test, fingerprint);
  const specification = JSON.parse(text) as TrialSpecification;
  if (trialKey(specification, sha256) !== key) throw new Damage("its key");
  return {
    id: reader.count("id"),
    key,
    specification,
    passes,
    ending:
      pass === null || step === null ? { kind: "finished" } : { kind: "diverged", pass, step },
    examples: { train, test },
    fingerprint,
  };
}

export const EVALUATION_COLUMNS = selected(
  ...["pass", "train_objective", "train_correct", "test_objective", "test_correct"],
  ...["fingerprint", "averages", "seal"],
);

/** Values in the order of the columns. */
export function evaluationValues(
  key: string,
  { evaluation, averages }: TrajectoryRow,
  sha256: Sha256,
): (Value | string)[] {
  const { pass, train, test, fingerprint } = evaluation;
  const values = [
    pass,
    orNull(train.objective),
    train.correct,
    orNull(test.objective),
    test.correct,
    fingerprint,
    bytesOf(Float64Array.from(averages)),
  ];
  return [...values, checksum(sha256, key, ...values)];
}

export function readEvaluation(
  row: ValueRow,
  { key, examples }: TrialRow,
  sha256: Sha256,
): TrajectoryRow {
  const reader = new RowReader(row, `pass ${String(row.pass)}`);
  const pass = reader.count("pass");
  const train = {
    objective: reader.real("train_objective"),
    correct: reader.count("train_correct"),
  };
  const test = { objective: reader.real("test_objective"), correct: reader.count("test_correct") };
  const fingerprint = reader.text("fingerprint");
  const averages = reader.bytes("averages");
  reader.verifyChecksum(
    sha256,
    ...[key, pass, orNull(train.objective), train.correct, orNull(test.objective), test.correct],
    ...[fingerprint, averages],
  );
  const evaluation: Evaluation = {
    pass,
    train: { ...train, examples: examples.train },
    test: { ...test, examples: examples.test },
    fingerprint,
  };
  return { evaluation, averages: [...new Float64Array(aligned(averages))] };
}

export const TRAJECTORY_COLUMNS = selected("passes", "rows", "seal");

/** Rows of its first passes (packed-rows.ts). */
export function readPacked(
  row: ValueRow,
  { key }: TrialRow,
  sha256: Sha256,
): { readonly passes: number; readonly rows: Uint8Array } {
  const reader = new RowReader(row, "its trajectory");
  const [passes, rows] = [reader.count("passes"), reader.bytes("rows")];
  reader.verifyChecksum(sha256, key, passes, rows);
  return { passes, rows };
}

export const SNAPSHOT_COLUMNS = selected(
  ...["pass", "sizes", "parameters", "generator", "average", "seal"],
);

/** Values in the order of the columns. */
export function snapshotValues(
  key: string,
  { pass, parameters, state, order, average }: Checkpoint,
  sha256: Sha256,
): (Value | string)[] {
  const layers = [parameters, ...state].flatMap(({ weights, biases }) =>
    weights.flatMap((matrix, layer) => [matrix, biases[layer]]),
  );
  const sizes = sizesOf(parameters);
  const layout: Layout | Sizes =
    state.length === 0 ? sizes : { version: STATE_VERSION, states: state.length, sizes };
  const values = [
    pass,
    JSON.stringify(layout),
    concatenated(layers),
    bytesOf(order),
    orNull(average),
  ];
  return [...values, checksum(sha256, key, ...values)];
}

export function readCheckpoint(row: ValueRow, key: string, sha256: Sha256): Checkpoint {
  const reader = new RowReader(row, `the checkpoint of pass ${String(row.pass)}`);
  const pass = reader.count("pass");
  const written = reader.text("sizes");
  const bytes = reader.bytes("parameters");
  const order = reader.bytes("generator");
  const average = reader.real("average");
  reader.verifyChecksum(sha256, key, pass, written, bytes, order, orNull(average));
  const { version, states, sizes } = layoutOf(JSON.parse(written) as Layout | Sizes);
  if (version !== STATE_VERSION)
    throw new WidthwiseError(
      `trial ${key.slice(0, 12)}: its checkpoint after pass ${pass} has version ${version}, and this widthwise reads version ${STATE_VERSION}; use a newer one`,
    );
  const values = new Float32Array(aligned(bytes));
  const length = values.length / (1 + states);
  const [parameters, ...state] = Array.from({ length: 1 + states }, (_, at) =>
    split(values.subarray(at * length, (at + 1) * length), sizes),
  );
  return {
    pass,
    parameters,
    state,
    order: new Uint32Array(aligned(order)),
    average,
  };
}

/** Of layers, inputs first; of networks without biases, of each layer's weights. */
type Sizes = readonly number[] | { readonly weights: readonly number[] };

/** Of a checkpoint with the optimizer's state, which lies behind the parameters, each in their layout. */
interface Layout {
  readonly version: number;
  readonly states: number;
  readonly sizes: Sizes;
}

const STATE_VERSION = 1;

function layoutOf(written: Layout | Sizes): Layout {
  return "version" in written ? written : { version: STATE_VERSION, states: 0, sizes: written };
}

function sizesOf({ weights, biases }: Parameters): Sizes {
  const outputs = biases.map(({ length }) => length);
  if (outputs[0] === 0) return { weights: weights.map(({ length }) => length) };
  return [weights[0].length / outputs[0], ...outputs];
}

/** W₁ b₁ W₂ b₂ … of these sizes. */
function split(values: Float32Array, sizes: Sizes): Parameters {
  let at = 0;
  const take = (count: number) => values.slice(at, (at += count));
  const layers =
    "weights" in sizes
      ? sizes.weights.map((count) => ({ weights: take(count), biases: take(0) }))
      : sizes.slice(1).map((outputs, layer) => ({
          weights: take(sizes[layer] * outputs),
          biases: take(outputs),
        }));
  return {
    weights: layers.map(({ weights }) => weights),
    biases: layers.map(({ biases }) => biases),
  };
}

export const SITTING_COLUMNS = selected(
  ...["from_pass", "to_pass", "seconds", "machine", "versions", "seal"],
);

/** Values in the order of the columns. */
export function sittingValues(
  key: string,
  { from, to, seconds, machine, versions }: Sitting,
  sha256: Sha256,
): (Value | string)[] {
  const values = [from, to, seconds, machine, versions];
  return [...values, checksum(sha256, key, ...values)];
}

export function readSitting(row: ValueRow, key: string, sha256: Sha256): Sitting {
  const reader = new RowReader(row, "a sitting of its training");
  const from = reader.count("from_pass");
  const to = reader.count("to_pass");
  const seconds = reader.real("seconds");
  const machine = reader.text("machine");
  const versions = reader.text("versions");
  reader.verifyChecksum(sha256, key, from, to, seconds, machine, versions);
  return { from, to, seconds, machine, versions };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function bytesOf(values: Float64Array | Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function concatenated(parts: readonly Float32Array[]): Uint8Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return bytesOf(whole);
}

/** A buffer of its own, so that numbers of several bytes may be read from it. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
