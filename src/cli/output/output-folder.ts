// The folder that a run fills: the files that it writes are replaced, each at once, and nothing else is touched.
//
// In the folder lies the list `.widthwise.sha256` of what widthwise wrote there, in the format of sha256sum: a file
// that is no longer as listed, or is in no list, is the user's. While files are replaced, the work folder `.widthwise`
// is there, too. They are all made in it, the list names old and new content, and then each is renamed to its place
// under a lock: whatever is cut off there, the next run that writes to the folder knows every file of ours and finishes.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  access,
  constants,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { tryLock } from "../../base/lock.node.ts";
import { makeFolder } from "../../base/make-folder.node.ts";
import type { FileContent } from "../../report/files.node.ts";
import {
  beginsAsOfRun,
  refuseDanglingLink,
  refuseOtherFile,
  wholePath,
  type OtherFile,
} from "./own-files.ts";
import { pathProblem } from "./path-problem.ts";

type Files = ReadonlyMap<string, FileContent>;

export interface OutputFolder {
  /** As the user named it. */
  readonly path: string;
  /**
   * Puts `files` (names to contents) there, and takes away what an earlier run wrote and this one does not.
   * @throws WidthwiseError where they cannot be written, and the signal's reason where that aborts; then every file is
   * whole, an old one or a new one.
   */
  replace(files: Files, signal?: AbortSignal): Promise<void>;
}

export interface OutputFolderOptions {
  /** Names of the files that are going to be written. */
  readonly names: readonly string[];
  /** Files that the command reads: none of them is replaced. */
  readonly others: readonly OtherFile[];
  /** Whether the user has asked for files to be replaced that widthwise did not write. */
  readonly force?: boolean | undefined;
}

interface Places extends OutputFolderOptions {
  readonly path: string;
  readonly out: string;
  readonly list: string;
  readonly work: string;
  /** The next files; complete before any is put in its place. */
  readonly staged: string;
}

const LIST = ".widthwise.sha256";

/**
 * Makes sure that `path` can be filled; makes nothing yet.
 * @throws InputError where it is no folder, not to be written, or holds in a name's place what widthwise did not write.
 */
export async function findOutputFolder(
  path: string,
  options: OutputFolderOptions,
): Promise<OutputFolder> {
  try {
    await refuseDanglingLink("--out", path);
    // A link is followed: what it points at is filled.
    const out = await wholePath(path);
    const work = join(out, ".widthwise");
    const places = {
      ...{ ...options, path, out, work },
      list: join(out, LIST),
      staged: join(work, "staged"),
    };
    await refuseOtherPlaces(places);
    await refuseReadOnly(out);
    await refuseOtherContent(places, options.names);
    return { path, replace: (files, signal) => replace(places, files, signal) };
  } catch (error) {
    throw problem(path, error);
  }
}

async function refuseOtherPlaces({ path, out, work }: Places): Promise<void> {
  const found = await statOrNull(out);
  if (found !== null && !found.isDirectory())
    throw new InputError(`--out ${path}: expected a folder, got a file`);
  if (dirname(out) === out)
    throw new InputError(`--out ${path}: no place for a report; name a folder inside it`);
  const inTheWay = await lstatOrNull(work);
  if (inTheWay !== null && !inTheWay.isDirectory())
    throw new InputError(`--out ${path}: .widthwise in it is no folder; move it away`);
}

/** Whether files could be made in `folder`, which may have to be made itself. */
async function refuseReadOnly(folder: string): Promise<void> {
  if ((await statOrNull(folder)) === null) await refuseReadOnly(dirname(folder));
  // The dot makes a file in the folder's place an error.
  else await access(`${folder}/.`, constants.W_OK);
}

/** Nothing of the user's may lie in the place of a file that is going to be written. */
async function refuseOtherContent(places: Places, names: readonly string[]): Promise<void> {
  const { path, out, list, work, others, force = false } = places;
  const advice = "name another folder, or another file there";
  for (const name of [...names, LIST])
    await refuseOtherFile(join(out, name), others, `--out ${path}: ${name} in it`, advice);
  for (const other of others)
    if ((await wholePath(other.path)).startsWith(join(work, "/")))
      throw new InputError(
        `--out ${path}: ${other.what} may not lie in the folder .widthwise in it; ${advice}`,
      );
  const written = await readList(list);
  const taken: string[] = [];
  for (const name of [...names, LIST]) {
    const found = await lstatOrNull(join(out, name));
    if (found === null) continue;
    if (!found.isFile())
      throw new InputError(`--out ${path}: ${name} in it is no plain file; move it away`);
    if (!force && name !== LIST && !(await isOurs(join(out, name), name, written)))
      taken.push(name);
  }
  if (taken.length === 0) return;
  const some = taken.slice(0, 3).join(", ") + (taken.length > 3 ? ", …" : "");
  if (written.size === 0)
    throw new InputError(
      `--out ${path}: it holds ${some}, and no list ${LIST} there tells that widthwise wrote it; name another folder with --out, or have it replaced with --force`,
    );
  throw new InputError(
    `--out ${path}: it holds ${some} as widthwise did not write it; move that away, name another folder, or have it replaced with --force`,
  );
}

