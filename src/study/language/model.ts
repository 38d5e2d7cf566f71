// The rules of a study's model.

import * as z from "zod";
import {
  chosen,
  expected,
  expectedNumber,
  isMapping,
  kind,
  list,
  number,
  object,
  partNames,
} from "../../base/fields.ts";
import * as initializations from "../../model/initializations/table.ts";
import type { LayerRates } from "../../model/layer-rates.ts";
import { MODEL_PARTS } from "../../model/parts.ts";
import { canonicalModel } from "../../model/trial.ts";
import type { Study } from "../spec.ts";
import { WIDTH_RULE, width } from "./width.ts";

const deviation = number("a number from 0 to 1000", { minimum: 0, maximum: 1000 });
const deviations = list("a number from 0 to 1000, or a list of them", deviation);
const std = chosen<number | number[]>([deviation, deviations], (input) =>
  Array.isArray(input) ? deviations : deviation,
);

const NO_SETTINGS = {};
const INIT = kind({
  normal: { std },
  ...(Object.fromEntries(Object.keys(initializations).map((name) => [name, NO_SETTINGS])) as Record<
    keyof typeof initializations,
    typeof NO_SETTINGS
  >),
  torch: NO_SETTINGS,
  file: {
    path: z.string({ error: expected("a path") }).min(1, { error: expected("a path") }),
    parameters: z
      .string({ error: expected("64 hex digits") })
      .regex(/^[0-9a-f]{64}$/, { error: expected("64 hex digits") })
      .optional(),
  },
});

/** Factors on the learning rate. */
const factors = list(
  "a list of numbers, one a layer",
  number("a number from 0 to 1e6", { minimum: 0, maximum: 1e6 }),
);
const factorsByKind = object({ weights: factors, biases: factors });

/** Of weights and biases alike, or of each. */
export const layerRates = chosen<LayerRates>([factors, factorsByKind], (input) =>
  isMapping(input) ? factorsByKind : factors,
);

const PARAMETRIZATION = kind({
  standard: NO_SETTINGS,
  ntk: NO_SETTINGS,
  mup: { base_width: width },
});

export const model = object({
  hidden: list(
    'a list of positive integers or "width"',
    z.union([z.literal("width"), width], { error: expectedNumber(`${WIDTH_RULE} or "width"`) }),
  ),
  init_std: deviation.optional(),
  init: INIT.optional(),
  bias: z.boolean({ error: expected("true or false") }).default(true),
  parametrization: PARAMETRIZATION.optional(),
  ...partNames(MODEL_PARTS),
})
  .superRefine(({ hidden, init, init_std, parametrization }, context) => {
    const issue = (path: string[], message: string) => {
      context.addIssue({ code: "custom", path, message });
    };
    if (init === undefined && init_std === undefined)
      issue(["init_std"], "missing; expected a number from 0 to 1000, or init");
    if (init !== undefined && init_std !== undefined)
      issue(["init_std"], "give init or init_std, not both");
    const scaled = parametrization !== undefined && parametrization.kind !== "standard";
    if (scaled && init?.kind === "torch")
      issue(["init"], `torch's weights have no deviation that ${parametrization.kind} could scale`);
    if (
      parametrization?.kind === "mup" &&
      (hidden.length === 0 || hidden.some((layer) => layer !== "width"))
    )
      issue(["hidden"], 'mup scales with the swept width: every hidden layer must be "width"');
    if (scaled && init?.kind === "file")
      issue(
        ["init"],
        `a file's weights have no deviation that ${parametrization.kind} could scale`,
      );
    const layers = hidden.length + 1;
    if (init?.kind === "normal" && Array.isArray(init.std) && init.std.length !== layers)
      issue(["init", "std"], `expected ${layers} numbers, one a layer, got ${init.std.length}`);
  })
  .transform(({ init, init_std, bias, parametrization, ...model }) =>
    canonicalModel<Study["model"]>({
      ...model,
      init_std: init?.kind === "normal" ? init.std : init_std,
      init: init === undefined ? undefined : namedInit(init),
      bias: bias ? undefined : bias,
      parametrization: withoutStandard(parametrization),
    }),
  );

function namedInit(init: z.output<typeof INIT>): Study["model"]["init"] {
  if (init.kind !== "file") return init.kind === "normal" ? undefined : init.kind;
  const { parameters, ...file } = init;
  return { ...file, ...(parameters !== undefined && { parameters }) };
}

function withoutStandard(
  parametrization: z.output<typeof PARAMETRIZATION> | undefined,
): Study["model"]["parametrization"] {
  if (parametrization === undefined || parametrization.kind === "standard") return undefined;
  return parametrization.kind === "ntk" ? "ntk" : parametrization;
}
