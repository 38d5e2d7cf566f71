// What a study says of its layers by name, resolved into numbers for each of them.

import { InputError } from "../../base/errors.ts";
import { deviations, type Initialization } from "../../model/initializations/initialization.ts";
import * as initializations from "../../model/initializations/table.ts";
import { ratesByKind, type LayerRates } from "../../model/layer-rates.ts";
import type { Shape } from "../../model/network.ts";
import { mup } from "../../model/parametrizations/mup.ts";
import { ntk } from "../../model/parametrizations/ntk.ts";
import type { Parametrization } from "../../model/parametrizations/parametrization.ts";
import type { Study } from "../spec.ts";

type OrUndefined<Value> = { [Key in keyof Value]-?: Value[Key] | undefined };

/** The initialization of a study's network of this shape. Throws InputError where its file has not been read. */
export function initializationOf(
  { init, init_std, parametrization }: Study["model"],
  shape: Shape,
): OrUndefined<Initialization> {
  if (typeof init === "object") {
    const { path, parameters } = init;
    if (parameters === undefined)
      throw new InputError(`model.init: ${path} has not been read; hand the study to withGiven`);
    return { init: { parameters }, init_std };
  }
  const scaling = scalingOf(parametrization);
  if (init === "torch") return { init, init_std };
  const std =
    init === undefined
      ? init_std
      : deviations(initializations[init], scaling?.base(shape) ?? shape);
  if (scaling === null || std === undefined) return { init: undefined, init_std: std };
  const layers = Array.from({ length: shape.hidden.length + 1 }, (_, layer) => layer);
  return {
    init: undefined,
    init_std: layers.map((layer) =>
      scaling.deviation(typeof std === "object" ? std[layer] : std, shape, layer),
    ),
  };
}

/** Its factors on the learning rate: the parametrization's times those that the study gives. */
export function layerRatesOf({ model, training }: Study, shape: Shape): LayerRates | undefined {
  const scaling = scalingOf(model.parametrization);
  if (scaling === null) return training.layer_rates;
  const given = ratesByKind(training.layer_rates, shape.hidden.length + 1);
  const { kind: optimizer = "sgd" } = training.optimizer ?? {};
  const times = (kind: keyof typeof given) =>
    given[kind].map((factor, layer) => factor * scaling.rates(shape, layer, optimizer)[kind]);
  return { weights: times("weights"), biases: times("biases") };
}

function scalingOf(parametrization: Study["model"]["parametrization"]): Parametrization | null {
  if (parametrization === undefined) return null;
  return parametrization === "ntk" ? ntk : mup(parametrization);
}
