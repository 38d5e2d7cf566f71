// Studies as rows, and rows as what they stand for. Every row that is read has its checksum checked, or Damage is thrown.

import type { Sha256 } from "../../base/sha256.ts";
import { checksum } from "../checksum.ts";
import type { Point } from "../point.ts";
import { ROLES, type DatasetFacts, type StudyFacts, type StudyTrial } from "../store.ts";
import { Damage } from "./damage.ts";
import { RowReader, selected, type Value, type ValueRow } from "./values.ts";

/** A row of `studies`. */
export interface StudyRow extends StudyFacts {
  readonly number: number;
}

/** The first schema that keeps the shape of a study's data set. */
const SHAPE_SINCE = 4;

export function studyColumns(schema: number): string {
  return selected(
    ...["number", "id", "name", "specification", "dataset_name", "dataset_digest"],
    ...["dataset_train_examples", "trials", "created", "finished", "fingerprint", "provenance"],
    ...["seal", ...(schema < SHAPE_SINCE ? [] : ["dataset_shape"])],
  );
}

/** Values in the order of the columns, without `number`. */
export function studyValues(study: StudyFacts, sha256: Sha256): (Value | string)[] {
  const { id, name, specification, dataset, size } = study;
  const { created, finished, fingerprint, provenance } = study;
  const values = [
    ...[id, name, specification, dataset.name, dataset.digest, dataset.train_examples, size],
    ...[created, finished, fingerprint, provenance],
  ];
  const shape = dataset.shape ? JSON.stringify(dataset.shape) : null;
  return [...values, checksum(sha256, ...values, ...ifAny(shape)), shape];
}

/** The row's checksum. */
export function studySeal(study: StudyFacts, sha256: Sha256): string {
  return String(studyValues(study, sha256).at(-2));
}

export function readStudy(row: ValueRow, sha256: Sha256): StudyRow {
  const reader = new RowReader(row, "its row");
  const shape = "dataset_shape" in row ? reader.textOrNull("dataset_shape") : null;
  const study: StudyFacts = {
    id: reader.text("id"),
    name: reader.text("name"),
    specification: reader.text("specification"),
    dataset: {
      name: reader.text("dataset_name"),
      digest: reader.text("dataset_digest"),
      train_examples: reader.count("dataset_train_examples"),
      ...(shape !== null && { shape: JSON.parse(shape) as NonNullable<DatasetFacts["shape"]> }),
    },
    size: reader.count("trials"),
    created: reader.text("created"),
    finished: reader.textOrNull("finished"),
    fingerprint: reader.textOrNull("fingerprint"),
    provenance: reader.textOrNull("provenance"),
  };
  if (studySeal(study, sha256) !== reader.text("seal")) throw new Damage("its row");
  return { ...study, number: reader.count("number") };
}

/** The first schema whose trials may have values on other axes than the width. */
const OTHERS_SINCE = 3;

export function studyTrialColumns(schema: number): string {
  const columns = ["position", "key", "passes", "role", "width", "seed", "seal"];
  return selected(...columns, ...(schema < OTHERS_SINCE ? [] : ["others"]));
}

/** All of a row of `study_trials` as one text; no two rows have the same. */
export function studyTrialText(schema: number): string {
  const numbers = ["position", "passes", "width", "seed"].map((column) => `quote(${column})`);
  const texts = ["key", "role", "seal", ...(schema < OTHERS_SINCE ? [] : ["others"])];
  return [...numbers, ...texts.map((column) => `iif(${column} IS NULL, '-', hex(${column}))`)].join(
    " || ',' || ",
  );
}

/** Values in the order of the columns. */
export function studyTrialValues(
  study: string,
  position: number,
  trial: StudyTrial,
  sha256: Sha256,
): (Value | string)[] {
  const { key, passes, role, point } = trial;
  const { width, ...rest } = point.values;
  const others = Object.keys(rest).length === 0 ? null : JSON.stringify(rest);
  const values = [position, key, passes, role, Number(width), point.seed];
  return [...values, checksum(sha256, study, ...values, ...ifAny(others)), others];
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
  const key = reader.text("key");
  const role = ROLES.find((one) => one === reader.text("role"));
  if (role === undefined) throw new Damage(what);
  const [passes, width] = [reader.count("passes"), reader.count("width")];
  const seed = reader.countOrNull("seed");
  const others = "others" in row ? reader.textOrNull("others") : null;
  const fields = [position, key, passes, role, width, seed, ...ifAny(others)];
  reader.verifyChecksum(sha256, study, ...fields);
  if (reader.count("position") !== position) throw new Damage(what);
  const rest = JSON.parse(others ?? "{}") as Point["values"];
  return { key, passes, role, point: { values: { width, ...rest }, seed } };
}

/** A checksum has it only where there is one, as that of rows which were written before. */
function ifAny(added: string | null): string[] {
  return added === null ? [] : [added];
}
