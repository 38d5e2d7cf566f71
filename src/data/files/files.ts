// What the readers of a user's files ask of the place where these lie: a machine's disk, or what a page was handed.

import type { Sha256 } from "../../base/sha256.ts";
import type { Hash } from "../make-dataset.ts";

export interface UserFile {
  readonly path: string;
  /** As it lies there. */
  readonly bytes: number;
  readonly isGzip: boolean;
  readonly isZip: boolean;
}

export interface UserFiles {
  readonly isFolder: (path: string) => Promise<boolean>;
  readonly join: (folder: string, name: string) => string;
  readonly basename: (path: string) => string;
  /** Of the folder at `path`, without it. */
  readonly names: (path: string) => Promise<readonly string[]>;
  /** Throws InputError where no file is at `path`, but a folder or nothing. */
  readonly lookAt: (path: string) => Promise<UserFile>;
  /** The file's content, unpacked where it is gzipped. */
  readonly contentOf: (
    file: UserFile,
    signal: AbortSignal | undefined,
  ) => AsyncGenerator<Uint8Array, void>;
  readonly openZip: (path: string) => Promise<Zip>;
  /** What `work` makes of the file at `path`; where it cannot be read, an InputError says so. */
  readonly readable: <T>(path: string, work: () => Promise<T>) => Promise<T>;
  /** Throws InputError where there is no room for so many bytes. */
  readonly checkRoom: (bytes: number, what: string) => void;
  readonly sha256: Sha256;
  readonly hash: Hash;
}

export interface Zip {
  readonly bytes: number;
  readonly entries: () => AsyncIterable<ZipEntry>;
  readonly close: () => void;
}

/** A member, as the zip's directory tells it. */
export interface ZipEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Unpacked bytes; at their end an Error if their checksum is not the directory's. */
  readonly content: () => Promise<AsyncIterable<Uint8Array>>;
}

/** What such an error says. */
export const WRONG_CHECKSUM = "its checksum is not the one in the file";
