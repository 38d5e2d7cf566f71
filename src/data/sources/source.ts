// What it is to be a place that files of a data set may come from.

import { WidthwiseError } from "../../base/errors.ts";
import type { IdxContent, IdxFile } from "../formats/idx-dataset.ts";

/** A process's environment: variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A file as it was found and as it is inside. */
export interface FoundFile {
  readonly file: IdxFile;
  /** gzipped or plain, as it came. */
  readonly packed: Uint8Array;
  readonly content: IdxContent;
}

/** What a place had of the files that it was asked for. */
export interface Found {
  readonly files: readonly FoundFile[];
  /** Why it had not all of them; null if it had. */
  readonly fault: WidthwiseError | null;
}

/** How far the fetching of one file is. */
export interface DownloadProgress {
  /** The source's name. */
  readonly source: string;
  readonly file: string;
  /** Bytes so far; 0 when it is asked for. */
  readonly received: number;
  /** Bytes in all; null where that is not known. */
  readonly total: number | null;
}

export interface Source {
  /** A folder's path or an address. */
  readonly name: string;
  /** Whether what comes from there is worth keeping in the cache folder. */
  readonly remote: boolean;
  find(files: readonly IdxFile[]): Promise<Found>;
}

/** Asks for all files at once; the first fault in their order is kept. Anything but a fault is thrown. */
export async function findEach(
  files: readonly IdxFile[],
  find: (file: IdxFile) => Promise<FoundFile>,
): Promise<Found> {
  const found: FoundFile[] = [];
  let fault: WidthwiseError | null = null;
  for (const result of await Promise.allSettled(files.map(find))) {
    if (result.status === "fulfilled") found.push(result.value);
    else if (result.reason instanceof WidthwiseError) fault ??= result.reason;
    else throw result.reason;
  }
  return { files: found, fault };
}
