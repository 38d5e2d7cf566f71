// The parts that a network and a training are made of, by kind: each kind's table, and the default where none is
// named. Defaults are left out of studies and specifications, so that keys and ids are what they were before there was a
// choice.

import type { Activation } from "./activations/activation.ts";
import * as activations from "./activations/table.ts";
import type { Objective } from "./objectives/objective.ts";
import * as objectives from "./objectives/table.ts";
import type { Order } from "./orders/order.ts";
import * as orders from "./orders/table.ts";

export interface Kind<Name extends string, Part> {
  readonly table: Readonly<Record<Name, Part>>;
  readonly byDefault: NoInfer<Name>;
}

/** A kind whose table's entries are all `Part`s. */
const of =
  <Part>() =>
  <Name extends string>(
    table: Readonly<Record<Name, Part>>,
    byDefault: NoInfer<Name>,
  ): Kind<Name, Part> => ({
    table,
    byDefault,
  });

/** Of `model` in a study and a specification. */
export const MODEL_PARTS = {
  activation: of<Activation>()(activations, "relu"),
};

/** Of `training` in a study and a specification. */
export const TRAINING_PARTS = {
  objective: of<Objective>()(objectives, "cross-entropy"),
  order: of<Order>()(orders, "with replacement"),
};

type Kinds = Readonly<Record<string, Kind<string, unknown>>>;

/** Names of parts; defaults are left out. */
export type PartNames<Of extends Kinds> = {
  readonly [K in keyof Of]?: keyof Of[K]["table"] & string;
};

/** The parts themselves. */
export type Parts<Of extends Kinds> = {
  readonly [K in keyof Of]: Of[K]["table"][Of[K]["byDefault"]];
};

/** The parts that `names` stand for. */
export function partsOf<Of extends Kinds>(kinds: Of, names: PartNames<Of>): Parts<Of> {
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, { table, byDefault }]) => [
      kind,
      table[names[kind] ?? byDefault],
    ]),
  ) as Parts<Of>;
}

/** The names of all parts of a kind, sorted: what stands in a table's file decides no order. */
export function allNames<Name extends string>({ table }: Kind<Name, unknown>): Name[] {
  return (Object.keys(table) as Name[]).sort();
}

/** Whether a name is that of its kind's default, and so left out. */
export function isDefault({ byDefault }: Kind<string, unknown>, name: string): boolean {
  return name === byDefault;
}

/** Which parts `value`, a study's or a specification's model or training, names. */
export function namesIn<Of extends Kinds>(kinds: Of, value: PartNames<Of>): PartNames<Of> {
  return Object.fromEntries(
    Object.keys(kinds).flatMap((kind) => (kind in value ? [[kind, value[kind]]] : [])),
  ) as PartNames<Of>;
}

/** `Value` whose optional fields may be undefined too. */
export type OrUndefined<Value> = {
  readonly [K in keyof Value]: undefined extends Value[K] ? Value[K] | undefined : Value[K];
};

/** `value` without what is undefined, and without the names of default parts. */
export function withoutDefaults<Value extends object>(
  kinds: Kinds,
  value: OrUndefined<Value>,
): Value {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, name]) => name !== undefined && !(key in kinds && kinds[key].byDefault === name),
    ),
  ) as Value;
}

/** What a network does to numbers beside multiplying and adding. */
export interface NetworkFunctions {
  readonly activation: Activation;
  readonly objective: Objective;
}

/** Those of a specification. */
export function functionsOf({
  model,
  training,
}: {
  readonly model: PartNames<typeof MODEL_PARTS>;
  readonly training: PartNames<typeof TRAINING_PARTS>;
}): NetworkFunctions {
  const { activation } = partsOf(MODEL_PARTS, model);
  const { objective } = partsOf(TRAINING_PARTS, training);
  return { activation, objective };
}

/** What the losses of a training are measured in. */
export function lossUnit(training: PartNames<typeof TRAINING_PARTS>): Objective["unit"] {
  return partsOf(TRAINING_PARTS, training).objective.unit;
}

export const DEFAULT_FUNCTIONS: NetworkFunctions = functionsOf({ model: {}, training: {} });
