// Studies as rows, and rows as what they stand for. Every row that is read has its checksum checked, or Damage is thrown.

import type { Sha256 } from "../../base/sha256.ts";
import { checksum } from "../checksum.ts";
import type { StudyFacts, StudyTrial } from "../store.ts";
import { Damage } from "./damage.ts";
import { RowReader, selected, type Value, type ValueRow } from "./values.ts";

/** A row of `studies`. */
export interface StudyRow extends StudyFacts {
  readonly number: number;
}

export const STUDY_COLUMNS = selected(
  ...["number", "id", "name", "specification", "dataset_name", "dataset_digest"],
  ...[
    "dataset_train_examples",
    "trials",
    "created",
    "finished",
    "fingerprint",
    "provenance",
    "seal",
  ],
);

/** Values in the order of the columns, without `number`. */
export function studyValues(study: StudyFacts, sha256: Sha256): (Value | string)[] {
  const { id, name, specification, dataset, size } = study;
  const { created, finished, fingerprint, provenance } = study;
  const values = [
    ...[id, name, specification, dataset.name, dataset.digest, dataset.train_examples, size],
    ...[created, finished, fingerprint, provenance],
  ];
  return [...values, checksum(sha256, ...values)];
}

export function readStudy(row: ValueRow, sha256: Sha256): StudyRow {
  const reader = new RowReader(row, "its row");
  const study: StudyFacts = {
    id: reader.text("id"),
    name: reader.text("name"),
    specification: reader.text("specification"),
    dataset: {
      name: reader.text("dataset_name"),
      digest: reader.text("dataset_digest"),
      train_examples: reader.count("dataset_train_examples"),
    },
    size: reader.count("trials"),
    created: reader.text("created"),
    finished: reader.textOrNull("finished"),
    fingerprint: reader.textOrNull("fingerprint"),
    provenance: reader.textOrNull("provenance"),
  };
  if (studyValues(study, sha256).at(-1) !== reader.text("seal")) throw new Damage("its row");
  return { ...study, number: reader.count("number") };
}

export const STUDY_TRIAL_COLUMNS = selected(
  ...["position", "key", "passes", "role", "width", "seed", "seal"],
);

/** Values in the order of the columns. */
export function studyTrialValues(
  study: string,
  position: number,
  { key, passes, role, width, seed }: StudyTrial,
  sha256: Sha256,
): (Value | string)[] {
  const values = [position, key, passes, role, width, seed];
  return [...values, checksum(sha256, study, ...values)];
}

/** The trial at `position`, which the row must be of. */
export function readStudyTrial(
  row: ValueRow,
  study: string,
  position: number,
  sha256: Sha256,
): StudyTrial {
  const what = `its trial ${position + 1}`;
  const reader = new RowReader(row, what);
  const role = reader.text("role");
  if (role !== "search" && role !== "sweep") throw new Damage(what);
  const trial: StudyTrial = {
    key: reader.text("key"),
    passes: reader.count("passes"),
    role,
    width: reader.count("width"),
    seed: reader.countOrNull("seed"),
  };
  reader.verifyChecksum(
    sha256,
    study,
    position,
    trial.key,
    trial.passes,
    role,
    trial.width,
    trial.seed,
  );
  if (reader.count("position") !== position) throw new Damage(what);
  return trial;
}
