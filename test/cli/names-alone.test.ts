// Where a study's files lie is told to nobody else.

import { expect, test } from "vitest";
import { withNamesAlone } from "../../src/cli/study-files.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";

const namesOf = (dataset: string, init = "he") => {
  const text = `name: own
question: How wide?
dataset: ${dataset}
model: { hidden: [width], init: ${init} }
training: { passes: 2 }
sweep: { width: [2] }
`;
  const { dataset: told, model } = withNamesAlone(parseStudy(text, "own.yaml", CATALOGUE));
  return [told.path, told.test, model.init];
};

test.each([
  ["a file", "{ path: /home/ada/data/flowers.csv, test: { share: 0.2 } }", ["flowers.csv", { share: 0.2, seed: 0 }]], // prettier-ignore
  ["a folder", "{ path: /home/ada/digits }", ["digits", undefined]],
  ["two files of a folder", "{ path: /home/ada/a.csv, test: /home/ada/b.csv }", ["a.csv", "b.csv"]],
  ["two of the same name", "{ path: /home/ada/train/x.csv, test: /home/ada/test/x.csv }", ["train/x.csv", "test/x.csv"]], // prettier-ignore
  ["none", "{ name: mnist-1d }", [undefined, undefined]],
])("%s", (_, dataset, names) => {
  expect(namesOf(dataset).slice(0, 2)).toEqual(names);
});

test("and weights", () => {
  const file = "{ kind: file, path: /home/ada/weights.npz }";
  expect(namesOf("{ path: /srv/x.csv }", file)).toMatchObject([
    "x.csv",
    undefined,
    { path: "weights.npz" },
  ]);
});
