// What a study's map shows before all that it asks for is trained.

import { group } from "d3-array";
import { MapCells } from "../../analysis/map/cells.ts";
import { MAP_VALUES } from "../../analysis/map/values.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { TrialStore } from "../../records/store.ts";
import { follow, supplyFrom } from "../follow.ts";
import { learningRatePlans } from "../plans/learning-rate.ts";
import { askedMap, mapGrid } from "../plans/map.ts";
import type { DatasetSize } from "../plans/plan.ts";
import { seedsOf } from "../plans/planned-trial.ts";
import { idOf, resultOf, withMeasured, type StudyResult } from "../result.ts";
import type { Study } from "../spec.ts";

interface SoFarContext {
  readonly store: Pick<TrialStore, "get" | "measurements">;
  readonly sha256: Sha256;
}

/**
 * As a study that asks for its map alone, since other answers need all trials: those of its cells that are whole, in rows.
 * `trained` are outcomes of the sweep in any order.
 */
export async function mapSoFar(
  study: Study,
  dataset: DatasetSize,
  trained: readonly Outcome[],
  { store, sha256 }: SoFarContext,
): Promise<StudyResult> {
  const asked = askedMap(study);
  if (asked === null) throw new Error(`study ${study.name} asks for no map`);
  const cells = new MapCells(mapGrid(study, asked), MAP_VALUES[asked.of]);
  const seeds = seedsOf(study);
  const outcomes = [...group(trained, ({ point }) => cells.placeOf(point))]
    .filter(([, ofCell]) => ofCell.length === seeds.length)
    .sort(([a], [b]) => a - b)
    .flatMap(([, ofCell]) =>
      ofCell.sort((a, b) => seeds.indexOf(a.point.seed) - seeds.indexOf(b.point.seed)),
    );
  const alone = { ...study, ask: [{ name: "map", ...asked }] };
  const { learning_rate: given } = study.training;
  const isSearched = given === "eta_star / 2";
  const searched = isSearched
    ? await follow(learningRatePlans(study, dataset), supplyFrom(store, sha256), sha256)
    : { answer: [] };
  const searches = "answer" in searched ? searched.answer : [];
  const answer = {
    search: searches.at(0) ?? null,
    ...(searches.length > 1 && { searches }),
    learning_rate: isSearched ? searches[0].eta_star / 2 : given,
    outcomes,
  };
  const measured = await withMeasured(alone, answer, store, sha256);
  return { ...resultOf(idOf(alone, dataset, sha256), alone, measured, sha256), isUnfinished: true };
}
