// The folder that a run fills: finished trials at once, everything else as a whole at the end.
//
// Beside `out` lies, for as long as a run has it, the work folder `.out.widthwise`: it is the claim that
// keeps a second run away, and the place where the new content is staged. The exchange is three renames;
// after a kill between any two of them the next run puts `out` right (see recover).

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
  utimes,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError, WidthwiseError } from "../errors.ts";
import { pathProblem } from "./path-problem.ts";

export interface OutputFolder {
  /** As the user named it. */
  readonly path: string;
  /** Holds one file for each finished trial; outlives interruptions and replacements. */
  readonly records: string;
  /**
   * Replaces everything but the records by `files` (names to contents).
   * @throws WidthwiseError where they cannot be written; release leaves the folder as it was.
   */
  replace(files: ReadonlyMap<string, string | Uint8Array>): Promise<void>;
  /** Gives the claim up, and removes the folder if nothing came to lie in it. */
  release(): Promise<void>;
}

interface Places {
  readonly path: string;
  readonly out: string;
  readonly records: string;
  readonly work: string;
  /** The next content of `out`; complete before the exchange begins. */
  readonly staged: string;
  /** The previous content of `out` between the last two renames. */
  readonly previous: string;
}

/**
 * Makes `path` ready to be written and claims it for this process.
 * @throws InputError where it is a folder with other content, in use, or not to be written.
 */
export async function claimOutputFolder(path: string): Promise<OutputFolder> {
  try {
    const places = await findPlaces(path);
    await refuseOtherContent(places);
    await claim(places);
    try {
      await recover(places);
      await mkdir(places.records, { recursive: true });
      await removeUnfinished(places.records);
      await access(places.out, constants.W_OK);
      await access(places.records, constants.W_OK);
    } catch (error) {
      await release(places);
      throw error;
    }
    return {
      path,
      records: places.records,
      replace: (files) => replace(places, files),
      release: () => release(places),
    };
  } catch (error) {
    throw problem(path, error);
  }
}

async function findPlaces(path: string): Promise<Places> {
  const parent = dirname(resolve(path));
  await mkdir(parent, { recursive: true });
  // A link is followed: what it points at is replaced, not the link.
  const out = await realpath(path).catch(() => resolve(path));
  const work = join(dirname(out), `.${basename(out)}.widthwise`);
  return {
    path,
    out,
    records: join(out, "records"),
    work,
    staged: join(work, "staged"),
    previous: join(work, "previous"),
  };
}

/** What lies in the folder is going to be replaced as a whole, so it must be a run's or nothing. */
async function refuseOtherContent({ path, out }: Places): Promise<void> {
  const found = await stat(out).catch(() => null);
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
  if (entries.includes("summary.json")) {
    return (await readFile(join(out, "summary.json"), "utf8")).includes('"fingerprints"');
  }
  if (entries.length > 1 || entries[0] !== "records") return false;
  const records = await readdir(join(out, "records"));
  return records.every((name) => /^[0-9a-f]{64}\.json/.test(name));
}

/** Makes the work folder, or takes over one whose process is gone. */
async function claim({ path, work }: Places): Promise<void> {
  try {
    await mkdir(work);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (await isHeld(work)) {
      throw new InputError(
        `--out ${path}: another run is at work there; wait for it or name another folder`,
        { cause: error },
      );
    }
  }
  await writeFile(join(work, "process"), String(process.pid));
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(join(work, "process"), now, now).catch(() => undefined);
  }, HEARTBEAT);
  heartbeat.unref();
  heartbeats.set(work, heartbeat);
}

/** Milliseconds between a run's signs of life; after six without one it counts as killed. */
const HEARTBEAT = 5000;

/** The claims of this process. */
const heartbeats = new Map<string, NodeJS.Timeout>();

/** A process number alone proves nothing: in containers every run may have the same one. */
async function isHeld(work: string): Promise<boolean> {
  if (heartbeats.has(work)) return true;
  const file = join(work, "process");
  const sign = await stat(file).catch(() => stat(work));
  if (Date.now() - sign.mtimeMs > 6 * HEARTBEAT) return false;
  const holder = await readFile(file, "utf8").catch(() => "");
  if (holder === "") return true; // made this moment, and about to be signed
  return Number(holder) !== process.pid && isAlive(Number(holder));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Brings to an end, or takes back, the exchange in which an earlier run was killed. */
async function recover({ out, records, staged, previous }: Places): Promise<void> {
  if (!(await exists(out)) && (await exists(previous))) {
    await rename(staged, out).catch(() => rename(previous, out));
  }
  if ((await exists(out)) && !(await exists(records)) && (await exists(join(staged, "records")))) {
    await rename(join(staged, "records"), records);
  }
  await rm(staged, { recursive: true, force: true });
  await rm(previous, { recursive: true, force: true });
}

/** Takes away the records that a killed run was writing: under our claim nobody else is. */
async function removeUnfinished(records: string): Promise<void> {
  for (const name of await readdir(records)) {
    if (/^[0-9a-f]{64}\.json\..*tmp$/.test(name)) await rm(join(records, name));
  }
}

async function replace(
  places: Places,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const { out, records, staged, previous } = places;
  try {
    await mkdir(staged);
    for (const [name, content] of files) await writeFile(join(staged, name), content);
    await rename(records, join(staged, "records"));
    await rename(out, previous);
    await rename(staged, out);
    await rm(previous, { recursive: true, force: true });
  } catch (error) {
    const { message } = problem(places.path, error);
    throw new WidthwiseError(`${message}; the finished trials are kept`, { cause: error });
  }
}

async function release(places: Places): Promise<void> {
  const { out, records, work } = places;
  clearInterval(heartbeats.get(work));
  heartbeats.delete(work);
  // Where an exchange can be neither ended nor taken back now, the work folder holds what a later run needs for it.
  await recover(places).then(
    () => rm(work, { recursive: true, force: true }),
    () => undefined,
  );
  // rmdir takes what is empty only: a folder that came to hold nothing is not left behind.
  await rmdir(records)
    .then(() => rmdir(out))
    .catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function problem(path: string, error: unknown): Error {
  return pathProblem("--out", path, "folder", error);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
