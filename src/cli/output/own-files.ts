// What an output may take the place of: no file that the command reads, and none that widthwise could not have
// written, as its whole content shows.

import { lstat, open, readlink, realpath, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { InputError } from "../../base/errors.ts";

/** A file that a command reads, or writes as another of its outputs. */
export interface OtherFile {
  /** As in "this is the store". */
  readonly what: string;
  readonly path: string;
}

/** Outputs that are known by what is in them; but for data, which anybody may have made. */
export type Content = "trace" | "export" | "data";

/** Bytes of a Parquet file's end, and of a run's file's beginning, that are looked at. */
const LOOK = 4096;

/** "widthwise" as the field created_by of a Parquet footer: its header, its length, itself. */
const PARQUET_CREATOR = "\x28\x09widthwise";

/** Whether the whole file is one that widthwise could have written. An empty one holds nothing to lose. */
export async function isOwnContent(path: string, content: Content): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    if (content === "data") return false;
    const own = await import("./own-exports.ts");
    if (content === "trace") return await own.isOwnTrace(path);
    const head = await read(file, 0, 4);
    if (head === "PAR1") {
      const tail = await read(file, Math.max(0, size - LOOK), LOOK);
      return tail.endsWith("PAR1") && tail.includes(PARQUET_CREATOR);
    }
    if (head === "PK\x03\x04") return await own.isOwnNpz(file);
    if (head.startsWith("[\n")) return await own.isOwnJson(path);
    return (await own.isOwnCsv(path)) || (await own.isOwnSafetensors(file));
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString("latin1", 0, bytesRead);
}

/** How the files of a run begin (Latin-1), by the ends of their names. */
const BEGINNINGS: Readonly<Partial<Record<string, RegExp>>> = {
  ".html": /<meta name="generator" content="widthwise">/,
  ".md": /^# .*\n\nwidthwise \xc2\xb7 .*\n/,
  ".json": /^\{\n {2}("study": ".*",\n {2}"(specification|eta_star)": |"a": \{\n {4}"id": )/,
  ".csv": /^width,seed,pass,train_loss,/,
  ".svg":
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]* role="img" aria-labelledby="[\w-]+-title [\w-]+-description" /,
  ".png": /^\x89PNG\r\n.\n/,
};

/** Whether the file begins as one of its name that a run writes; this alone does not make it ours. */
export async function beginsAsOfRun(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    return BEGINNINGS[extname(path)]?.test(await read(file, 0, LOOK)) ?? false;
  } finally {
    await file.close();
  }
}

/**
 * Refuses a path that is another file of the command's, whatever its name: through links, too.
 * `subject` begins the sentence, `advice` ends it.
 */
export async function refuseOtherFile(
  path: string,
  others: readonly OtherFile[],
  subject: string,
  advice: string,
): Promise<void> {
  for (const other of others)
    if (await isSameFile(path, other.path))
      throw new InputError(`${subject}: this is ${other.what} of the same command; ${advice}`);
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  if ((await wholePath(a)) === (await wholePath(b))) return true;
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  // Under two names, as where upper and lower case are the same.
  return first !== null && first.ino === second?.ino && first.dev === second.dev;
}

/** Without any link, also where what it names is not there yet. */
export async function wholePath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return absolute;
  }
  const folder = dirname(absolute);
  const target = await readlink(absolute).catch(() => null);
  if (target !== null) return wholePath(resolve(folder, target));
  return folder === absolute ? absolute : join(await wholePath(folder), basename(absolute));
}

/** Refuses a path that is a link to what is not there, or leads through one: what it means is not known. */
export async function refuseDanglingLink(option: string, path: string): Promise<void> {
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((await stat(at).catch(() => null)) !== null) return;
    if ((await lstat(at).catch(() => null))?.isSymbolicLink() === true) {
      const name = at === resolve(path) ? "this is" : `${at} is`;
      throw new InputError(
        `${option} ${path}: ${name} a link to what is not there; make that, or name another path`,
      );
    }
    if (dirname(at) === at) return;
  }
}
