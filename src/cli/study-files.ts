// Finds the study that a name or a path means, and changes it as the options of `run` ask.

import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { InputError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Change } from "../base/yaml.ts";
import { parseStudy } from "../study/language/parse.ts";
import { quote } from "../base/quote.ts";
import type { Study } from "../study/spec.ts";
import { STUDIES } from "./package.ts";

/** No study is longer; what is, is refused before it is read. */
const MAX_BYTES = 1 << 20;

/** Whether a word is a file's path, not a name. */
export function isPath(nameOrPath: string): boolean {
  return /[/\\]|\.ya?ml$/i.test(nameOrPath);
}

/**
 * Reads a shipped study by its name, or a study's file by its path (which has a `/`, `\` or `.yaml`), and changes it
 * as options ask.
 */
export async function findStudy(
  nameOrPath: string,
  overrides: Overrides = {},
  tell?: (sentence: string) => void,
): Promise<Study> {
  if (isPath(nameOrPath)) {
    const study = await overridden(await readText(nameOrPath), nameOrPath, overrides, tell);
    return withPathsFrom(isStdin(nameOrPath) ? "." : dirname(nameOrPath), study);
  }
  const shipped = await yamlNames(STUDIES);
  if (shipped.includes(nameOrPath)) {
    const file = new URL(`${nameOrPath}.yaml`, STUDIES);
    const text = await readFile(file, "utf8");
    const study = await overridden(text, `studies/${nameOrPath}.yaml`, overrides, tell);
    return withPathsFrom(".", study);
  }
  const near = nearest(nameOrPath, shipped);
  const advice =
    near === null ? `shipped with widthwise: ${shipped.join(", ")}` : `did you mean ${near}?`;
  throw new InputError(
    `unknown study ${quote(nameOrPath)}: ${advice} (a study of your own is named by its path, such as ./mine.yaml)`,
  );
}

/** The study with the paths of its data and initial parameters, which are relative to its folder, as absolute ones. */
export function withPathsFrom(folder: string, study: Study): Study {
  return withPaths(study, (path) => resolve(folder, path));
}

/** The study with its data and initial parameters elsewhere. */
export function withPaths(whole: Study, move: (path: string) => string): Study {
  const { init } = whole.model;
  const model =
    typeof init === "object"
      ? { ...whole.model, init: { ...init, path: move(init.path) } }
      : whole.model;
  const study = { ...whole, model };
  const { path, test, ...rest } = study.dataset;
  if (path === undefined) return study;
  const dataset = {
    ...rest,
    path: move(path),
    ...(test !== undefined && { test: typeof test === "string" ? move(test) : test }),
  };
  return { ...study, dataset: dataset as Study["dataset"] };
}

/** The study as a file in `folder` would have it: what lies there or beside can be handed on together. */
export function seenFrom(folder: string, study: Study): Study {
  return withPaths(study, (path) => relative(folder, path));
}

/** The study as anybody may see it: its files by their names, with folders only where these tell two of a data set apart. */
export function withNamesAlone(study: Study): Study {
  const { path, test } = study.dataset;
  let folder = dirname(path ?? "");
  while (typeof test === "string" && relative(folder, test).startsWith(".."))
    folder = dirname(folder);
  return withPaths(study, (file) =>
    file === path || file === test ? relative(folder, file) : basename(file),
  );
}

/** Names of the YAML files in a folder. */
export async function yamlNames(folder: URL): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -5))
    .sort();
}

/** What options put in the place of what a study says. */
export interface Overrides {
  readonly widths?: readonly number[] | undefined;
  readonly passes?: number | undefined;
  /** Of named streams, whatever the study's are. */
  readonly seeds?: readonly number[] | undefined;
  readonly learningRate?: Study["training"]["learning_rate"] | undefined;
  readonly set?: readonly Change[] | undefined;
}

async function overridden(
  text: string,
  file: string,
  overrides: Overrides,
  tell?: (sentence: string) => void,
): Promise<Study> {
  const { CATALOGUE } = await import("../questions/catalogue.ts");
  const { widths, passes, seeds, learningRate, set = [] } = overrides;
  const changes: Change[] = [...set];
  const put = (option: string, path: readonly string[], value: unknown) => {
    if (value !== undefined) changes.push({ option, path, value: () => value });
  };
  put("--passes", ["training", "passes"], passes);
  put("--learning-rate", ["training", "learning_rate"], learningRate);
  changes.push(...seedsChange(seeds));
  const study = parseStudy(text, file, CATALOGUE, changes, widths === undefined ? tell : undefined);
  if (widths === undefined) return study;
  if (study.sweep.width.length === 0) {
    throw new InputError(
      `--widths: the study ${study.name} sweeps no width; write "width" into its model.hidden and sweep.width`,
    );
  }
  put("--widths", ["sweep", "width"], widths);
  return parseStudy(text, file, CATALOGUE, changes, tell);
}

/** What puts seeds in the place of a study's streams. */
export function seedsChange(seeds: readonly number[] | undefined): Change[] {
  if (seeds === undefined) return [];
  const named = (written: unknown) => ({ ...studySeed(written), kind: "named", seeds });
  return [{ option: "--seeds", path: ["streams"], value: named }];
}

/** That of named streams, which other seeds keep. */
function studySeed(streams: unknown): object {
  const isMapping = typeof streams === "object" && streams !== null;
  return isMapping && "study_seed" in streams ? { study_seed: streams.study_seed } : {};
}

/** The text of a small file that a user names; `kind` is what it has, as messages call it. */
export async function readText(path: string, kind = "study"): Promise<string> {
  const name = `${kind} ${quote(path)}`;
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new InputError(`${name}: expected a file`);
    if (found.size > MAX_BYTES) throw tooLong(name, `${found.size} bytes`);
    const bytes = found.isFile() ? await readFile(path) : await readPipe(path, name);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: ${reason(error)}`, { cause: error });
  }
}

/** What does not tell how long it is: a pipe, standard input. */
async function readPipe(path: string, name: string): Promise<Uint8Array> {
  // By its path it cannot be opened where it is a socket, as between two processes of Node.
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of isStdin(path) ? process.stdin : createReadStream(path)) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > MAX_BYTES) throw tooLong(name, `more than ${MAX_BYTES} bytes`);
  }
  return Buffer.concat(pieces);
}

function isStdin(path: string): boolean {
  return ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].includes(resolve(path));
}

function tooLong(name: string, length: string): InputError {
  return new InputError(`${name}: expected a small YAML file, got ${length}`);
}

function reason(error: unknown): string {
  const { code = "unreadable" } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "no such file";
    case "EACCES":
    case "EPERM":
      return "no permission to read it";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "expected UTF-8 text";
    default:
      return `cannot be read (${code})`;
  }
}
