// The folder that a run fills: replaced as a whole, at the end.
//
// Beside `out` lies, while its content is exchanged, the work folder `.out.widthwise`. The exchange is two
// renames under a lock; a kill between them leaves the old content in the work folder, and the next run that
// writes to `out` puts it back (see recover).

import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { InputError, WidthwiseError } from "../errors.ts";
import { tryLock } from "../lock.node.ts";
import { makeFolder } from "../make-folder.node.ts";
import { pathProblem } from "./path-problem.ts";

export interface OutputFolder {
  /** As the user named it. */
  readonly path: string;
  /**
   * Replaces its content by `files` (names to contents).
   * @throws WidthwiseError where they cannot be written; then the folder is as it was.
   */
  replace(files: ReadonlyMap<string, string | Uint8Array>): Promise<void>;
}

interface Places {
  readonly path: string;
  readonly out: string;
  readonly work: string;
  /** The next content of `out`; complete before the exchange begins. */
  readonly staged: string;
  /** The previous content of `out` between the two renames. */
  readonly previous: string;
}

/**
 * Makes sure that `path` can be filled; makes nothing yet.
 * @throws InputError where it is a folder with other content, or not to be written.
 */
export async function findOutputFolder(path: string): Promise<OutputFolder> {
  try {
    // A link is followed: what it points at is replaced, not the link.
    const out = await realpath(path).catch(() => resolve(path));
    const work = join(dirname(out), `.${basename(out)}.widthwise`);
    const places = {
      ...{ path, out, work },
      staged: join(work, "staged"),
      previous: join(work, "previous"),
    };
    await refuseOtherContent(places);
    await refuseReadOnly(dirname(out));
    return { path, replace: (files) => replace(places, files) };
  } catch (error) {
    throw problem(path, error);
  }
}

/** What lies in the folder is going to be replaced as a whole, so it must be a run's or nothing. */
async function refuseOtherContent({ path, out }: Places): Promise<void> {
  const found = await statOrNull(out);
  if (found === null) return;
  if (!found.isDirectory()) throw new InputError(`--out ${path}: expected a folder, got a file`);
  if (found.dev !== (await stat(dirname(out))).dev || dirname(out) === out) {
    throw new InputError(
      `--out ${path}: a mounted folder cannot be replaced as a whole; name a folder inside it`,
    );
  }
  const entries = await readdir(out);
  if (entries.length === 0 || (await isRunFolder(out, entries))) return;
  throw new InputError(
    `--out ${path}: it would be replaced as a whole, but holds what is not a run's ` +
      `(${entries.slice(0, 3).join(", ")}${entries.length > 3 ? ", …" : ""}); name a new or an empty folder`,
  );
}

async function isRunFolder(out: string, entries: readonly string[]): Promise<boolean> {
  if (!entries.includes("summary.json")) return false;
  return (await readFile(join(out, "summary.json"), "utf8")).includes('"fingerprints"');
}

/** Whether files could be made in `folder`, which may have to be made itself. */
async function refuseReadOnly(folder: string): Promise<void> {
  if ((await statOrNull(folder)) === null) await refuseReadOnly(dirname(folder));
  // The dot makes a file in the folder's place an error.
  else await access(`${folder}/.`, constants.W_OK);
}

async function replace(
  places: Places,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const { path, out, work, staged, previous } = places;
  try {
    makeFolder(dirname(out));
    const lock = await takeLock(join(work, "lock"));
    try {
      await recover(places);
      await refuseOtherContent(places);
      await mkdir(staged);
      for (const [name, content] of files) await writeFile(join(staged, name), content);
      if ((await statOrNull(out)) !== null) await rename(out, previous);
      await rename(staged, out);
    } finally {
      // Where the old content cannot be put back now, the work folder keeps it for a later run.
      await recover(places).catch(() => undefined);
      lock.release();
      // It is left to the next run that has come to want it.
      await rmdir(work).catch(() => undefined);
    }
  } catch (error) {
    const { message } = problem(path, error);
    throw new WidthwiseError(`${message}; what was trained is kept`, { cause: error });
  }
}

/** Another run that fills the same folder is done in a moment. */
async function takeLock(path: string) {
  for (;;) {
    const lock = tryLock(path);
    if (lock !== null) return lock;
    await setTimeout(20);
  }
}

/** Brings an exchange that was cut off to its beginning or its end. */
async function recover({ out, staged, previous }: Places): Promise<void> {
  const isCut = (await statOrNull(out)) === null && (await statOrNull(previous)) !== null;
  if (isCut) await rename(previous, out);
  await rm(staged, { recursive: true, force: true });
  await rm(previous, { recursive: true, force: true });
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function problem(path: string, error: unknown): Error {
  return pathProblem("--out", path, "folder", error);
}
