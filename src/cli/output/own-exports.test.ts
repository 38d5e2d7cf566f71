// Tables with columns of axes are known as ours, whatever else is in a table is the user's.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { timedOutcome } from "../../../test/support/outcomes.ts";
import { csvWriter } from "../../export/csv.ts";
import { jsonWriter } from "../../export/json.ts";
import { axisColumns, COLUMNS } from "../../export/table.ts";
import { isOwnCsv, isOwnJson } from "./own-exports.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-own-"));

const trials = [0.1, 0.2].map((noise) => {
  const { point, record } = timedOutcome(8, null, { seed: 0, passes: 1 });
  const values = { ...point.values, "dataset.label_noise": noise, "model.hidden": "[8, 8]" };
  return { studies: [], record, point: { ...point, values } };
});
const columns = [...COLUMNS, ...axisColumns(trials.map(({ point }) => point))];

function table(make: typeof csvWriter | typeof jsonWriter): string {
  const writer = make(columns);
  return [...trials.map((trial) => writer.add(trial)), writer.end()].join("");
}

function file(text: string): string {
  const path = join(folder, "table");
  writeFileSync(path, text);
  return path;
}

test("axes have their columns at the end: numbers as numbers, and what is none as text", () => {
  expect(columns.slice(COLUMNS.length).map(({ name, type }) => [name, type])).toEqual([
    ["dataset.label_noise", "double"],
    ["model.hidden", "text"],
  ]);
  const [header, first] = table(csvWriter).split("\r\n");
  expect(header).toMatch(/,dataset\.label_noise,model\.hidden$/);
  expect(first).toMatch(/,0\.1,"\[8, 8\]"$/);
});

test("a trial without such an axis has nothing there", () => {
  const [noise] = axisColumns(trials.map(({ point }) => point));
  const alone = { ...trials[0], point: { values: { width: 8 }, seed: 0 } };
  expect(noise.of({ trial: alone, evaluation: alone.record.trajectory[0] })).toBeNull();
});

test("CSV is ours with the columns of axes, and not with another one", async () => {
  const ours = table(csvWriter);
  expect(await isOwnCsv(file(ours))).toBe(true);
  expect(await isOwnCsv(file(ours.replace("dataset.label_noise", "mine")))).toBe(false);
  expect(await isOwnCsv(file(ours.replaceAll(',"[8, 8]"', "")))).toBe(false);
});

test("JSON is ours with the columns of axes, and not with another one", async () => {
  const ours = table(jsonWriter);
  expect(await isOwnJson(file(ours))).toBe(true);
  expect(await isOwnJson(file(ours.replaceAll("dataset.label_noise", "mine")))).toBe(false);
});
