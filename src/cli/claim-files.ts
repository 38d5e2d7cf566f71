// Finds the claim that a name or a path means.

import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ClaimFile } from "../claims/claim.ts";
import { InputError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { quote } from "../base/quote.ts";
import type { Change } from "../base/yaml.ts";
import { CLAIMS } from "./package.ts";
import { isPath, readText, withPathsFrom, yamlNames } from "./study-files.ts";

/** All that come with widthwise, by name. */
export async function shippedClaims(): Promise<ClaimFile[]> {
  return Promise.all((await yamlNames(CLAIMS)).map((name) => findClaim(name)));
}

/** Reads a shipped claim by its name, or a claim's file by its path, its study changed as options ask. */
export async function findClaim(
  nameOrPath: string,
  changes: readonly Change[] = [],
): Promise<ClaimFile> {
  const { CATALOGUE } = await import("../questions/catalogue.ts");
  const { parseClaim } = await import("../claims/parse.ts");
  if (isPath(nameOrPath)) {
    const name = basename(nameOrPath).replace(/\.ya?ml$/i, "");
    const named = { name, file: nameOrPath };
    const read = parseClaim(await readText(nameOrPath, "claim"), named, CATALOGUE, changes);
    const moved = (study: ClaimFile["study"]) => withPathsFrom(dirname(nameOrPath), study);
    return { ...read, study: moved(read.study), quick: read.quick && moved(read.quick) };
  }
  const shipped = await yamlNames(CLAIMS);
  if (shipped.includes(nameOrPath)) {
    const text = await readFile(new URL(`${nameOrPath}.yaml`, CLAIMS), "utf8");
    const named = { name: nameOrPath, file: `claims/${nameOrPath}.yaml` };
    return parseClaim(text, named, CATALOGUE, changes);
  }
  const near = nearest(nameOrPath, shipped);
  const advice = near === null ? "widthwise check lists them" : `did you mean ${near}?`;
  throw new InputError(
    `unknown claim ${quote(nameOrPath)}: ${advice} (a claim of your own is named by its path, such as ./mine.yaml)`,
  );
}
