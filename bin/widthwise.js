#!/usr/bin/env node
// Starts the compiled command line, after the two checks that need nothing compiled.

import console from "node:console";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { URL } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const compiled = new URL("../dist/cli/main.js", import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`widthwise needs Node 20.19 or later, this is ${process.versions.node}`);
  process.exitCode = 1;
} else if (!existsSync(compiled)) {
  console.error("widthwise is not built yet: run `npm run build` in its folder first");
  process.exitCode = 1;
} else {
  await import(compiled.href).then(
    /** @param {{ start(): Promise<void> }} main */
    (main) => main.start(),
    tellLoadFailure,
  );
}

/**
 * The compiled files are opened all at once, so that too low a limit may be met before any of them can tell it.
 * @param {NodeJS.ErrnoException} error
 */
function tellLoadFailure(error) {
  process.exitCode = 1;
  // Of a package whose package.json it cannot open for that reason, Node says that it is not there.
  const [, main = ""] = /^Cannot find package '(\/[^']+)'/.exec(error.message) ?? [];
  const isThere = main !== "" && existsSync(join(dirname(main), "package.json"));
  if (error.code !== "EMFILE" && error.code !== "ENFILE" && !isThere) {
    console.error(`widthwise cannot be loaded: ${error.message}`);
    return;
  }
  const { userLimits } = /** @type {{ userLimits?: { open_files?: { soft: unknown } } }} */ (
    process.report.getReport()
  );
  const limit = String(userLimits?.open_files?.soft);
  console.error(
    `too many open files: this process may have ${limit} open; allow more (ulimit -n 1024), and run again`,
  );
}
