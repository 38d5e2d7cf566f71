// What a study may not say at once, though each of it alone is allowed.

import { enumerate } from "../../base/numbers.ts";
import { ratesByKind } from "../../model/layer-rates.ts";
import { MODEL_PARTS } from "../../model/parts.ts";
import { exampleChoices, NEEDS_NAMED_STREAMS, type StopRules } from "../../model/trial.ts";
import { needsOf, type AskedStudy, type Needs, type StudyCatalogue } from "../catalogue.ts";
import { NOTEBOOK_DATASET } from "../plans/notebook-order.ts";
import { needsSweep } from "../plans/study-plan.ts";
import type { Study } from "../spec.ts";
import type { WrittenDataset } from "./dataset.ts";

/** A study as it is written, before what has its default is set or left out. */
interface Written extends AskedStudy {
  readonly ask?: Study["ask"] | undefined;
  readonly stop?: Study["stop"] | undefined;
  readonly dataset: WrittenDataset;
  readonly training: Pick<
    Study["training"],
    "learning_rate" | "layer_rates" | "order" | "optimizer" | "batch" | "passes"
  >;
  readonly search: { readonly width?: number | undefined };
}

/** Whatever follows interpolation says nothing of whether a trial interpolates. */
export const STOP_OF_THRESHOLD: StopRules = { after_interpolation: 0 };

/** What neither sweeps widths nor needs them swept. */
const BESIDE_THRESHOLD: readonly Needs[] = ["threshold", "search"];

export type Refuse = (path: readonly PropertyKey[], message: string) => void;

export function refuseContradictions(
  study: Written,
  questions: StudyCatalogue["questions"],
  refuse: Refuse,
): void {
  const threshold =
    study.ask?.findIndex((one) => needsOf({ questions }, one) === "threshold") ?? -1;
  if (threshold >= 0) refuseBesideThreshold(study, threshold, questions, refuse);
  else refuseWidths(study, refuse);
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

/** `place`: that of the question in ask. */
function refuseBesideThreshold(
  { ask = [], model, sweep, streams, stop }: Written,
  place: number,
  questions: StudyCatalogue["questions"],
  refuse: Refuse,
): void {
  const { name } = ask[place];
  const settled: (readonly [path: readonly string[], why: string, instead?: string])[] = [
    ...(sweep.width.length > 0 ? [[["sweep", "width"], "finds the widths itself"] as const] : []),
    ...(streams.kind !== "notebook" && streams.seeds !== undefined
      ? [[["streams", "seeds"], "takes seeds 0, 1, … as it needs them", ", or give another study_seed"] as const] // prettier-ignore
      : []),
    ...(stop !== undefined && JSON.stringify(stop) !== JSON.stringify(STOP_OF_THRESHOLD)
      ? [[["stop"], "stops its trials once they interpolate"] as const]
      : []),
  ];
  if (settled.length > 0) {
    const paths = settled.map(([path]) => path.join("."));
    const instead = settled.map(([, , instead = ""]) => instead).join("");
    refuse(
      settled[0][0],
      `${name} ${enumerate(settled.map(([, why]) => why))}; leave ${enumerate(paths)} out${instead}`,
    );
  }
  if (!model.hidden.includes("width"))
    refuse(
      ["ask", place],
      `${name} searches a width, which no hidden layer has; write "width" into model.hidden`,
    );
  if (streams.kind === "notebook")
    refuse(["ask", place], `${name} needs named streams: write streams: {kind: named}`);
  const other = ask.findIndex((one) => !BESIDE_THRESHOLD.includes(needsOf({ questions }, one)));
  if (other >= 0)
    refuse(
      ["ask", other],
      `this is answered from a sweep, which ${name} takes the place of; ask it in a study of its own`,
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
  study: Written,
  questions: StudyCatalogue["questions"],
  refuse: Refuse,
): void {
  const { ask = [], training } = study;
  for (const [place, { name, ...settings }] of ask.entries()) {
    if (ask.findIndex((one) => one.name === name) < place)
      refuse(["ask", place], `${name} is asked twice; ask it once, or in a study of its own`);
    const lacking = questions[name].lacks?.(study, settings) ?? null;
    if (lacking !== null) refuse(["ask", place], `${name} ${lacking}`);
  }
  const isRefined = ask.some((one) => needsOf({ questions }, one) === "map");
  const beside = ask.findIndex((one) => needsSweep({ ask: [one] }, { questions }));
  if (isRefined && beside >= 0)
    refuse(
      ["ask", beside],
      "this is answered from a sweep, which a refined map takes the place of; ask it in a study of its own, or leave refine out",
    );
  const search = ask.findIndex((one) => needsOf({ questions }, one) === "search");
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
