// How a study trains, where it says more than the homework does, in words.

import { isMapping } from "../base/fields.ts";
import { overlap, stepsOf } from "../study/axes/paths.ts";
import { shown } from "../study/axes/axes.ts";
import type { AxisValue, Study } from "../study/spec.ts";

/** What every report says in words of its own. */
const TOLD = ["hidden", "init_std", "learning_rate", "passes"];

/** "activation tanh, batch 32, optimizer sgd (momentum 0.9)"; null where there is nothing to say. What is swept is left out. */
export function trainingWords({ model, training, sweep }: Study): string | null {
  const swept = Object.keys(sweep.paths ?? {}).map((path) => stepsOf(path) ?? []);
  const told = Object.entries({ model, training }).flatMap(([section, fields]) =>
    Object.entries(fields).filter(
      ([key, value]) =>
        !TOLD.includes(key) &&
        !(key === "regularization" && value === 0) &&
        !swept.some((steps) => overlap([section, key], steps)),
    ),
  );
  if (told.length === 0) return null;
  return told
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${settingWords(value as AxisValue)}`)
    .join(", ");
}

/** "sgd (momentum 0.9)" of a mapping that says which it is, else as YAML has it in a line. */
function settingWords(value: AxisValue): string {
  if (!isMapping(value) || typeof value.kind !== "string") return String(shown(value));
  const { kind, ...rest } = value;
  const settings = Object.entries(rest).filter(([, one]) => one !== undefined);
  if (settings.length === 0) return kind;
  const words = settings.map(
    ([key, one]) => `${key.replaceAll("_", " ")} ${String(shown(one as AxisValue))}`,
  );
  return `${kind} (${words.join(", ")})`;
}
