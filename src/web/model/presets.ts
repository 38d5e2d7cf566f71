// The studies that the page offers to begin with; the first that it has the data of is there on a first visit.

import type { Edit } from "../map/zoom.ts";
import { datasetsBeside } from "./place.ts";

interface Preset {
  readonly title: string;
  readonly text: string;
  /** The data set whose files it needs. */
  readonly needs?: string;
}

const HOMEWORK = `name: homework-small
question: Which width learns its training images by heart, and after how many passes?
dataset:
  name: fashion-mnist
  examples: 600 # the homework has 6000
model:
  hidden: [width]
  init_std: 0.01
training:
  learning_rate: eta_star / 2 # half of the largest that converges
  passes: 40
search: {width: 32, factor: 0.5}
sweep:
  width: [8, 32, 128]
streams:
  seeds: [0]
`;

const BY_HEART = "Which width learns its training examples by heart, and after how many passes?";

const FIRST = `name: first-look
question: ${BY_HEART}
dataset:
  name: mnist-1d # ten digits as curves of 40 values
  examples: 500
model:
  hidden: [width]
  activation: relu
  init: he
training:
  learning_rate: eta_star / 2 # half of the largest that converges
  passes: 100
search: {width: 64, factor: 0.7}
sweep:
  width: [4, 8, 16, 32, 64, 256]
streams:
  seeds: [0]
`;

/** The shelf's claim of this name, whose fingerprint it has. */
const FRACTAL = `name: fractal-boundary
question: Is the boundary between rates that train and rates that do not a fractal?
dataset: {name: gaussian-clusters, inputs: 16, classes: 2, separation: 0, train: 272, test: 2}
model: {hidden: [16], activation: tanh, bias: false, init: {kind: normal, std: [0.353553, 0.0625]}}
training: {learning_rate: 1, layer_rates: [1, 1], objective: squared error, batch: full, passes: 500}
evaluate: {every: 500}
sweep: # rates of both layers
  training.layer_rates[0]: {from: 3000, to: 30000, points: 9, scale: log}
  training.layer_rates[1]: {from: 0.1, to: 1, points: 9, scale: log}
ask: [{name: map, of: trainable, refine: 6}]
`;

const PRESETS: readonly Preset[] = [
  { title: "The homework, small", text: HOMEWORK, needs: "fashion-mnist" },
  { title: "A first look", text: FIRST },
  {
    title: "Five seeds",
    text: FIRST.replace("first-look", "five-seeds").replace("seeds: [0]", "seeds: 0..4"),
  },
  {
    title: "Wrong labels",
    text: FIRST.replace("first-look", "wrong-labels")
      .replace("examples by heart", "examples by heart, however they are labelled")
      .replace("examples: 500\n", "examples: 500\n  label_noise: 0.2\n"),
  },
  { title: "A map", text: FRACTAL },
];

/** Those whose data sets' files lie beside the page, or need none. */
export function presets(): readonly Preset[] {
  const beside = datasetsBeside();
  return PRESETS.filter(({ needs }) => needs === undefined || beside.includes(needs));
}

/** What becomes of one of these, as `text` is yet as far as name and question go, on a data set of the user's own. */
export function titlesOn(path: string, text: string): readonly Edit[] {
  const titlesOf = (one: string) => one.split("\n", 2).join("\n");
  const preset = PRESETS.find((one) => titlesOf(one.text) === titlesOf(text));
  if (preset === undefined) return [];
  const isOfImages = preset.text === HOMEWORK;
  return [[["name"], stemOf(path)], ...(isOfImages ? [[["question"], BY_HEART] as const] : [])];
}

/** "iris" of "flowers/iris.csv.gz", as studies may be called. */
function stemOf(path: string): string {
  const [stem] = (path.split("/").at(-1) ?? "").split(".");
  const name = stem
    .replace(/[^\w-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 64);
  return name === "" ? "own" : name;
}
