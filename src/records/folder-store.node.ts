// Finished trials as one file each in a folder. A damaged file counts as absent and is written anew.

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, WidthwiseError } from "../errors.ts";
import type { Sha256 } from "../sha256.ts";
import type { TrialRecord } from "./record.ts";
import { parseRecord, serializeRecord } from "./serialize.ts";
import { cutRecord, type RecordStore } from "./store.ts";

export class FolderStore implements RecordStore {
  readonly #folder: string;
  readonly #sha256: Sha256;
  readonly #onDamage: (message: string) => void;

  /** `onDamage` is told of every file that cannot be used. */
  constructor(folder: string, sha256: Sha256, onDamage: (message: string) => void) {
    this.#folder = folder;
    this.#sha256 = sha256;
    this.#onDamage = onDamage;
  }

  async get(key: string, passes: number): Promise<TrialRecord | null> {
    const path = this.#path(key);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new WidthwiseError(`cannot read the record ${path}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    try {
      return cutRecord(parseRecord(text, path, this.#sha256), passes);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#onDamage(error.message);
      return null;
    }
  }

  /** Throws WidthwiseError where the file cannot be written; then nothing of it stays. */
  async put(record: TrialRecord): Promise<void> {
    const path = this.#path(record.key);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, serializeRecord(record, this.#sha256));
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw new WidthwiseError(`cannot write the record ${path}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}
