// The shelf: every shipped claim can be run, and has its page or is told as not yet run.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseClaim } from "../src/claims/parse.ts";
import { CATALOGUE } from "../src/questions/catalogue.ts";
import type { Study } from "../src/study/spec.ts";
import { studyPlan } from "../src/study/plans/study-plan.ts";
import { loadDataset } from "../src/data/load.node.ts";
import { DATASET_SIZES } from "./support/studies.ts";

const ROOT = new URL("..", import.meta.url);
const names = readdirSync(new URL("claims", ROOT)).map((file) => file.replace(/\.yaml$/, ""));
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const claimOf = (name: string) =>
  parseClaim(read(`claims/${name}.yaml`), { name, file: `${name}.yaml` }, CATALOGUE);

/** Published sets are not read: their sizes are known. */
async function sizesOf({ dataset }: Study) {
  return ["fashion-mnist", "mnist"].includes(dataset.name ?? "")
    ? DATASET_SIZES
    : (await loadDataset(dataset)).dataset;
}

test("their studies have names of their own", () => {
  const shipped = readdirSync(new URL("studies", ROOT)).map((file) => file.replace(".yaml", ""));
  const studies = names.flatMap((name) => {
    const { study, quick } = claimOf(name);
    return [study.name, quick?.name ?? "no quick form"];
  });
  expect(new Set([...shipped, ...studies]).size).toBe(shipped.length + studies.length);
});

test.each(names)(
  "%s says all that a claim of the shelf has to, and plans both of its forms",
  async (name) => {
    const { claim, study, quick, seconds } = claimOf(name);
    const { published, objective, smaller } = claim;
    expect([published.length > 0, objective, smaller]).toEqual([true, expect.any(String), expect.any(String)]); // prettier-ignore
    expect([seconds.whole, seconds.quick]).toEqual([expect.any(Number), expect.any(Number)]);
    for (const form of [study, quick]) {
      if (form === null) throw new Error(`${name} has no quick form`);
      const next = studyPlan(form, await sizesOf(form), CATALOGUE)(() => undefined);
      expect("trials" in next && next.trials.length, form.name).toBeGreaterThan(0);
    }
  },
);

test.each(names)("%s has a page that names it, or is told as not yet run", (name) => {
  const told = read("docs/claims/README.md");
  const row = told
    .split("\n")
    .find((line) => line.includes(`| \`${name}\``) || line.includes(`| [\`${name}\`]`));
  expect(row, `a row of the table in docs/claims/README.md`).toBeDefined();
  if (row?.includes("not yet run")) return;
  expect(row).toContain(`(${name}.md)`);
  const page = read(`docs/claims/${name}.md`);
  expect(page).toContain(`widthwise check ${name}`);
  const [fingerprint] = /[0-9a-f]{64}/.exec(page) ?? [];
  expect(fingerprint).toBeDefined();
});
