// The rules of a study as JSON Schema, for editors that complete and check while one writes.

import * as z from "zod";
import { alternatives } from "../../base/fields.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import { study } from "./schema.ts";

/** Of studies that name what is in `catalogue`. What two keys may not say at once it does not tell. */
export function studyJsonSchema(catalogue: StudyCatalogue): object {
  const schema = z.toJSONSchema(study(catalogue), OPTIONS);
  return { ...schema, title: "A study of widthwise" };
}

const OPTIONS: Parameters<typeof z.toJSONSchema>[1] = {
  io: "input",
  unrepresentable: "any",
  override({ zodSchema, jsonSchema }) {
    const of = alternatives.get(zodSchema);
    if (of === undefined) return;
    jsonSchema.anyOf = of.map((one) => {
      const inner = z.toJSONSchema(one, OPTIONS);
      delete inner.$schema;
      return inner;
    });
  },
};
