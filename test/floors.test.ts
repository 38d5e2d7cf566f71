// The house has floors: a file imports only from its own folder or a lower one.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** From the ground up; folders of one row stand side by side and do not see each other. */
const FLOORS = [
  [""],
  ["kernel"],
  ["random"],
  ["data"],
  ["training"],
  ["records"],
  ["workers", "analysis"],
  ["study", "figures", "export"],
  ["report"],
  ["cli"],
];

function floorOf(folder: string): number {
  return FLOORS.findIndex((row) => row.includes(folder));
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path]) =>
    relative(SRC, resolve(SRC, dirname(file), path)),
  );
}

test("every folder of src has its floor", () => {
  const folders = new Set(files.map((file) => dirname(file).split("/")[0].replace(".", "")));
  expect([...folders].filter((folder) => floorOf(folder) < 0)).toEqual([]);
});

test("imports go down", () => {
  const wrong = files
    .filter((file) => file !== "index.ts")
    .flatMap((file) => {
      const from = dirname(file).split("/")[0].replace(".", "");
      return importsOf(file)
        .filter((target) => {
          const to = dirname(target).split("/")[0].replace(".", "");
          return to !== from && floorOf(to) >= floorOf(from);
        })
        .map((target) => `${file} imports ${target}`);
    });
  expect(wrong).toEqual([]);
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
