// A map that is told before all of it is trained: of whole cells alone, and without what the others could change.

import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { record } from "../../../test/support/outcomes.ts";
import { mapStudy, MNIST_1D_SIZE } from "../../../test/support/studies.ts";
import { MapCells } from "../../analysis/map/cells.ts";
import { MAP_VALUES } from "../../analysis/map/values.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { answered } from "../../questions/asked.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import { mapSoFar } from "./map-so-far.ts";
import { askedMap, mapGrid } from "../plans/map.ts";

const STUDY = mapStudy("trainable", [4, 1]);

const trial = (width: number, rate: number, seed: number): Outcome => ({
  point: { values: { width, "training.learning_rate": rate }, seed },
  record: record(width, [[2, 0.5, 2, 0.5], [rate < 1 ? 1 : 3, 0.5, 1, 0.5]], { learning_rate: rate, seed }), // prettier-ignore
});

const soFar = (trained: readonly Outcome[]) =>
  mapSoFar(STUDY, MNIST_1D_SIZE, trained, { store: new MemoryStore(), sha256 });

test("its outcomes are those of whole cells, in rows and in the order of seeds", async () => {
  const { outcomes, study, isUnfinished, learning_rate } = await soFar([
    trial(5, 1, 1),
    trial(8, 0.01, 1),
    trial(2, 0.1, 4),
    trial(8, 0.01, 4),
    trial(5, 1, 4),
  ]);
  expect(outcomes.map(({ point: { values, seed } }) => [...Object.values(values), seed])).toEqual([
    [8, 0.01, 4],
    [8, 0.01, 1],
    [5, 1, 4],
    [5, 1, 1],
  ]);
  expect([isUnfinished, learning_rate]).toEqual([true, STUDY.training.learning_rate]);
  expect(study.ask).toEqual(STUDY.ask);
});

test("it tells that it is not finished, and no share; what nothing is known of is grey", async () => {
  const cells = (trained: readonly Outcome[]) =>
    soFar(trained).then((result) => answered(result, CATALOGUE).answers.get("map"));
  const both = (width: number, rate: number) => [4, 1].map((seed) => trial(width, rate, seed));
  const some = await cells([...both(2, 0.01), ...both(8, 1)]);
  expect(some?.sentences).toEqual([
    [
      "Of 25 cells shown 2 were trained so far, and the map is not finished; the others have the value of the coarser cell around them, or are grey where there is none (20). The class is that of more than half of the seeds.",
    ],
  ]);
  expect(some?.summary?.map).not.toHaveProperty("share");
  const coarse = [2, 5, 8].flatMap((width) => [0.01, 0.1, 1].flatMap((rate) => both(width, rate)));
  const all = await cells(coarse);
  expect(JSON.stringify(all?.sentences)).toMatch(
    / 9 were trained so far.* around them\. The class/,
  );
  const greyOf = (answer: typeof all) => {
    const { svg = "" } = answer?.draw?.("paper")[0] ?? {};
    const png = Buffer.from(/base64,([^"]+)/.exec(svg)?.[1] ?? "", "base64");
    const [palette, data] = ["PLTE", "IDAT"].map((type) => {
      const at = png.indexOf(type);
      return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
    });
    const grey = palette.toString("hex").match(/.{6}/g)?.indexOf("b8bcc6");
    return inflateSync(data).filter((color) => color === grey).length;
  };
  expect([greyOf(some), greyOf(all)]).toEqual([20, 0]);
});

test("a trial beside the grid stands nowhere", () => {
  const asked = askedMap(STUDY);
  if (asked === null) throw new Error("a map is asked for");
  const cells = new MapCells(mapGrid(STUDY, asked), MAP_VALUES[asked.of]);
  const at = (width: number, rate: number) => cells.placeOf(trial(width, rate, 1).point);
  expect([at(2, 0.01), at(8, 0.01), at(2, 1), at(8, 1)]).toEqual([0, 4, 20, 24]);
  expect([at(4, 0.01), at(3, 0.01), at(2, 0.5)]).toEqual([1, NaN, NaN]);
});
