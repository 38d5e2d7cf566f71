// A store's SQLite file: opened, refused or brought up to date, written in transactions. Knows no tables.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statfsSync,
  statSync,
  type Stats,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { makeFolder, unmakeFolders } from "../../base/make-folder.node.ts";
import { hasTooManyFiles, tooManyFiles } from "../../base/open-files.node.ts";
import { fileFailure } from "./failures.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import type { Value, ValueRow } from "./values.ts";

/** Milliseconds that a write waits for another process's to end. */
const PATIENCE = 30_000;

/** Links that may follow each other to a file, as on Linux. */
const MAX_LINKS = 40;

export class StoreFile {
  /** As the user gave it. */
  readonly path: string;
  /** The file itself: two names of it are one store. */
  readonly real: string;
  readonly isReadOnly: boolean;
  readonly #database: Database.Database;
  readonly #identity: string;
  readonly #statements = new Map<string, Database.Statement>();
  /** Of which one row is asked: after `all` of the same statement, or a failure, the driver would give an older row. */
  readonly #single = new Map<string, Database.Statement>();

  private constructor(path: string, real: string, database: Database.Database, isReadOnly = false) {
    this.path = path;
    this.real = real;
    this.isReadOnly = isReadOnly;
    this.#database = database;
    const stats = statSync(real);
    this.#identity = fileOf(stats);
    OPENED.add(identity(stats));
  }

  /**
   * Opens the store at `path`, which is made where it is missing, with its folder.
   * Throws InputError where the path is that of something else or cannot be written, or the store is of a newer
   * widthwise; none of these is touched. Throws WidthwiseError where the store is damaged or the disk is full.
   */
  static open(path: string, migrations: readonly string[] = MIGRATIONS): StoreFile {
    let made: string[] = [];
    try {
      const real = followed(path);
      made = makeFolder(dirname(real));
      refuseOtherFiles(path, real, migrations.length);
      // SQLite finds out itself, but not before it has made files beside it.
      if (existsSync(real)) accessSync(real, constants.W_OK);
      const file = new StoreFile(path, real, new Database(real, { timeout: PATIENCE }));
      try {
        file.#prepare(migrations);
      } catch (error) {
        file.#database.close();
        throw error;
      }
      return file;
    } catch (error) {
      unmakeFolders(made);
      throw failure(path, error);
    }
  }

  /**
   * Opens the store at `path` as `open` does, or, where file or folder cannot be written, for reading alone.
   * Throws InputError also where such a store cannot be read because of what lies beside it.
   */
  static openToRead(path: string, migrations: readonly string[] = MIGRATIONS): StoreFile {
    try {
      const real = followed(path);
      if (!existsSync(real) || isWritable(real)) return StoreFile.open(path, migrations);
    } catch (error) {
      throw failure(path, error);
    }
    return StoreFile.openUntouched(path, migrations);
  }

