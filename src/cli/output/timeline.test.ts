import { expect, test } from "vitest";
import type { FinishedCall } from "../../pool/node/node-pool.ts";
import { loadLines, loadOf, traceOf } from "./timeline.ts";

/** Of a trial, the time line reads the specification alone. */
function call(
  name: FinishedCall["name"],
  worker: number,
  start: number,
  end: number,
  hidden: readonly number[] = [512],
): FinishedCall {
  const specification = {
    model: { hidden },
    training: { learning_rate: 0.005 },
    streams: { kind: "named", study_seed: 0, seed: 7 },
  };
  return { name, worker, start, end, trial: { specification } as unknown as FinishedCall["trial"] };
}

// Threads have ids as they come, and calls end in another order than they begin in.
const EPOCH = 1_800_000_000_000;
const CALLS = [
  call("train", 9, EPOCH + 10, EPOCH + 20),
  call("evaluate", 4, EPOCH + 5, EPOCH + 30.25),
  call("measureNorms", 9, EPOCH, EPOCH + 5, [16, 8]),
];

test("a trace has a named row for each worker and every call in it, in microseconds from the first", () => {
  const { traceEvents } = traceOf(CALLS, 3, "widthwise run mine");
  expect(traceEvents.filter(({ ph }) => ph === "M")).toEqual([
    { name: "process_name", ph: "M", pid: 1, tid: 0, args: { name: "widthwise run mine" } },
    ...[1, 2, 3].flatMap((tid) => [
      { name: "thread_name", ph: "M", pid: 1, tid, args: { name: `worker ${tid}` } },
      { name: "thread_sort_index", ph: "M", pid: 1, tid, args: { sort_index: tid } },
    ]),
  ]);
  const args = { width: 512, seed: 7, learning_rate: 0.005 };
  const common = { ph: "X", pid: 1 };
  expect(traceEvents.filter(({ ph }) => ph === "X")).toEqual([
    { ...common, tid: 1, name: "evaluate width 512", cat: "evaluate", ts: 5e3, dur: 25250, args },
    {
      ...common,
      tid: 2,
      name: "measure norms, width 16-8",
      cat: "measureNorms",
      ts: 0,
      dur: 5e3,
      args: { ...args, width: [16, 8] },
    },
    { ...common, tid: 2, name: "train width 512", cat: "train", ts: 1e4, dur: 1e4, args },
  ]);
});

test("the load is each worker's share of the time from the first call to the last", () => {
  const load = loadOf(CALLS, 3);
  expect(load.seconds).toBeCloseTo(0.03025, 9);
  expect(load.busy.map((share) => Number(share.toFixed(6)))).toEqual([
    Number((25.25 / 30.25).toFixed(6)),
    Number((15 / 30.25).toFixed(6)),
    0,
  ]);
  expect(loadLines(load)).toEqual([
    "worker 1: busy 83.5 % of 0.0 s",
    "worker 2: busy 49.6 % of 0.0 s",
    "worker 3: busy 0.0 % of 0.0 s",
  ]);
});

test("a run that made no call has an empty trace, and says why", () => {
  expect(traceOf([], 2, "").traceEvents.every(({ ph }) => ph === "M")).toBe(true);
  expect(loadOf([], 2)).toEqual({ seconds: 0, busy: [0, 0] });
  expect(loadLines(loadOf([], 2))).toEqual([
    "no kernel call was made: everything was kept from an earlier run",
  ]);
});

test("more calls than a function may have arguments", () => {
  const many = Array.from({ length: 300_000 }, (_, i) => call("train", 1, i, i + 0.5));
  expect(loadOf(many, 1).busy[0]).toBeCloseTo(0.5, 5);
});