/** Whether a file is as widthwise left it: no content tells, for a user goes on with a report, too. */
async function isOurs(path: string, name: string, written: List): Promise<boolean> {
  return written.get(name)?.has(await digestOf(path)) ?? false;
}

async function replace(places: Places, files: Files, signal?: AbortSignal): Promise<void> {
  const { path, out, work, staged, list } = places;
  const isNew = (await statOrNull(out)) === null;
  try {
    makeFolder(out);
    const lock = await takeLock(join(work, "lock"));
    try {
      // What a run that was cut off has left.
      await rm(staged, { recursive: true, force: true });
      await refuseOtherContent(places, [...files.keys()]);
      await mkdir(staged);
      const after = new Map<string, ReadonlySet<string>>();
      for (const [name, content] of files)
        after.set(name, new Set([await write(join(staged, name), content, signal)]));
      const before = await readList(list);
      await writeList(places, merged(before, after));
      for (const name of files.keys()) await rename(join(staged, name), join(out, name));
      for (const name of before.keys()) if (!after.has(name)) await remove(out, name, before);
      await writeList(places, after);
    } finally {
      await rm(staged, { recursive: true, force: true }).catch(() => undefined);
      lock.release();
      // It is left to the next run that has come to want it.
      await rmdir(work).catch(() => undefined);
    }
  } catch (error) {
    if (isNew) await rmdir(out).catch(() => undefined);
    signal?.throwIfAborted();
    const { message } = problem(path, error);
    throw new WidthwiseError(`${message}; what was trained is kept`, { cause: error });
  }
}

/** Takes away a file of an earlier run, unless it has become the user's. */
async function remove(out: string, name: string, written: List): Promise<void> {
  const path = join(out, name);
  if ((await lstatOrNull(path))?.isFile() !== true) return;
  // Whatever the list says, nothing is taken away that is not of a run's kind.
  if ((await isOurs(path, name, written)) && (await beginsAsOfRun(path))) await rm(path);
}

/** Another run that fills the same folder is done in a moment. */
async function takeLock(path: string) {
  for (;;) {
    const lock = tryLock(path);
    if (lock !== null) return lock;
    await setTimeout(20);
  }
}

/** Names of files to the digests of what widthwise wrote there: two, while one is replaced by another. */
type List = ReadonlyMap<string, ReadonlySet<string>>;

/** No path: a list from elsewhere must not reach outside its folder. */
const ENTRY = /^([0-9a-f]{64}) {2}([\w-][\w.-]*)$/gm;

async function readList(path: string): Promise<List> {
  if ((await lstatOrNull(path))?.isFile() !== true) return new Map();
  const list = new Map<string, Set<string>>();
  for (const [, entry, name] of (await readFile(path, "utf8")).matchAll(ENTRY))
    list.set(name, (list.get(name) ?? new Set()).add(entry));
  return list;
}

function merged(one: List, other: List): List {
  const names = new Set([...one.keys(), ...other.keys()]);
  return new Map(
    [...names].map((name) => [
      name,
      new Set([...(one.get(name) ?? []), ...(other.get(name) ?? [])]),
    ]),
  );
}

async function writeList({ staged, list }: Places, content: List): Promise<void> {
  const lines = [...content].flatMap(([name, digests]) =>
    [...digests].map((entry) => `${entry}  ${name}\n`),
  );
  await writeFile(join(staged, LIST), lines.join(""));
  await rename(join(staged, LIST), list);
}

/** Returns the digest of what it has written. */
async function write(path: string, content: FileContent, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  function* hashed(pieces: Iterable<string>) {
    for (const piece of pieces) {
      signal?.throwIfAborted();
      hash.update(piece);
      yield piece;
    }
  }
  const isWhole = typeof content === "string" || content instanceof Uint8Array;
  if (isWhole) hash.update(content);
  await writeFile(path, isWhole ? content : hashed(content));
  return hash.digest("hex");
}

/** Piece by piece: a file in the place of ours may be of any size. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function statOrNull(path: string) {
  return nullWhereMissing(stat(path));
}

function lstatOrNull(path: string) {
  return nullWhereMissing(lstat(path));
}

async function nullWhereMissing<Found>(found: Promise<Found>): Promise<Found | null> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function problem(path: string, error: unknown): Error {
  return pathProblem("--out", path, "folder", error);
}
