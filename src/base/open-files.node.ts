// How many files a process may have open, and what to say where that is too few.

import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { WidthwiseError } from "./errors.ts";

/** Files that a run needs to have open at once, with room to spare. */
const ENOUGH = 1024;

/** Whether an error of Node's says that no more files can be opened. */
export function saysTooManyFiles(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "EMFILE" || code === "ENFILE";
}

/** Whether no more files can be opened now; SQLite does not tell why it cannot open one. */
export function hasTooManyFiles(): boolean {
  try {
    closeSync(openSync(fileURLToPath(import.meta.url), "r"));
    return false;
  } catch (error) {
    return saysTooManyFiles(error);
  }
}

export function tooManyFiles(cause: unknown): WidthwiseError {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits?: Partial<Record<string, { readonly soft: number | string }>>;
  };
  const limit = userLimits?.open_files?.soft;
  const may = limit === undefined ? "" : `: this process may have ${limit} open`;
  return new WidthwiseError(
    `too many open files${may}; allow more (ulimit -n ${ENOUGH}), and run again`,
    { cause },
  );
}
