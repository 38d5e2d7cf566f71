// The tables of a store, as the steps that made them what they are: a `seal` is a row's checksum, `stretches` are sittings. docs/records.md describes them.

/** In the file's header: "wdth". What has another one is no store. */
export const APPLICATION_ID = 0x77647468;

/** Step n brings a store of schema n to schema n + 1. What has been released is never changed: add a step. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE trials (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    specification TEXT NOT NULL,
    passes INTEGER NOT NULL,
    diverged_pass INTEGER,
    diverged_step INTEGER,
    train_examples INTEGER NOT NULL,
    test_examples INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    seal TEXT NOT NULL
  ) STRICT;

  CREATE TABLE evaluations (
    trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
    pass INTEGER NOT NULL,
    train_objective REAL,
    train_correct INTEGER NOT NULL,
    test_objective REAL,
    test_correct INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    averages BLOB NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (trial, pass)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
    pass INTEGER NOT NULL,
    sizes TEXT NOT NULL,
    parameters BLOB NOT NULL,
    generator BLOB NOT NULL,
    average REAL,
    seal TEXT NOT NULL,
    PRIMARY KEY (trial, pass)
  ) STRICT;

  CREATE TABLE stretches (
    trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
    from_pass INTEGER NOT NULL,
    to_pass INTEGER NOT NULL,
    seconds REAL NOT NULL,
    machine TEXT NOT NULL,
    versions TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (trial, from_pass)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE studies (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    specification TEXT NOT NULL,
    dataset_name TEXT NOT NULL,
    dataset_digest TEXT NOT NULL,
    dataset_train_examples INTEGER NOT NULL,
    trials INTEGER NOT NULL,
    created TEXT NOT NULL,
    finished TEXT,
    fingerprint TEXT,
    provenance TEXT,
    seal TEXT NOT NULL
  ) STRICT;

  CREATE TABLE study_trials (
    study INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    passes INTEGER NOT NULL,
    role TEXT NOT NULL,
    width INTEGER NOT NULL,
    seed INTEGER,
    seal TEXT NOT NULL,
    PRIMARY KEY (study, position)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX study_trials_by_key ON study_trials (key, passes);
  `,
  // What has been kept and not been removed by this program: rows that vanish as a whole are missed by it.
  `
  CREATE TABLE totals (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    studies INTEGER NOT NULL,
    trials INTEGER NOT NULL,
    snapshots INTEGER NOT NULL
  ) STRICT;

  INSERT INTO totals SELECT 1,
    (SELECT count(*) FROM studies), (SELECT count(*) FROM trials), (SELECT count(*) FROM snapshots);
  `,
  // A trial's values on other axes than the width, as JSON; null for none.
  `
  ALTER TABLE study_trials ADD COLUMN others TEXT;
  `,
  // Inputs and classes of a study's data set, as JSON; null where they were not kept.
  `
  ALTER TABLE studies ADD COLUMN dataset_shape TEXT;
  `,
  // Rows of trials that were trained whole (packed-rows.ts); those of later passes follow in evaluations.
  `
  CREATE TABLE trajectories (
    trial INTEGER PRIMARY KEY REFERENCES trials ON DELETE CASCADE,
    passes INTEGER NOT NULL,
    rows BLOB NOT NULL,
    seal TEXT NOT NULL
  ) STRICT;
  `,
  // Initial parameters that nothing draws, under their digest, which is their checksum.
  `
  CREATE TABLE given (
    digest TEXT PRIMARY KEY,
    parameters BLOB NOT NULL
  ) STRICT;
  `,
  // What was measured at a trial's passes.
  `
  CREATE TABLE measurements (
    trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
    pass INTEGER NOT NULL,
    measurement TEXT NOT NULL,
    version INTEGER NOT NULL,
    numbers BLOB NOT NULL,
    digest TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (trial, pass, measurement, version)
  ) STRICT;
  `,
];

/** The first schema that has a table; an older store may be read as it is. */
const since = (table: string) =>
  1 + MIGRATIONS.findIndex((step) => step.includes(`CREATE TABLE ${table} (`));

export const PACKED_SINCE = since("trajectories");
export const GIVEN_SINCE = since("given");
export const MEASURED_SINCE = since("measurements");
