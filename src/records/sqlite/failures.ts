// Sentences for what SQLite and the file system say of a store's file.

import { InputError, WidthwiseError } from "../../base/errors.ts";
import { oneLine } from "../../base/quote.ts";

/** The error to throw for one that met `path`; what is none of the file's stays what it is. */
export function fileFailure(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof WidthwiseError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  const store = `store ${path}`;
  const elsewhere = "name another one with --store";
  switch (code.replace(/^(SQLITE_[A-Z]+)_.*$/, "$1")) {
    case "SQLITE_FULL":
    case "ENOSPC":
    case "EDQUOT":
      return new WidthwiseError(
        `${store}: the disk is full; make room there, or ${elsewhere}; what it kept before is whole`,
        cause,
      );
    case "SQLITE_READONLY":
    case "SQLITE_PERM":
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOENT": // a folder that cannot be made although the one that it lies in is there
      return new InputError(`${store}: it cannot be written; ${elsewhere}`, cause);
    case "SQLITE_CANTOPEN":
      return new InputError(`${store}: it cannot be opened for writing; ${elsewhere}`, cause);
    case "ENOTDIR":
    case "EEXIST":
      return new InputError(`${store}: part of this path is a file; ${elsewhere}`, cause);
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
    case "SQLITE_PROTOCOL":
      return new WidthwiseError(
        `${store}: another process has kept it busy for too long; try again`,
        cause,
      );
    // Our statements fit our tables, and what we write keeps their rules, unless tables or rules are damaged.
    case "SQLITE_ERROR":
    case "SQLITE_CONSTRAINT":
    case "SQLITE_CORRUPT":
    case "SQLITE_NOTADB":
    case "SQLITE_FORMAT":
      return new WidthwiseError(
        `${store}: the file is damaged (${oneLine(error.message)}); move it away to begin a new one, or put a copy in its place`,
        cause,
      );
    case "SQLITE_IOERR":
      return new WidthwiseError(
        `${store}: reading or writing it failed (${code}): its disk may be full, limited or broken; what it kept before is whole`,
        cause,
      );
    default:
      return error;
  }
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  // The driver gives a failure to open no code of its own, but SQLite's number at the end.
  if (/^ConnectionFailed\(.*: 14"\)$/s.test(error.message)) return "SQLITE_CANTOPEN";
  if (typeof code !== "string") return "";
  const unnamed = /^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code);
  return (unnamed && PRIMARY_CODES[Number(unnamed[1]) & 0xff]) ?? code;
}

/** The driver does not name every extended result code; its lowest byte is that of the code that it extends. */
const PRIMARY_CODES: Readonly<Record<number, string>> = {
  3: "SQLITE_PERM",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
};
