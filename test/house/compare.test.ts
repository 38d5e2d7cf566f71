// Two studies that were run, laid over each other: by the command, and as numbers.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "widthwise-compare-"));
const bin = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

function widthwise(...args: string[]) {
  const env = { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") };
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, env, encoding: "utf8" });
}

const text = (name: string, rate: number, widths: string, streams: string) => `name: ${name}
question: How?
dataset: { name: gaussian-clusters, train: 60, test: 40, inputs: 5, classes: 3 }
model: { hidden: [width], init: he }
training: { learning_rate: ${rate}, passes: 3 }
sweep: { width: ${widths} }
streams: ${streams}
`;

beforeAll(() => {
  const studies = {
    slow: text("slow", 0.01, "[4, 8, 16]", "{ seeds: 0..6 }"),
    fast: text("fast", 0.1, "[8, 16, 32]", "{ seeds: 1..7 }"),
    other: text("other", 0.1, "[8]", "{ seeds: 1..7, study_seed: 5 }"),
    apart: text("apart", 0.1, "[64]", "{ seeds: [0] }"),
  };
  for (const [name, study] of Object.entries(studies)) {
    writeFileSync(join(folder, `${name}.yaml`), study);
    const { status, stderr } = widthwise("run", `./${name}.yaml`, "--workers", "1");
    expect([status, stderr]).toEqual([0, expect.any(String)]);
  }
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Compared {
  readonly paired: boolean;
  readonly points: readonly {
    readonly values: { readonly width: number };
    readonly seeds: object;
    readonly same: number;
    readonly metrics: Record<
      string,
      Record<"a" | "b" | "difference", { value: number; interval: number[] | null; by: string }>
    >;
  }[];
}

const compared = (...words: string[]) =>
  JSON.parse(widthwise("compare", ...words, "--json").stdout) as Compared;

test("points that both have stand beside each other, with differences of the seeds they share", () => {
  const { paired, points } = compared("slow", "fast");
  expect([paired, points.map(({ values }) => values.width)]).toEqual([true, [8, 16]]);
  expect(points[0]).toMatchObject({ seeds: { a: 7, b: 7, shared: 6 }, same: 0 });
  const loss = (name: string, seed: number) => {
    const csv = readFileSync(join(folder, "runs", name, "trajectories.csv"), "utf8");
    const row = csv.split("\n").find((line) => line.startsWith(`8,${seed},3,`));
    return Number(row?.split(",")[5]);
  };
  const differences = [1, 2, 3, 4, 5, 6].map((seed) => loss("fast", seed) - loss("slow", seed));
  const ordered = differences.toSorted((a, b) => a - b);
  const median = (ordered[2] + ordered[3]) / 2;
  const { difference } = points[0].metrics.test_loss;
  expect(difference.value).toBeCloseTo(median, 10);
  expect(difference.by).toBe("median of differences, 95 % order statistics over 6 shared seeds");
  expect(difference.interval?.[0]).toBeCloseTo(ordered[0], 10);
  const back = compared("fast", "slow").points[0].metrics.test_loss.difference;
  expect(back.value).toBeCloseTo(-median, 10);
});

test("what is the same in both is told, and differs by nothing", () => {
  const { points } = compared("slow", "slow");
  expect(points.map(({ same }) => same)).toEqual([7, 7, 7]);
  expect(points[0].metrics.test_loss.difference).toMatchObject({ value: 0, interval: [0, 0] });
  const { stdout } = widthwise("compare", "slow", "slow");
  expect(stdout).toContain("21 trials are the same in both");
  expect(stdout).toContain("Their settings are the same.");
});

test("streams of another study draw other examples: unpaired, without an interval", () => {
  const { paired, points } = compared("fast", "other");
  expect([paired, points[0].seeds]).toEqual([false, { a: 7, b: 7, shared: 0 }]);
  expect(points[0].metrics.test_accuracy.difference).toMatchObject({
    interval: null,
    by: "difference of the medians, as a seed draws other examples in each",
  });
  expect(widthwise("compare", "fast", "other").stdout).toContain("differences are unpaired");
});

test("the text has a row for each point and number; files go to a folder of their own", () => {
  const { status, stdout } = widthwise("compare", "slow", "fast", "--out", "both");
  expect(status).toBe(0);
  expect(stdout).toContain("slow and fast share 2 points, of 3 and 3.");
  expect(stdout).toMatch(/They differ in training\.learning_rate \([\d.]+, [\d.]+\)\./);
  expect(stdout).toContain(
    "The last column is the median of differences, 95 % order statistics over 6 shared seeds.",
  );
  expect(
    stdout.split("\n").filter((line) => /^(8|16) +(test|train|passes)/.test(line)),
  ).toHaveLength(8);
  expect(readdirSync(join(folder, "both")).sort()).toEqual([
    ...[
      ".widthwise.sha256",
      "compare.html",
      "compare.json",
      "compare.md",
      "compare.png",
      "compare.svg",
    ],
  ]);
  // Its own files are replaced.
  expect(widthwise("compare", "fast", "slow", "--out", "both").status).toBe(0);
  expect(readFileSync(join(folder, "both/compare.md"), "utf8")).toContain("fast beside slow");
});

test.each([
  [["slow", "apart"], "slow and apart have no point in common"],
  [["slow", "fsat"], '"fsat" is no study\'s name'],
  [["slow", "fast", "--out", "runs/slow"], "it holds a run's report"],
])("compare %j is refused", (words, sentence) => {
  const { status, stderr } = widthwise("compare", ...words);
  expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});
