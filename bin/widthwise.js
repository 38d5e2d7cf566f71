#!/usr/bin/env node
// Starts the compiled command line, after the two checks that need nothing compiled.

import console from "node:console";
import { existsSync } from "node:fs";
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
    /** @param {unknown} error */
    (error) => {
      console.error(
        `widthwise cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      );
      process.exitCode = 1;
    },
  );
}