  /** Opens the store at `path` for reading alone, as whoever writes it has left it. Throws as `openToRead`, and InputError where there is none. */
  static openUntouched(path: string, migrations: readonly string[] = MIGRATIONS): StoreFile {
    try {
      const real = followed(path);
      if (!existsSync(real)) throw new InputError(`store ${path}: there is no such file`);
      refuseOtherFiles(path, real, migrations.length);
      const file = new StoreFile(path, real, openReadOnly(path, real), true);
      file.#database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
      refuse(path, file.#pragma("application_id"), file.version, migrations);
      return file;
    } catch (error) {
      throw failure(path, error);
    }
  }

  #prepare(migrations: readonly string[]): void {
    // Before anything is written, so that the file's first content is all of it or none.
    const isNew = () => this.#pragma("application_id") === 0 && this.#tables() === 0;
    if (!isNew()) refuse(this.path, this.#pragma("application_id"), this.version, migrations);
    this.#database.exec(`
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA synchronous = FULL;
    `);
    // Also where nothing is to be brought up to date: it finds out whether the file can be written.
    this.transaction(() => {
      const version = isNew() ? 0 : this.version;
      refuse(this.path, APPLICATION_ID, version, migrations);
      if (version === migrations.length) return;
      for (const migration of migrations.slice(version)) this.#database.exec(migration);
      this.#database.exec(`
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA user_version = ${migrations.length};
      `);
    });
    this.#database.pragma("journal_mode = WAL");
  }

  /** Of the schema. */
  get version(): number {
    return this.#pragma("user_version");
  }

  #tables(): number {
    return Number(this.get("SELECT count(*) AS tables FROM sqlite_schema")?.tables);
  }

  #pragma(name: string): number {
    return Number(this.get(`PRAGMA ${name}`)?.[name]);
  }

  /** The first row, or undefined. Text must be `selected`. Far cheaper than `all`, in time and in what it leaves behind. */
  get(sql: string, ...parameters: readonly (Value | string)[]): ValueRow | undefined {
    return this.#guarded(() => {
      const row = this.#statement(sql, this.#single).get([...parameters]);
      return row === undefined ? undefined : withBytes(row as Record<string, unknown>);
    });
  }

  all(sql: string, ...parameters: readonly (Value | string)[]): ValueRow[] {
    return this.#guarded(() => {
      // As one array: a single value that is an object would be taken for named ones.
      const rows = this.#statement(sql).all([...parameters]) as Record<string, unknown>[];
      return rows.map(withBytes);
    });
  }

  /** Returns the number of rows that were added, changed or deleted; those that a rule takes along do not count. */
  run(sql: string, ...parameters: readonly (Value | string)[]): number {
    return this.#guarded(() => this.#statement(sql).run([...parameters]).changes);
  }

  /**
   * All that `work` writes, or nothing of it; other processes write before or after.
   * Throws WidthwiseError where the file does not lie at its path any more: what was written would be gone with it.
   */
  transaction<Result>(work: () => Result): Result {
    return this.#guarded(() => {
      if (this.isReadOnly)
        throw new InputError(
          `store ${this.path}: it cannot be written; name another one with --store`,
        );
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        this.#refuseLost();
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // A failure such as a full disk may have ended the transaction already.
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #refuseLost(): void {
    const found = statSync(this.real, { throwIfNoEntry: false });
    if (found !== undefined && fileOf(found) === this.#identity) return;
    const what = found === undefined ? "was removed" : "was replaced by another one";
    throw new WidthwiseError(
      `store ${this.path}: its file ${what} while it was used, so what this process trained is not kept; run again`,
    );
  }

  /** All that `work` reads is of one moment. */
  reading<Result>(work: () => Result): Result {
    return this.#guarded(() => {
      if (!this.#database.open)
        throw new WidthwiseError(
          `store ${this.path}: it is closed; look at what it gave before it is closed`,
        );
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        // Damage may have ended the transaction already.
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      }
    });
  }

  /** Whether SQLite finds all of the file's pages there and in order. */
  get isWhole(): boolean {
    const sql = "SELECT count(*) AS wrong FROM pragma_quick_check(1) WHERE quick_check <> 'ok'";
    return this.get(sql)?.wrong === 0;
  }

  /** Bytes of the file and of its write-ahead log. */
  get bytes(): number {
    return [this.real, `${this.real}-wal`].reduce(
      (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  /** Writes the file anew without the gaps of what was deleted. */
  compact(): void {
    this.#guarded(() => {
      this.#database.exec("VACUUM");
      this.#database.pragma("wal_checkpoint(TRUNCATE)");
    });
  }

  /** Leaves the file whole without its write-ahead log, unless others are using that. */
  close(): void {
    this.#statements.clear();
    this.#single.clear();
    try {
      this.#database.pragma("wal_checkpoint(PASSIVE)");
    } catch {
      // Where the disk is full, what is kept stays in the log, and is read from there.
    }
    this.#database.close();
  }

  #statement(sql: string, prepared = this.#statements): Database.Statement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      this.#single.clear();
      throw failure(this.path, error);
    }
  }
}

function withBytes(row: Record<string, unknown>): ValueRow {
  for (const [column, value] of Object.entries(row))
    if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
  return row as ValueRow;
}

/** Bytes by which the index of the log grows. */
const INDEX_BYTES = 32_768;

/** Of an index that cannot grow SQLite does not say why: on a disk without room for it, that is why. */
function explained(path: string, error: unknown): unknown {
  if ((error as { code?: unknown } | null)?.code !== "SQLITE_IOERR_SHMSIZE") return error;
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize >= INDEX_BYTES) return error;
  return Object.assign(new Error("no room for the log's index", { cause: error }), {
    code: "SQLITE_FULL",
  });
}

function failure(path: string, error: unknown): unknown {
  const told = fileFailure(path, explained(path, error));
  return told !== error && hasTooManyFiles() ? tooManyFiles(error) : told;
}

/**
 * The file that a path means, which need not be there. Throws InputError where the path is an address of another
 * kind, all of which the driver knows.
 */
function followed(path: string): string {
  if (path === "" || path === ":memory:" || /^(file:|[a-z][a-z\d+.-]+:\/\/)/i.test(path))
    throw new InputError(`store "${path}": expected the path of a file; name one with --store`);
  if (/[/\\]$/.test(path))
    throw new InputError(`store ${path}: expected a file, got a folder; name a file in it`);
  let file = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
    file = resolve(realpathSync(dirname(file)), readlinkSync(file));
  }
  throw new InputError(`store ${path}: its links lead in a circle; name another one with --store`);
}

/** Whether SQLite can write the file and its log, which lies beside it. */
function isWritable(file: string): boolean {
  try {
    for (const path of [file, dirname(file)]) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function openReadOnly(path: string, real: string): Database.Database {
  const log = statSync(`${real}-wal`, { throwIfNoEntry: false });
  // Without a log nobody writes to it: SQLite needs no files beside it to tell others that it reads.
  const isAlone = log === undefined || log.size === 0;
  const address = `${pathToFileURL(real).href}?mode=ro${isAlone ? "&immutable=1" : ""}`;
  try {
    const database = new Database(address, { timeout: PATIENCE });
    database.prepare("SELECT count(*) FROM sqlite_schema").all([]);
    return database;
  } catch (error) {
    const told = fileFailure(path, error);
    if (isAlone || !(told instanceof InputError)) throw error;
    throw new InputError(
      `store ${path}: its newest content is in ${path}-wal, which cannot be read where nothing may be written; copy both files to a folder of yours, and name that store`,
      { cause: error },
    );
  }
}

/**
 * Files that this process has opened as stores, and may still have open: a closed one stays so until the driver's
 * statements are collected. Closing any other descriptor of such a file would end all locks that the process has on
 * it (POSIX), and other processes would take it for theirs alone.
 */
const OPENED = new Set<string>();

/** What tells a file from another one that is there at the same time. */
function fileOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`;
}

/** With the time of birth, since the number of a file that is gone is given to another one. */
function identity(stats: Stats): string {
  return `${fileOf(stats)} ${stats.birthtimeMs}`;
}

/**
 * Refuses what is no store by its first bytes, before SQLite opens it: that alone may write beside or into a
 * database that another program has left.
 */
function refuseOtherFiles(path: string, real: string, newest: number): void {
  if (!existsSync(real)) return;
  const found = statSync(real);
  if (!found.isFile()) throw new InputError(`store ${path}: expected a file; name another one`);
  if (OPENED.has(identity(found))) return;
  // What a killed process has begun to write SQLite puts right when it opens the file.
  if (found.size === 0 || existsSync(`${real}-journal`)) return;
  const header = new DataView(new ArrayBuffer(100));
  const descriptor = openSync(real, "r");
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  const magic = new TextDecoder("latin1").decode(header.buffer.slice(0, 16));
  if (magic !== "SQLite format 3\0") refuse(path, -1, 0, []);
  const pageSize = header.getUint16(16) === 1 ? 65_536 : header.getUint16(16);
  const applicationId = header.getUint32(68);
  // A database without any table is one page.
  if (applicationId === 0 && found.size <= pageSize) return;
  refuse(path, applicationId, header.getUint32(60), { length: newest });
}

function refuse(
  path: string,
  applicationId: number,
  version: number,
  { length: newest }: { readonly length: number },
): void {
  if (applicationId !== APPLICATION_ID)
    throw new InputError(`store ${path}: not a store of widthwise; name another file`);
  if (version > newest)
    throw new InputError(
      `store ${path}: it has schema ${version}; this widthwise knows up to ${newest}: update widthwise, or name another store`,
    );
}
