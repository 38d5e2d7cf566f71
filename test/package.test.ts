// The packed package, installed into an empty folder as a user would: its library and its command.

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
// Not a link, which the compiler would follow to another place.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "widthwise-package-")));
const home = join(folder, "node_modules", "widthwise");

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: "utf8" });
}

beforeAll(() => {
  // dist is built already; building it again here would pull it away from under other tests.
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: root,
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "no archive";
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, archive));
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a small study runs from the library", () => {
  writeFileSync(
    join(folder, "small.mjs"),
    `import * as widthwise from "widthwise/node";
    const study = widthwise.parseStudy(\`
name: small
question: Does it run from the package?
dataset: { name: fashion-mnist, fraction: 0.01 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 2 }
sweep: { width: [4, 9] }
streams: { kind: named, seeds: [1] }
\`, "small.yaml", widthwise.CATALOGUE);
    const { dataset } = await widthwise.loadDataset(study.dataset);
    const { CATALOGUE: catalogue, sha256, MemoryStore } = widthwise;
    const pool = await widthwise.createNodePool({ dataset, workers: 1, sha256 });
    const result = await widthwise.runStudy(study, { catalogue, dataset, pool, store: new MemoryStore(), sha256 });
    await pool.close();
    console.log(JSON.stringify(result.outcomes.map(({ point, record }) => [point.values.width, record.trajectory.length])));`,
  );
  expect(JSON.parse(run("node", "small.mjs"))).toEqual([
    [4, 3],
    [9, 3],
  ]);
});

test("the README's example runs as it is written", () => {
  const readme = readFileSync(join(home, "README.md"), "utf8");
  const [, example] = /^As a library[^\n]*:\n\n```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  writeFileSync(join(folder, "example.mjs"), example);
  writeFileSync(
    join(folder, "mine.yaml"),
    `name: mine
question: Does the example run?
dataset: { name: fashion-mnist, fraction: 0.001 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 1 }
sweep: { width: [4, 9] }
`,
  );
  expect(run("node", "example.mjs")).toBe("4 null\n9 null\n");
});

test("its types compile where libraries are checked and Node's types are not there", () => {
  writeFileSync(
    join(folder, "consumer.ts"),
    `import * as widthwise from "widthwise/node";
    export const loaded = widthwise.loadFashionMnist({ env: { WIDTHWISE_DATA: "there" } });
    export type Context = widthwise.StudyContext;`,
  );
  const compilerOptions = {
    ...{ module: "NodeNext", target: "ES2023", strict: true },
    ...{ skipLibCheck: false, types: [], noEmit: true },
  };
  const config = { compilerOptions, files: ["consumer.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  run("node", join(root, "node_modules", "typescript", "bin", "tsc"), "--project", folder);
});

/** Files of the package that people read, and where their links to other files lead. */
test("links of its documents lead to files of the package", () => {
  const documents = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "bench/RESULTS.md"].concat(
    readdirSync(join(home, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  );
  expect(documents).toContain("docs/numerics.md");
  const dead = documents.flatMap((document) => {
    const text = readFileSync(join(home, document), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, target]) => target);
    return targets
      .filter((target) => !existsSync(join(home, dirname(document), target)))
      .map((target) => `${document}: ${target}`);
  });
  expect(dead).toEqual([]);
});

test("the core is an entry of its own, without what needs Node", () => {
  writeFileSync(
    join(folder, "core.mjs"),
    `import * as core from "widthwise";
    const names = ["runStudy", "parseStudy", "trainOn", "createNodePool", "SqliteStore", "sha256"];
    console.log(JSON.stringify(names.filter((name) => name in core)));`,
  );
  expect(JSON.parse(run("node", "core.mjs"))).toEqual(["runStudy", "parseStudy", "trainOn"]);
});

test("the command runs under plain node", () => {
  expect(run("node", join(home, "bin", "widthwise.js"), "--help")).toContain("Usage: widthwise");
});
