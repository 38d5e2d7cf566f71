// What an output may take the place of: no file that the command reads, and none that widthwise could not have
// written, as its content shows.

import { lstat, open, readlink, realpath, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../base/errors.ts";

/** A file that a command reads, or writes as another of its outputs. */
export interface OtherFile {
  /** As in "this is the store". */
  readonly what: string;
  readonly path: string;
}

/** Kinds of files that widthwise writes, by what is in them. */
export type Content =
  "html" | "markdown" | "summary" | "trajectories" | "svg" | "png" | "trace" | "export";

/** Bytes of a file's beginning and end that are looked at. */
const LOOK = 4096;

/** "widthwise" as the field created_by of a Parquet footer: its header, its length, itself. */
const PARQUET_CREATOR = "\x28\x09widthwise";

/** Whether a file's beginning and end (Latin-1) are such as widthwise writes. */
const MARKS: Readonly<Record<Content, (head: string, tail: string) => boolean>> = {
  html: (head) => head.includes('<meta name="generator" content="widthwise">'),
  markdown: (head) => /^# .*\n\nwidthwise · .*\n/.test(Buffer.from(head, "latin1").toString()),
  summary: (head) => /^\{\n {2}"study": ".*",\n {2}"(specification|eta_star)": /.test(head),
  trajectories: (head) => head.startsWith("width,seed,pass,train_loss,"),
  svg: (head) =>
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]* role="img" aria-labelledby="[\w-]+-title [\w-]+-description" /.test(
      head,
    ),
  png: (head) => head.startsWith("\x89PNG\r\n\x1a\n"),
  trace: (head) => head.startsWith('{"displayTimeUnit":"ms","traceEvents":[{"name":"process_name"'),
  export: (head, tail) =>
    head.startsWith("study,width,hidden,") || // CSV
    head.startsWith('[\n{"study":') || // JSON
    (head.startsWith("PAR1") && tail.endsWith("PAR1") && tail.includes(PARQUET_CREATOR)) ||
    (head.startsWith("PK\x03\x04") && head.startsWith("w1.npy", 30)) ||
    /^.{8}\{"__metadata__":\{"key":"[0-9a-f]{64}","fingerprint":"/s.test(head), // safetensors
};

/** Whether the file could be one that widthwise has written. An empty one holds nothing to lose. */
export async function isOwnContent(path: string, content: Content): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await read(file, 0);
    return size === 0 || MARKS[content](head, await read(file, Math.max(0, size - LOOK)));
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(LOOK), 0, LOOK, position);
  return buffer.toString("latin1", 0, bytesRead);
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
