// The queue that commands use: its address and password, and what stands at either end.

import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve, win32 } from "node:path";
import { InputError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { DataSource } from "../data/sets/set.ts";
import type { Dataset } from "../data/dataset.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import type { NodePool } from "../pool/node/node-pool.ts";
import type { QueueServer } from "../pool/queue/server.node.ts";
import type { TrialStore } from "../records/store.ts";
import { dataset as fields, exampleFields } from "../study/language/dataset.ts";
import type { Study } from "../study/spec.ts";
import type { Context } from "./context.ts";

/** Where a queue is. */
export interface QueueOptions {
  readonly queue: string;
  readonly passwordFile?: string | undefined;
}

/** What `--queue` says of itself. */
export const QUEUE_OPTION = [
  "--queue <address>",
  "a Redis or Valkey server, such as rediss://user@host:6380; its password comes from WIDTHWISE_QUEUE_PASSWORD",
] as const;

export const PASSWORD_OPTION = [
  "--password-file <file>",
  "a file with the queue's password, in place of WIDTHWISE_QUEUE_PASSWORD",
] as const;

/** Runs `work` at a queue's server, the connection to which is closed whatever happens. */
export async function withQueue<Result>(
  { queue, passwordFile }: QueueOptions,
  { env }: Context,
  work: (server: QueueServer) => Promise<Result>,
): Promise<Result> {
  const { openServer, isRefusal, serverError } = await import("../pool/queue/server.node.ts");
  const password =
    passwordFile === undefined ? env.WIDTHWISE_QUEUE_PASSWORD : await passwordIn(passwordFile);
  const server = await openServer(queue, password);
  try {
    return await work(server);
  } catch (error) {
    throw isRefusal(error) ? serverError(error) : error;
  } finally {
    await server.close();
  }
}

async function passwordIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError(
      `--password-file ${file}: it cannot be read (${code}); name a file with the password alone`,
      { cause },
    );
  }
}

/** What a run through a queue keeps, and where. */
export interface Keeping {
  readonly store: TrialStore;
  /** Of the store that keeps what is trained, beside which what differs is kept. */
  readonly path: string;
  /** Threads of this process, for what is measured. */
  readonly workers: number;
  /** Gets a sentence for each trial that came with other bits than those that are kept. */
  readonly differences: string[];
  readonly onProblem: (sentence: string) => void;
}

/** The pool of those who work at a queue, for a study whose trials `store` keeps. */
export async function createQueuePool(
  server: QueueServer,
  { study, dataset }: { readonly study: Study; readonly dataset: Dataset },
  given: GivenParameters,
  { store, path, workers, differences, onProblem }: Keeping,
  { effects }: Context,
): Promise<NodePool> {
  const pools = await import("../pool/queue/queue-pool.node.ts");
  if (!server.isKept)
    onProblem(
      "the queue's server keeps nothing when it ends (append-only files are off); what is lost is offered again",
    );
  let local: Promise<NodePool> | undefined;
  const pool = await pools.createQueuePool({
    ...{ server, dataset, source: sourceOf(study), sha256, given, onProblem },
    async kept(key, passes) {
      const newest = await store.resume(key);
      return newest !== null && newest.checkpoint.pass > passes
        ? store.resume(key, passes)
        : newest;
    },
    async measure(...asked) {
      local ??= effects.createPool(dataset, workers, undefined, given);
      return (await local).turn(...asked);
    },
    onDifferent({ key, pass, worker, data }) {
      const file = `${path}-differs-${key.slice(0, 12)}-${Date.now()}-${differences.length}.json`;
      writeFileSync(file, JSON.stringify({ trial: key, pass, worker, data }), { flag: "wx" });
      const difference = `trial ${key.slice(0, 12)} differs from pass ${pass} on between what ${path} keeps and what worker ${worker} handed in, which is in ${file}; widthwise verify tells whether what is kept is right`;
      differences.push(difference);
      onProblem(difference);
    },
  });
  return {
    ...pool,
    async close() {
      await pool.close();
      await (await local)?.close();
    },
  };
}

/** Where workers find a study's data: of a file of this machine, its name and how it is read, and not where it lies. */
function sourceOf({ dataset: { path, ...source } }: Study): unknown {
  const said = Object.entries(source).filter(([key]) => !(key in exampleFields.shape));
  if (path === undefined) return Object.fromEntries(said);
  const own = { ...Object.fromEntries(said), path: basename(resolve(path)) || path };
  if (typeof source.test !== "string") return own;
  const test = basename(source.test);
  if (test === own.path && source.test !== path)
    throw new InputError(
      `dataset.test: workers look for a study's two files in one folder, and both are called ${test}; give one of them another name`,
    );
  return { ...own, test };
}

/** What a job says of its data, a file's place left out. Throws InputError where that is no data set that is known. */
export async function sourceIn(said: unknown): Promise<DataSource> {
  const { DATASETS } = await import("../data/sets/table.ts");
  const refuse = (): never => {
    throw new InputError("a job names no data set that this release of widthwise knows");
  };
  const source = fields(DATASETS).safeParse(said).data ?? refuse();
  const { path, test } = source;
  if (path === undefined) return source;
  const named = { ...source, path: win32.basename(path) };
  if (typeof test !== "string") return named;
  const second = win32.basename(test);
  return /^\.*$/.test(second) ? refuse() : { ...named, test: second };
}

/**
 * Where this machine has what a job says of its data; null where that is a user's file and `own` names none. A second one, for
 * tests, lies beside it: what comes from outside names no other file.
 */
export function sourceHere(said: DataSource, own: string | undefined): DataSource | null {
  const { path, test } = said;
  if (path === undefined) return said;
  if (own === undefined) return null;
  const here = { ...said, path: own };
  return typeof test === "string" ? { ...here, test: join(dirname(own), test) } : here;
}
