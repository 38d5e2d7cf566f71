// The time line of a run: which worker made which kernel call when, as a trace for chrome://tracing and
// Perfetto (the JSON of the "Trace Event Format"), and how busy each worker was. Reads no clock, writes nothing.

import { group } from "d3-array";
import type { FinishedCall } from "../../pool/node/node-pool.ts";

interface TraceEvent {
  readonly name: string;
  /** "X": a complete event, with its beginning and its duration; "M": metadata. */
  readonly ph: "X" | "M";
  readonly pid: number;
  /** The row: workers, counted from 1. */
  readonly tid: number;
  readonly cat?: string;
  /** Microseconds since the first call's start. */
  readonly ts?: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Trace {
  readonly displayTimeUnit: "ms";
  readonly traceEvents: readonly TraceEvent[];
}

/** How busy the workers were between the first call's start and the last call's end. */
export interface Load {
  readonly seconds: number;
  /** Share of that time in which each worker made kernel calls, 0 to 1. */
  readonly busy: readonly number[];
}

const PROCESS = 1;

/** A row for each of `workers` workers, also for one that made no call; `title` names the whole. */
export function traceOf(calls: readonly FinishedCall[], workers: number, title: string): Trace {
  const rows = rowsOf(calls, workers);
  const { start } = spanOf(calls);
  const metadata = (name: string, tid: number, args: TraceEvent["args"]): TraceEvent => ({
    name,
    ph: "M",
    pid: PROCESS,
    tid,
    args,
  });
  return {
    displayTimeUnit: "ms",
    traceEvents: [
      metadata("process_name", 0, { name: title }),
      ...rows.flatMap((_, index) => [
        metadata("thread_name", index + 1, { name: `worker ${index + 1}` }),
        metadata("thread_sort_index", index + 1, { sort_index: index + 1 }),
      ]),
      ...rows.flatMap((row, index) =>
        row.map((call): TraceEvent => ({
          name: `${VERBS[call.name]} ${networkOf(call)}`,
          ph: "X",
          cat: call.name,
          pid: PROCESS,
          tid: index + 1,
          ts: 1000 * (call.start - start),
          dur: 1000 * (call.end - call.start),
          args: argumentsOf(call),
        })),
      ),
    ],
  };
}

export function loadOf(calls: readonly FinishedCall[], workers: number): Load {
  const { start, end } = spanOf(calls);
  const busy = rowsOf(calls, workers).map((row) =>
    end > start ? row.reduce((sum, call) => sum + call.end - call.start, 0) / (end - start) : 0,
  );
  return { seconds: (end - start) / 1000, busy };
}

/** A line for each worker, without an end of line. */
export function loadLines({ seconds, busy }: Load): string[] {
  if (seconds === 0) return ["no kernel call was made: everything was kept from an earlier run"];
  return busy.map(
    (share, index) =>
      `worker ${index + 1}: busy ${(100 * share).toFixed(1)} % of ${seconds.toFixed(1)} s`,
  );
}

const VERBS: Readonly<Record<FinishedCall["name"], string>> = {
  train: "train",
  trainBatches: "train",
  evaluate: "evaluate",
  measureNorms: "measure norms,",
  sums: "sum up examples for",
  standardize: "standardize examples for",
  measure: "measure",
};

function networkOf({ trial }: FinishedCall): string {
  const { hidden } = trial.specification.model;
  return hidden.length === 0 ? "softmax regression" : `width ${hidden.join("-")}`;
}

function argumentsOf({ trial }: FinishedCall): TraceEvent["args"] {
  const { model, training, streams } = trial.specification;
  return {
    width: model.hidden.length === 1 ? model.hidden[0] : model.hidden,
    ...(streams.kind === "named" ? { seed: streams.seed } : {}),
    learning_rate: training.learning_rate,
  };
}

/** The calls of each worker in the order of their starts; threads are numbered in the order of their ids. */
function rowsOf(calls: readonly FinishedCall[], workers: number): FinishedCall[][] {
  const rows = [...group(calls, ({ worker }) => worker)]
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row.sort((a, b) => a.start - b.start));
  while (rows.length < workers) rows.push([]);
  return rows;
}

/** Not Math.min(...calls): a long run has more calls than a function may have arguments. */
function spanOf(calls: readonly FinishedCall[]): { start: number; end: number } {
  if (calls.length === 0) return { start: 0, end: 0 };
  return calls.reduce(
    (span, { start, end }) => ({
      start: Math.min(span.start, start),
      end: Math.max(span.end, end),
    }),
    { start: Infinity, end: -Infinity },
  );
}
