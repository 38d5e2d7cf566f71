// Shows on stderr how far the download of a data set's files is.

import { createLogUpdate } from "log-update";
import type { DownloadProgress } from "../../data/sources/source.ts";
import type { Context } from "../context.ts";
import { FRAME, isTerminal, sizeOf } from "./terminal.ts";

export interface DownloadView {
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Takes the view away: what was downloaded is told by the result. */
  readonly close: () => void;
}

export function openDownloadView({
  stderr,
  env,
  now,
}: Pick<Context, "stderr" | "env" | "now">): DownloadView {
  if (!isTerminal(stderr, env)) {
    return {
      onProgress: ({ source, file, received }) => {
        if (received === 0) stderr.write(`fetching ${file} from ${source}\n`);
      },
      close: () => undefined,
    };
  }
  const screen = createLogUpdate(stderr, { showCursor: true });
  const files = new Map<string, DownloadProgress>();
  let drawn = -Infinity;
  return {
    onProgress: (progress) => {
      files.set(progress.file, progress);
      if (now() - drawn < FRAME) return;
      drawn = now();
      const lines = [`fetching from ${progress.source}`, ...[...files.values()].map(fileLine)];
      const { columns } = sizeOf(stderr);
      screen(lines.map((line) => line.slice(0, columns - 1)).join("\n"));
    },
    close: () => {
      screen.clear();
    },
  };
}

function fileLine({ file, received, total }: DownloadProgress): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `  ${file}  ${megabytes(received)}${total === null ? "" : ` of ${megabytes(total)}`} MB`;
}
