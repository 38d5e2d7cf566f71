// The house has floors: a file imports only from its own folder or a lower one.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** From the ground up; folders of one row stand side by side and do not see each other. */
const FLOORS = [
  ["base"],
  ["model"],
  ["kernel"],
  ["random"],
  ["data"],
  ["training"],
  ["measurements"],
  ["records"],
  ["pool", "analysis"],
  ["study", "figures", "export"],
  ["document"],
  ["questions"],
  ["homework", "claims"],
  ["report"],
  ["cli", "web"],
];

function floorOf(folder: string): number {
  return FLOORS.findIndex((row) => row.includes(folder));
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts") && !file.endsWith(".d.ts"),
);

/** The library's entries stand before the house. */
const rooms = files.filter((file) => file.includes("/"));

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:from|import\(?)\s*"(\.[^"]+)"/g)].map(([, path]) =>
    relative(SRC, resolve(SRC, dirname(file), path)),
  );
}

test("every folder of src has its floor", () => {
  const folders = new Set(rooms.map((file) => file.split("/")[0]));
  expect([...folders].filter((folder) => floorOf(folder) < 0)).toEqual([]);
});

test("no folder has more than 16 files beside tests, and no file more than 400 lines", () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 16)).toEqual([]);
  const lines = (file: string) => readFileSync(join(SRC, file), "utf8").split("\n").length - 1;
  expect(files.filter((file) => lines(file) > 400)).toEqual([]);
});

test("the README's house has all of them, from the ground up", () => {
  const readme = readFileSync(join(SRC, "../README.md"), "utf8");
  const told = [...readme.matchAll(/^\| `src\/([\w-]+)\/` /gm)].map(([, folder]) => folder);
  expect(told.map(floorOf)).toEqual(told.map(floorOf).sort((a, b) => a - b));
  expect(told.toSorted()).toEqual(FLOORS.flat().sort());
});

test("imports go down", () => {
  const wrong = rooms.flatMap((file) => {
    const from = file.split("/")[0];
    return importsOf(file)
      .filter((target) => {
        const to = target.split("/")[0];
        return to !== from && floorOf(to) >= floorOf(from);
      })
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

test("the core's entry reaches nothing that needs Node", () => {
  const reached = new Set<string>();
  function visit(file: string): void {
    if (reached.has(file)) return;
    reached.add(file);
    importsOf(file).forEach(visit);
  }
  visit("index.ts");
  expect(reached.size).toBeGreaterThan(50);
  expect([...reached].filter((file) => /\.node\.ts$|^pool\/node\/|^cli\//.test(file))).toEqual([]);
});

test("no file is in a cycle of imports", () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): void {
    if (done.has(file)) return;
    expect(path, "a cycle").not.toContain(file);
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
});
