// That a page is given as much of what is kept as it can show, and is told where that is too much.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stage } from "../../../test/cli/fakes.ts";
import { record } from "../../../test/support/outcomes.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { KeptStudy, RecordStore } from "../../records/store.ts";
import { parseStudy } from "../../study/language/parse.ts";
import { KeptStudies } from "./kept-studies.ts";
import { Shelf } from "./shelf.ts";

const STUDY = `name: large
question: How much is too much?
dataset: {name: gaussian-clusters, inputs: 4, classes: 2, separation: 0, train: 40, test: 10}
model: {hidden: [width], init: he}
training: {objective: squared error, passes: 3}
`;
const CURVES = `${STUDY.replace("passes", "learning_rate: 0.1, passes")}sweep: {width: [2, 4]}\n`;
const MAP = `${STUDY}sweep:
  width: {from: 2, to: 4, points: 3}
  training.learning_rate: {from: 0.01, to: 1, points: 3, scale: log}
ask: [{name: map, of: train_loss, refine: 1}]
`;

function kept(text: string, trials: number, whole = record(2, [[1, 0.5, 1, 0.5]])): KeptStudies {
  const study = parseStudy(text, "study.yaml", CATALOGUE);
  const point = { values: { width: 2 }, seed: 0 };
  const facts = {
    ...{ id: "0".repeat(64), name: study.name, created: "2026-01-01", finished: null },
    ...{ fingerprint: null, dataset: { name: "made up", digest: "0".repeat(64) } },
    ...{ specification: JSON.stringify(study), size: trials },
    trials: Array.from({ length: Math.min(trials, 2000) }, (_, place) => ({
      ...{ key: String(place), passes: 3, role: "sweep", point },
    })),
  } as unknown as KeptStudy;
  const store: Partial<RecordStore> = {
    studies: () => Promise.resolve(Array<KeptStudy>(203).fill(facts)),
    study: () => Promise.resolve(facts),
    studyTotals: () => Promise.resolve({ ended: 0 } as never),
    trials: (keys = []) =>
      Promise.resolve(keys.map((key) => ({ key, specification: whole.specification }) as never)),
    get: () => Promise.resolve(whole),
    close: () => Promise.resolve(),
  };
  const { context } = stage({ openStore: () => Promise.resolve(store as RecordStore) });
  // Any file that is there: what it has is the stage's.
  return new KeptStudies(fileURLToPath(import.meta.url), context, new Shelf());
}

test("two hundred studies are listed, and of more it is told how many there are", async () => {
  const { studies, more } = await kept(CURVES, 2).list();
  expect([studies.length, more]).toEqual([200, 3]);
});

function long(passes: number): TrialRecord {
  const one = record(2, [[1, 0.5, 1, 0.5]]);
  return { ...one, trajectory: Array.from({ length: passes }, () => one.trajectory[0]) };
}

test.each<[string, () => KeptStudies, string]>([
  ["trials", () => kept(CURVES, 1001), "its 1001 trials are too many for curves"],
  [
    "evaluations",
    () => kept(CURVES, 2, long(50_001)),
    "its trials have more than 100000 evaluations, too many for a page",
  ],
  ["cells", () => kept(MAP, 100_001), "its 100001 trials are too many for a page"],
])("a study of too many %s is not opened, and its report is named", async (_, studies, why) => {
  await expect(studies().open("0".repeat(64))).rejects.toThrow(
    `study large: ${why}; look at its report`,
  );
});

test("one that is not too large is opened", async () => {
  const opened = await kept(CURVES, 2, long(40_000)).open("0".repeat(64));
  expect(opened.events.map(({ kind }) => kind)).toEqual(["planned", "rows", "ended", "ended"]);
});
