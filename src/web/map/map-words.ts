// A map in words: what it shows so far, what a cell is, and the command that trains it.

import { count, threeDigits } from "../../base/numbers.ts";
import { axisName } from "../../records/point.ts";
import type { Lab } from "../model/lab.ts";
import { valueAt } from "../model/schema.ts";
import { percent } from "../view/words.ts";
import type { WatchedCell } from "../../report/watching.ts";
import { KINDS, type MapModel } from "./map-model.ts";
import type { MapOutline, OutlineAxis } from "./outline.ts";

/** What is seen of it. */
export function summaryOf(map: MapModel): string {
  const { outline, trained, low, high } = map;
  const { x, y } = outline;
  const axes = [x, y].map((axis) => `${axis.label} ${endsOf(axis)}`).join(" and ");
  const size = `${map.columns} × ${map.rows} cells over ${axes}`;
  if (trained === 0) return `A map of ${size}, of which nothing is trained yet.`;
  const { kinds, known } = map.counts();
  const shares = kinds.map((points) => points / known);
  const told = `Of ${size}, ${count(trained)} are trained`;
  const [first, second] = outline.words;
  if (outline.scale !== null) {
    const range = low > high ? "" : `: ${first} from ${threeDigits(low)} to ${threeDigits(high)}`;
    const without = shares[KINDS.diverged];
    return `${told}${range}${without === 0 ? "" : `; ${percent(without)} ${second}`}.`;
  }
  const diverged = shares[KINDS.diverged];
  return `${told}; by what they show so far ${percent(shares[KINDS.one])} of the map is ${second}, ${percent(shares[KINDS.none])} ${first}${diverged === 0 ? "" : `, ${percent(diverged)} diverged`}.`;
}

function endsOf({ values, scale }: OutlineAxis): string {
  if (scale === "categories") return values.join(", ");
  return `from ${values[0]} to ${values[values.length - 1]}${scale === "log" ? " (logarithmic)" : ""}`;
}

export function answerOf({ words, scale }: MapOutline, { value, diverged }: WatchedCell): string {
  if (scale === null) return `${words[value]}${diverged ? ", diverged" : ""}`;
  return Number.isFinite(value) ? `${words[0]} ${threeDigits(value)}` : words[1];
}

/** The values of both axes at a point. */
export function valuesOf({ outline: { x, y }, columns }: MapModel, point: number) {
  const axes = [x.axis, y.axis];
  return [
    { axis: x, value: x.values[point % columns] },
    { axis: y, value: y.values[Math.floor(point / columns)] },
  ].map(({ axis, value }) => ({ path: axis.axis, name: axisName(axis.axis, axes), value }));
}

/** A point of the map and what stands there. */
export function toldOf(map: MapModel, point: number): string {
  const values = valuesOf(map, point).map(({ name, value }) => `${name} ${value}`);
  const cell = map.at(point);
  const answer = cell === undefined ? "not trained yet" : answerOf(map.outline, cell);
  return `${values.join(", ")}: ${answer}`;
}

/** What trains a cell, with all its seeds, by the command line. */
export function commandOf(lab: Lab, map: MapModel, { place, learningRate }: WatchedCell): string {
  const values = valuesOf(map, place).map(({ path, value }) => `"${path}": [${value}]`);
  const isSearched = typeof valueAt(lab.reading.said, ["training", "learning_rate"]) === "string";
  const rate = isSearched ? ` --set training.learning_rate=${learningRate}` : "";
  return `widthwise run /dev/stdin --set 'sweep={${values.join(", ")}}' --set 'ask=[map]'${rate} <<'STUDY'\n${lab.text}STUDY`;
}
