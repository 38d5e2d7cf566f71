// The notebook's printed numbers beside ours, as lines of text.

import { NOTEBOOK_PRINTED, type PrintedStream } from "../../homework/notebook-printed.ts";
import type { Ensemble, Replay, ReplayedStream, Scores } from "../../homework/replay.ts";

/** Relative deviation below which a running average counts as the notebook's. */
const CLOSE = 1e-5;

/** Columns: what, the notebook's, ours. */
type Row = readonly [what: string, notebook: string, ours: string];

export function replayLines(replay: Replay): string[] {
  const { initial_accuracies, passes_to_interpolation } = replay;
  return [
    ...replay.streams.flatMap((stream, index) => [
      `learning rate ${stream.learning_rate}, width 32, one pass`,
      ...table(streamRows(stream, NOTEBOOK_PRINTED.streams[index])),
      "",
    ]),
    "accuracy before training (training set, test set)",
    ...table(
      Object.entries(initial_accuracies).map(([width, ours]) => [
        `width ${width}`,
        pair(NOTEBOOK_PRINTED.initial_accuracies.get(Number(width)) ?? []),
        pair(ours),
      ]),
    ),
    "",
    "passes to interpolation",
    ...table(
      Object.entries(passes_to_interpolation).map(([width, ours]) => [
        `width ${width}`,
        passes(NOTEBOOK_PRINTED.passes_to_interpolation.get(Number(width))),
        passes(ours),
      ]),
    ),
    "",
    "After thousands of steps the last bit decides: see widthwise replay --ensemble 20.",
  ];
}

/** A line for each width: how often it interpolated, and at which passes. */
export function ensembleLines(ensemble: Ensemble): string[] {
  return [
    "passes to interpolation from one-ulp perturbations of the notebook's start",
    ...table(
      Object.entries(ensemble).map(([width, members]) => [
        `width ${width}`,
        passes(NOTEBOOK_PRINTED.passes_to_interpolation.get(Number(width))),
        spread(members),
      ]),
    ),
  ];
}

function streamRows(ours: ReplayedStream, printed: PrintedStream): Row[] {
  const averages = printed.running_averages.map((average, index): Row => {
    const value = ours.running_averages[index];
    return [`running average ${index + 1}`, digits(average), digits(value)];
  });
  const shown = averages.length > 8 ? [...averages.slice(0, 5), ...averages.slice(-1)] : averages;
  const close = printed.running_averages.filter(
    (average, index) => deviation(ours.running_averages[index], average) < CLOSE,
  );
  return [
    ...scoreRows("before", printed.before, ours.before),
    ...shown,
    ...(averages.length > shown.length
      ? [[`within ${CLOSE} relative`, "", `${close.length} of ${averages.length}`] as const]
      : []),
    ...scoreRows("after", printed.after, ours.after),
  ];
}

function scoreRows(when: string, printed: Scores | null, ours: Scores): Row[] {
  return (["train_loss", "train_accuracy", "test_loss", "test_accuracy"] as const).map((name) => [
    `${when}: ${name.replace("_", " ")}`,
    printed === null ? "not printed" : threeDigits(printed[name]),
    threeDigits(ours[name]),
  ]);
}

function table(rows: readonly Row[]): string[] {
  const all: readonly Row[] = [["", "notebook", "widthwise"], ...rows];
  const width = (column: 0 | 1) => Math.max(...all.map((row) => row[column].length));
  return all.map((row) =>
    `  ${row[0].padEnd(width(0))}  ${row[1].padEnd(width(1))}  ${row[2]}`.trimEnd(),
  );
}

function spread(members: readonly (number | null)[]): string {
  const found = members.filter((value) => value !== null).sort((a, b) => a - b);
  const count = `${found.length} of ${members.length}`;
  return found.length === 0 ? `${count}: never` : `${count}: ${found.join(" ")}`;
}

function deviation(ours: number | null, printed: number | null): number {
  return ours === null || printed === null ? Infinity : Math.abs(ours / printed - 1);
}

function threeDigits(value: number | null): string {
  return value?.toFixed(3) ?? "nan";
}

function digits(value: number | null): string {
  return value?.toPrecision(12) ?? "nan";
}

function pair(values: readonly number[]): string {
  return values.map(threeDigits).join(", ");
}

function passes(value: number | null | undefined): string {
  return String(value ?? "never");
}
