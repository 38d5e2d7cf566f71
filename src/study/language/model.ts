// The rules of a study's model.

import * as z from "zod";
import {
  chosen,
  expected,
  expectedNumber,
  kind,
  list,
  number,
  object,
  partNames,
} from "../../base/fields.ts";
import * as initializations from "../../model/initializations/table.ts";
import { MODEL_PARTS } from "../../model/parts.ts";
import { canonicalModel } from "../../model/trial.ts";
import { WIDTH_RULE, width } from "../axes.ts";
import type { Study } from "../spec.ts";

const deviation = number("a number from 0 to 1000", { minimum: 0, maximum: 1000 });
const deviations = list("a number from 0 to 1000, or a list of them", deviation);
const std = chosen<number | number[]>([deviation, deviations], (input) =>
  Array.isArray(input) ? deviations : deviation,
);

const NO_SETTINGS = {};
const init = kind({
  normal: { std },
  ...(Object.fromEntries(Object.keys(initializations).map((name) => [name, NO_SETTINGS])) as Record<
    keyof typeof initializations,
    typeof NO_SETTINGS
  >),
  torch: NO_SETTINGS,
});

export const model = object({
  hidden: list(
    'a list of positive integers or "width"',
    z.union([z.literal("width"), width], { error: expectedNumber(`${WIDTH_RULE} or "width"`) }),
  ),
  init_std: deviation.optional(),
  init: init.optional(),
  bias: z.boolean({ error: expected("true or false") }).default(true),
  ...partNames(MODEL_PARTS),
})
  .superRefine(({ hidden, init, init_std }, context) => {
    const issue = (path: string[], message: string) => {
      context.addIssue({ code: "custom", path, message });
    };
    if (init === undefined && init_std === undefined)
      issue(["init_std"], "missing; expected a number from 0 to 1000, or init");
    if (init !== undefined && init_std !== undefined)
      issue(["init_std"], "give init or init_std, not both");
    const layers = hidden.length + 1;
    if (init?.kind === "normal" && Array.isArray(init.std) && init.std.length !== layers)
      issue(["init", "std"], `expected ${layers} numbers, one a layer, got ${init.std.length}`);
  })
  .transform(({ init, init_std, bias, ...model }) =>
    canonicalModel<Study["model"]>({
      ...model,
      init_std: init?.kind === "normal" ? init.std : init_std,
      init: init?.kind === "normal" ? undefined : init?.kind,
      bias: bias ? undefined : bias,
    }),
  );
