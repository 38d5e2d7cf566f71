import { expect, test } from "vitest";
import { WidthwiseError } from "../../base/errors.ts";
import { fileFailure } from "./failures.ts";

test.each(["SQLITE_CORRUPT_VTAB", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_CONSTRAINT_PRIMARYKEY"])(
  "a failure with %s is told as damage, in one printable line",
  (code) => {
    const met = Object.assign(new Error('unrecognized token: "\u0007\n\u202e"'), { code });
    const told = fileFailure("a.db", met);
    expect(told).toBeInstanceOf(WidthwiseError);
    expect((told as Error).message).toBe(
      'store a.db: the file is damaged (unrecognized token: " "); move it away to begin a new one, or put a copy in its place',
    );
  },
);
