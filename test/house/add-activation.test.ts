// An activation is added as CONTRIBUTING.md says: a file and its twin, and a line in each table. The tests of a copy of
// the tree must walk it as it is, and see where the twin computes something else.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allNames, TRAINING_PARTS } from "../../src/model/parts.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COPIED = [
  ...["src", "assembly", "studies", "test/reference", "test/support"],
  ...["asconfig.json", "package.json", "tsconfig.base.json", "vitest.config.ts"],
];

const ENTRY = `// z, or an eighth of it where it is negative.

import type { Activation } from "./activation.ts";

export const leaky: Activation = {
  code: 99,
  value: (z, { round }) => (z < 0 ? round(0.125 * z) : z),
  slope: (z) => (z < 0 ? 0.125 : 1),
  curvature: () => 0,
};
`;

const TWIN = `// src/model/activations/leaky.ts is its readable twin.

// @ts-ignore: decorator
@unmanaged
export class Leaky {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 99;
  }
  // @ts-ignore: decorator
  @inline
  value(z: v128): v128 {
    const small = f32x4.mul(f32x4.splat(0.125), z);
    return v128.bitselect(small, z, f32x4.lt(z, f32x4.splat(0.0)));
  }
  // @ts-ignore: decorator
  @inline
  slope(z: v128, a: v128): v128 {
    return v128.bitselect(f32x4.splat(0.125), f32x4.splat(1.0), f32x4.lt(z, f32x4.splat(0.0)));
  }
}
`;

const tree = mkdtempSync(join(tmpdir(), "widthwise-house-"));
const place = (path: string) => join(tree, path);

beforeAll(() => {
  for (const path of COPIED) cpSync(join(ROOT, path), place(path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), place("node_modules"));
  writeFileSync(place("src/model/activations/leaky.ts"), ENTRY);
  addLine(
    "src/model/activations/table.ts",
    "export { relu }",
    'export { leaky } from "./leaky.ts";',
  );
  writeTwin(TWIN);
  addLine(
    "assembly/activations.ts",
    "  if (is<Relu>(code))",
    "  if (is<Leaky>(code)) return loopOf<Leaky>(backwards, z, a, g, end);",
  );
  // In AssemblyScript what is in a table is imported first.
  addLine(
    "assembly/activations.ts",
    "import { Relu }",
    'import { Leaky } from "./activations/leaky";',
  );
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

test("an activation is one file, its twin, and a line in each table; a wrong twin is seen", () => {
  build("private");
  build("shared");
  const { passed, failed } = runTests();
  expect(failed).toEqual([]);
  const objectives = allNames(TRAINING_PARTS.objective);
  // Fourteen shapes in both builds and both sizes of tiles.
  expect(passed.filter((name) => name.includes("has the reference's bits"))).toHaveLength(
    56 * objectives.length,
  );
  const others = passed.filter((name) => !name.includes("has the reference's bits"));
  const wanted = [
    "leaky: the slope is the derivative of the value, the curvature that of the slope",
    "parts of a model and of its training 'activation': 'leaky'",
    ...objectives.flatMap((objective) => [
      `'leaky with ${objective}' a step in float64 follows the numeric gradient of its objective`,
      `training trains as the reference does: 'leaky' with '${objective}'`,
      `is evaluated as the reference does: 'leaky' with '${objective}'`,
    ]),
  ];
  expect(others.sort()).toEqual(wanted.sort());

  writeTwin(
    TWIN.replace(
      "const small = f32x4.mul(f32x4.splat(0.125)",
      "const small = f32x4.mul(f32x4.splat(0.1251)",
    ),
  );
  build("private");
  const wrong = runTests().failed;
  // Where there is no hidden layer, there is no activation: three shapes.
  expect(wrong.filter((name) => name.includes("wasm, private memory"))).toHaveLength(
    22 * objectives.length,
  );
  expect(wrong.filter((name) => name.includes("wasm, shared memory"))).toEqual([]);
}, 180_000);

function writeTwin(text: string): void {
  writeFileSync(place("assembly/activations/leaky.ts"), text);
}

/** Behind the line of `path` that begins with `beginning`. */
function addLine(path: string, beginning: string, line: string): void {
  const lines = readFileSync(place(path), "utf8").split("\n");
  const at = lines.findIndex((other) => other.startsWith(beginning));
  expect(at, `${path} has a line that begins with ${beginning}`).toBeGreaterThanOrEqual(0);
  lines.splice(at + 1, 0, line);
  writeFileSync(place(path), lines.join("\n"));
}

function build(target: "private" | "shared"): void {
  const compiler = join(ROOT, "node_modules/assemblyscript/bin/asc.js");
  execFileSync(process.execPath, [compiler, "--target", target], { cwd: tree });
}

/** Names of the copy's tests that walk the tables and came to the new activation. */
function runTests(): { passed: string[]; failed: string[] } {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const files = [
    "src/kernel/kernel.test.ts",
    "src/training",
    "src/pool/train-trial.test.ts",
    "src/study/language/parts.test.ts",
  ];
  const { stdout } = spawnSync(
    process.execPath,
    [vitest, "run", ...files, "--testNamePattern", "leaky", "--reporter", "json"],
    { cwd: tree, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    testResults: { assertionResults: { fullName: string; status: string }[] }[];
  };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    results.filter((result) => result.status === status).map(({ fullName }) => fullName);
  return { passed: named("passed"), failed: named("failed") };
}
