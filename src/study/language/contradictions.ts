// What a study may not say at once, though each of it alone is allowed.

import { ratesByKind } from "../../model/layer-rates.ts";
import { MODEL_PARTS } from "../../model/parts.ts";
import { exampleChoices, NEEDS_NAMED_STREAMS } from "../../model/trial.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import { NOTEBOOK_DATASET } from "../plans/notebook-order.ts";
import type { Study } from "../spec.ts";
import type { WrittenDataset } from "./dataset.ts";

/** A study as it is written, before what has its default is set or left out. */
type Written = Pick<Study, "model" | "sweep" | "streams"> & {
  readonly ask?: Study["ask"] | undefined;
  readonly measure?: Study["measure"] | undefined;
  readonly dataset: WrittenDataset;
  readonly training: Pick<
    Study["training"],
    "learning_rate" | "layer_rates" | "order" | "optimizer" | "batch"
  >;
  readonly search: { readonly width?: number | undefined };
};

export type Refuse = (path: readonly PropertyKey[], message: string) => void;

export function refuseContradictions(
  study: Written,
  questions: StudyCatalogue["questions"],
  refuse: Refuse,
): void {
  refuseWidths(study, refuse);
  refuseRates(study, refuse);
  refuseQuestions(study, questions, refuse);
  refuseMeasurements(study, refuse);
  const { fraction, examples } = study.dataset;
  if (fraction !== undefined && examples !== undefined)
    refuse(["dataset", "examples"], "give fraction or examples, not both");
  if (study.streams.kind === "notebook") refuseWhatNeedsNamedStreams(study, refuse);
}

function refuseWidths({ model, sweep, training, search }: Written, refuse: Refuse): void {
  const swept = sweep.width.length > 0;
  const used = model.hidden.includes("width");
  if (swept && !used)
    refuse(
      ["sweep", "width"],
      'no hidden layer has this width; write "width" into model.hidden or leave sweep out',
    );
  if (used && !swept)
    refuse(
      ["model", "hidden", model.hidden.indexOf("width")],
      '"width" stands for the swept width; list the widths as sweep.width',
    );
  const searches = training.learning_rate === "eta_star / 2";
  if (searches && !used && !swept && search.width !== undefined)
    refuse(
      ["search", "width"],
      "no hidden layer has this width; the search trains the layers of model.hidden as they are, so leave search.width out",
    );
}

function refuseRates({ model, training }: Written, refuse: Refuse): void {
  const { layer_rates, optimizer } = training;
  if (model.parametrization === "ntk" && optimizer?.kind === "adam")
    refuse(
      ["model", "parametrization"],
      "beside adam ntk would have another epsilon in each layer; take mup or standard, or sgd",
    );
  const layers = model.hidden.length + 1;
  for (const [kind, { length }] of Object.entries(ratesByKind(layer_rates, layers)))
    if (length !== layers)
      refuse(
        ["training", "layer_rates", ...(Array.isArray(layer_rates) ? [] : [kind])],
        `expected ${layers} factors, one a layer, got ${length}`,
      );
}

function refuseQuestions(
  { ask = [], training }: Written,
  questions: StudyCatalogue["questions"],
  refuse: Refuse,
): void {
  const search = ask.findIndex(({ name }) => questions[name].needs === "search");
  if (search >= 0 && training.learning_rate !== "eta_star / 2")
    refuse(
      ["ask", search],
      'this asks for the search of a learning rate; write training.learning_rate: "eta_star / 2" or leave it out',
    );
}

function refuseWhatNeedsNamedStreams({ model, dataset, training }: Written, refuse: Refuse): void {
  if (training.order !== undefined) refuse(["training", "order"], NEEDS_NAMED_STREAMS);
  if (training.batch === "full") refuse(["training", "batch"], NEEDS_NAMED_STREAMS);
  const { init, init_std, parametrization } = model;
  if (init !== undefined || Array.isArray(init_std)) refuse(["model", "init"], NEEDS_NAMED_STREAMS);
  else if (parametrization !== undefined) refuse(["model", "parametrization"], NEEDS_NAMED_STREAMS);
  // A data set that is read from a file is known once it is loaded.
  if (dataset.name !== undefined && dataset.name !== NOTEBOOK_DATASET)
    refuse(["dataset", "name"], NEEDS_NAMED_STREAMS);
  for (const choice of Object.keys(exampleChoices(dataset)))
    refuse(["dataset", choice], NEEDS_NAMED_STREAMS);
}

/** What no network of the study's has is not measured. */
function refuseMeasurements({ measure = [], model }: Written, refuse: Refuse): void {
  const at = measure.indexOf("dead units");
  if (at < 0) return;
  const { activation = MODEL_PARTS.activation.byDefault, hidden } = model;
  if (hidden.length === 0)
    refuse(["measure", at], "a network without hidden layers has no units; leave dead units out");
  else if (activation !== "relu")
    refuse(
      ["measure", at],
      `units of ${activation} are never at rest; leave dead units out, or take relu`,
    );
}
