// The rules of a study as JSON Schema, for editors that complete and check while one writes.

import { jsonSchema } from "../../base/fields.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import { writtenStudy } from "./schema.ts";

/** Of studies that name what is in `catalogue`. What two keys may not say at once it does not tell. */
export function studyJsonSchema(catalogue: StudyCatalogue): object {
  const schema = jsonSchema(writtenStudy(catalogue));
  return { ...schema, title: "A study of widthwise" };
}
