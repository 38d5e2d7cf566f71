// What the lists say in few words.

import type { ListedClaim, ListedStudy } from "../../report/watching.ts";

/** "26 Nov 2026, 14:02", by the reader's clock. */
export function moment(time: string): string {
  return new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** "mnist-1d · widths 8 to 512 × 2 seeds" */
export function madeOf({ dataset, widths, seeds, trials }: ListedStudy): string {
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  const swept =
    widths.length === 0
      ? `${trials} ${trials === 1 ? "trial" : "trials"}`
      : widths.length === 1
        ? `width ${least}`
        : `${widths.length} widths, ${least} to ${most}`;
  return `${dataset} · ${swept}${seeds === 1 ? "" : ` × ${seeds} seeds`}`;
}

/** Before a study is planned there are none. */
export function unfinished({ ended, trials }: Pick<ListedStudy, "ended" | "trials">): string {
  return trials === 0 ? "not finished" : `not finished: ${ended} of ${trials} trials are done`;
}

/** "about 2 minutes", of one processor. */
export function about(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toPrecision(2)} h`;
}

export function timeOf({ seconds: { whole, quick } }: ListedClaim): string {
  const told = [
    ...(whole === undefined ? [] : [about(whole)]),
    ...(quick === undefined ? [] : [`${about(quick)} in quick form`]),
  ];
  return told.length === 0 ? "" : `${told.join(", ")}, on one processor`;
}
