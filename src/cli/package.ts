// What the installed package says of itself. This file is as far from the package's root as its compiled twin.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NUMERICS_VERSION } from "../model/trial.ts";

const ROOT = new URL("../../", import.meta.url);

/** The folder of the shipped studies. */
export const STUDIES = new URL("studies/", ROOT);

/** The folder of the shipped claims. */
export const CLAIMS = new URL("claims/", ROOT);

/** This program as a shell begins it, on any machine that sees the same files. */
export const PROGRAM = [process.execPath, fileURLToPath(new URL("bin/widthwise.js", ROOT))];

export function packageVersion(): string {
  const text = readFileSync(new URL("package.json", ROOT), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** What a result's bits and seconds could depend on (the bits do on `numerics` alone). */
export function versions(): Record<string, string | number> {
  return {
    widthwise: packageVersion(),
    numerics: NUMERICS_VERSION,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}
