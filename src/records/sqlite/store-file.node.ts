// A store's SQLite file: opened, refused or brought up to date, written in transactions. Knows no tables.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  statSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { InputError } from "../../errors.ts";
import { makeFolder } from "../../make-folder.node.ts";
import { fileFailure } from "./failures.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import type { Value, ValueRow } from "./values.ts";

/** Milliseconds that a write waits for another process's to end. */
const PATIENCE = 30_000;

export class StoreFile {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  private constructor(path: string, database: Database.Database) {
    this.path = path;
    this.#database = database;
  }

  /**
   * Opens the store at `path`, which is made where it is missing, with its folder.
   * Throws InputError where the path is that of something else or cannot be written, or the store is of a newer
   * widthwise; none of these is touched. Throws WidthwiseError where the store is damaged or the disk is full.
   */
  static open(path: string, migrations: readonly string[] = MIGRATIONS): StoreFile {
    try {
      makeFolder(dirname(path));
      refuseOtherFiles(path, migrations.length);
      // SQLite finds out itself, but not before it has made files beside it.
      if (existsSync(path)) accessSync(path, constants.W_OK);
      const file = new StoreFile(path, new Database(path, { timeout: PATIENCE }));
      OPENED.add(identity(statSync(path)));
      try {
        file.#prepare(migrations);
      } catch (error) {
        file.#database.close();
        throw error;
      }
      return file;
    } catch (error) {
      throw fileFailure(path, error);
    }
  }

  #prepare(migrations: readonly string[]): void {
    // Before anything is written, so that the file's first content is all of it or none.
    const isNew = () => this.#pragma("application_id") === 0 && this.#tables() === 0;
    if (!isNew()) refuse(this.path, this.#pragma("application_id"), this.#version, migrations);
    this.#database.exec(`
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA synchronous = FULL;
    `);
    // Also where nothing is to be brought up to date: it finds out whether the file can be written.
    this.transaction(() => {
      const version = isNew() ? 0 : this.#version;
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

  get #version(): number {
    return this.#pragma("user_version");
  }

  #tables(): number {
    return Number(this.get("SELECT count(*) AS tables FROM sqlite_schema")?.tables);
  }

  #pragma(name: string): number {
    return Number(this.get(`PRAGMA ${name}`)?.[name]);
  }

  /** The first row, or undefined. Text must be `selected`. */
  get(sql: string, ...parameters: readonly Value[] | readonly (Value | string)[]) {
    return this.all(sql, ...parameters).at(0);
  }

  all(sql: string, ...parameters: readonly (Value | string)[]): ValueRow[] {
    return this.#guarded(() => {
      // As one array: a single value that is an object would be taken for named ones.
      const rows = this.#statement(sql).all([...parameters]) as Record<string, unknown>[];
      for (const row of rows)
        for (const [column, value] of Object.entries(row))
          if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
      return rows as ValueRow[];
    });
  }

  run(sql: string, ...parameters: readonly (Value | string)[]): void {
    this.#guarded(() => this.#statement(sql).run([...parameters]));
  }

  /** All that `work` writes, or nothing of it; other processes write before or after. */
  transaction<Result>(work: () => Result): Result {
    return this.#guarded(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
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

  /** All that `work` reads is of one moment. */
  reading<Result>(work: () => Result): Result {
    return this.#guarded(() => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        // Damage may have ended the transaction already.
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      }
    });
  }

  /** Bytes of the file and of its write-ahead log. */
  get bytes(): number {
    return [this.path, `${this.path}-wal`].reduce(
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
    try {
      this.#database.pragma("wal_checkpoint(PASSIVE)");
    } catch {
      // Where the disk is full, what is kept stays in the log, and is read from there.
    }
    this.#database.close();
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }
}

/**
 * Files that this process has opened as stores, and may still have open: a closed one stays so until the driver's
 * statements are collected. Closing any other descriptor of such a file would end all locks that the process has on
 * it (POSIX), and other processes would take it for theirs alone.
 */
const OPENED = new Set<string>();

/** With the time of birth, since the number of a file that is gone is given to another one. */
function identity({ dev, ino, birthtimeMs }: Stats): string {
  return `${dev} ${ino} ${birthtimeMs}`;
}

/**
 * Refuses what is no store by its first bytes, before SQLite opens it: that alone may write beside or into a
 * database that another program has left.
 */
function refuseOtherFiles(path: string, newest: number): void {
  if (!existsSync(path)) return;
  const found = statSync(path);
  if (!found.isFile()) throw new InputError(`store ${path}: expected a file; name another one`);
  if (OPENED.has(identity(found))) return;
  // What a killed process has begun to write SQLite puts right when it opens the file.
  if (found.size === 0 || existsSync(`${path}-journal`)) return;
  const header = new DataView(new ArrayBuffer(100));
  const descriptor = openSync(path, "r");
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
    throw new InputError(
      `store ${path}: not a store of widthwise; name another file, which is made if it is missing`,
    );
  if (version > newest)
    throw new InputError(
      `store ${path}: it has schema ${version}; this widthwise knows up to ${newest}: update widthwise, or name another store`,
    );
}
