// The parts of a network and of its training as a table has them: a part's name, or JSON of it where it has settings
// beside those by default.

import { MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import type { TrialSpecification } from "../model/trial.ts";

/** null where it does not apply. */
type Told = (specification: TrialSpecification) => string | null;

const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export const PARTS: Readonly<Record<string, Told>> = {
  activation: ({ model: { hidden, activation = MODEL_PARTS.activation.byDefault } }) =>
    hidden.length === 0 ? null : activation,
  objective: ({ training: { objective = TRAINING_PARTS.objective.byDefault } }) => objective,
  optimizer({ training: { optimizer } }) {
    if (optimizer === undefined) return "sgd";
    if (optimizer.kind === "sgd") {
      const { kind, nesterov } = optimizer;
      return named(kind, nesterov === undefined ? {} : { nesterov });
    }
    const { kind, ...settings } = optimizer;
    return named(kind, withoutDefaults(settings, ADAM_DEFAULTS));
  },
  order: ({ training: { order = TRAINING_PARTS.order.byDefault } }) => order,
  schedule({ training: { schedule } }) {
    if (schedule === undefined) return "constant";
    const { kind, ...settings } = schedule;
    return named(kind, settings);
  },
  init({ model: { init, init_std } }) {
    if (typeof init === "object") return named("file", init);
    return init ?? named("normal", typeof init_std === "object" ? { std: init_std } : {});
  },
  layer_rates: ({ training: { layer_rates } }) => jsonOrNull(layer_rates),
  label_noise({ data: { label_noise } }) {
    if (label_noise === undefined) return "0";
    return "share" in label_noise ? String(label_noise.share) : JSON.stringify(label_noise);
  },
  part: ({ data: { part } }) => jsonOrNull(part),
};

function named(kind: string, settings: object): string {
  return Object.keys(settings).length === 0 ? kind : JSON.stringify({ kind, ...settings });
}

function withoutDefaults(settings: object, defaults: Readonly<Record<string, unknown>>): object {
  const isTold = ([name, value]: [string, unknown]) => defaults[name] !== value;
  return Object.fromEntries(Object.entries(settings).filter(isTold));
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
