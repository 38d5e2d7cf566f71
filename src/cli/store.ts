// Where the record store is, and how a command opens it.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import { InputError } from "../base/errors.ts";
import type { RecordStore } from "../records/store.ts";
import type { Context } from "./context.ts";
import { isWritable } from "./machine.ts";

/** What `--store` says of itself in every command's help. */
export const STORE_OPTION = [
  "--store <file>",
  "the record store (default: WIDTHWISE_STORE, or one in this user's data folder)",
] as const;

/** The store's file: the user's, the environment's where that names one, or the one in this platform's data folder. */
export function storePath(option: string | undefined, env: NodeJS.ProcessEnv): string {
  if (option === "") throw new InputError("--store: expected a file, got an empty name");
  const named = env.WIDTHWISE_STORE === "" ? undefined : env.WIDTHWISE_STORE;
  return option ?? named ?? join(envPaths("widthwise", { suffix: "" }).data, "store.db");
}

/**
 * Whether `run` could use the store, found out as `run` does, but without making one.
 * @throws WidthwiseError where it could not.
 */
export async function checkStore(path: string, context: Context): Promise<void> {
  if (existsSync(path)) await withStore(path, context, () => Promise.resolve());
  else if (!(await isWritable(dirname(path))))
    throw new InputError(
      `store ${path}: it cannot be made there; name another one with --store or WIDTHWISE_STORE`,
    );
}

/** How a command uses a store. */
interface Use {
  /** Told of damage; left out, stderr is. */
  readonly onDamage?: (message: string) => void;
  /** Whether it only reads, so that the store may be one that cannot be written; "untouched" changes nothing beside it, either. */
  readonly toRead?: boolean | "untouched";
}

/** Runs `work` on the store, which is closed whatever happens. */
export async function withStore<Result>(
  path: string,
  { effects, stderr }: Context,
  work: (store: RecordStore) => Promise<Result>,
  { onDamage = (message) => stderr.write(`${message}\n`), toRead = false }: Use = {},
): Promise<Result> {
  const store = await effects.openStore(path, onDamage, toRead);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The same on a store that is there already: a look at what is kept makes none. */
export async function withKeptStore<Result>(
  option: string | undefined,
  context: Context,
  work: (store: RecordStore) => Promise<Result>,
  use?: Use,
): Promise<Result> {
  const path = storePath(option, context.env);
  if (existsSync(path)) return withStore(path, context, work, use);
  throw new InputError(
    `store ${path}: there is none yet; widthwise run makes it, or name another one with --store`,
  );
}
