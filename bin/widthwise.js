#!/usr/bin/env node
// Starts the compiled command line, after the two checks that need nothing compiled.

import console from "node:console";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
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
  // Of what cannot be looked at for that reason, Node says that it is not there.
  const [, missing = ""] = /'([^']+)'/.exec(error.message) ?? [];
  const isThere = error.code === "ERR_MODULE_NOT_FOUND" && existsSync(dirname(missing));
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
