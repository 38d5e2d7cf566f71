// `widthwise check` without training: the list, names, forms, and what is told at the end.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { renderReport } from "../../src/report/files.node.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import { stage } from "./fakes.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-check-"));
const mine = join(folder, "mine.yaml");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

writeFileSync(
  mine,
  `claim: Width 32 interpolates, and 16 does not.
source: Nobody, 2026
published: [{ says: smallest interpolating width, number: 16, where: nowhere, seen: smallest_interpolating_width }]
study:
  name: my-study
  question: Do they?
  dataset: { name: fashion-mnist }
  model: { hidden: [width], init_std: 0.1 }
  training: { learning_rate: 0.005, passes: 1 }
  sweep: { width: [16, 32] }
quick: { sweep.width: [8, 16] }
verdict:
  - { value: smallest_interpolating_width, within: [17, 32], says: somewhere above 16 }
`,
);

/** The report is made, too, so that its files can be looked at. */
function reporting(store = new MemoryStore()) {
  const files: ReadonlyMap<string, unknown>[] = [];
  const staged = stage({
    openStore: () => Promise.resolve(store),
    renderReport(found, provenance, size) {
      files.push(renderReport(found, provenance, size));
      return Promise.resolve(files[0]) as ReturnType<typeof staged.context.effects.renderReport>;
    },
  });
  return { ...staged, files };
}

test("without a name it lists the shelf", async () => {
  const { context, out } = stage();
  expect(await main(["check"], context)).toBe(0);
  expect(out()).toMatch(/^claim +core time +quick +says\n/);
  expect(out()).toContain("\nhomework ");

  const json = stage();
  expect(await main(["check", "--json"], json.context)).toBe(0);
  const [first] = JSON.parse(json.out()) as object[];
  expect(Object.keys(first)).toEqual(["name", "claim", "source", "seconds"]);
});

test("an unknown name is refused with the one that was meant", async () => {
  const { context, err } = stage();
  expect(await main(["check", "homwork"], context)).toBe(2);
  expect(err()).toBe(
    'unknown claim "homwork": did you mean homework? (a claim of your own is named by its path, such as ./mine.yaml)\n',
  );
  const other = stage();
  expect(await main(["check", "xyz"], other.context)).toBe(2);
  expect(other.err()).toContain("widthwise check lists them");
  const missing = stage();
  expect(await main(["check", join(folder, "none.yaml")], missing.context)).toBe(2);
  expect(missing.err()).toMatch(/^claim ".*none\.yaml": no such file\n$/);
});

test("a claim of one's own is run and judged, whatever comes of it", async () => {
  const { context, calls, out, files } = reporting();
  expect(await main(["check", mine], context)).toBe(0);
  expect(calls.outputs).toEqual([join("runs", "my-study")]);
  expect(out().trimEnd().split("\n")).toEqual([
    "Width 32 interpolates, and 16 does not.",
    "",
    "published 16, seen 32: smallest interpolating width",
    "",
    "holds: somewhere above 16 (within 17 … 32; seen 32)",
    "",
    "mine: reproduced",
    `fingerprint: ${"f".repeat(64)}`,
    "core seconds: 0.00 s",
    `report: ${join("runs", "my-study")}/report.html`,
  ]);
  const summary = JSON.parse(String(files[0].get("summary.json"))) as { claim: unknown };
  expect(summary.claim).toEqual({
    name: "mine",
    claim: "Width 32 interpolates, and 16 does not.",
    source: "Nobody, 2026",
    quick: false,
    verdict: "reproduced",
    criteria: [
      {
        value: "smallest_interpolating_width",
        within: [17, 32],
        says: "somewhere above 16",
        seen: { value: 32, interval: [32, 32], by: "" },
        decision: "holds",
      },
    ],
    published: [
      {
        says: "smallest interpolating width",
        number: 16,
        where: "nowhere",
        seen: { value: 32, interval: [32, 32], by: "" },
      },
    ],
  });
  const text = String(files[0].get("report.md"));
  expect(text.indexOf("## The claim")).toBeLessThan(text.indexOf("## Answers"));
  expect(text).toContain(`widthwise check ${mine}`);
});

test("its quick form has a name, a folder and a verdict of its own, and says that it is one", async () => {
  const { context, calls, out, files } = reporting();
  expect(await main(["check", mine, "--quick"], context)).toBe(0);
  expect(calls.studies.map(({ name, sweep }) => [name, sweep.width])).toEqual([["my-study-quick", [8, 16]]]); // prettier-ignore
  expect(calls.outputs).toEqual([join("runs", "my-study-quick")]);
  expect(out()).toContain("seen never)\n\nmine, quick form: not reproduced\n");
  expect(String(files[0].get("report.md"))).toContain("This is the claim's quick form");
  expect(String(files[0].get("report.md"))).toContain(`widthwise check ${mine} --quick`);

  const none = join(folder, "none-quick.yaml");
  writeFileSync(none, readFileSync(mine, "utf8").replace(/^quick.*\n/m, ""));
  const refused = stage();
  expect(await main(["check", none, "--quick"], refused.context)).toBe(2);
  expect(refused.err()).toBe(
    "--quick: the claim none-quick has no quick form; its file can say what makes it smaller under quick\n",
  );
});

test("seeds and values of the study can be others, which the report's command tells", async () => {
  const { context, calls, files } = reporting();
  const options = ["--seeds", "0..2", "--set", "training.passes=4"];
  expect(await main(["check", mine, ...options], context)).toBe(0);
  expect(calls.studies[0]).toMatchObject({
    training: { passes: 4 },
    streams: { seeds: [0, 1, 2] },
  });
  expect(String(files[0].get("report.md"))).toContain(
    `${mine} --seeds 0,1,2 --set training.passes=4`,
  );
});

test("a study that is kept already has the verdict, too, beside where it was trained", async () => {
  const store = new MemoryStore();
  const kept = { id: "e".repeat(64), name: "my-study", specification: "{}", trials: [] };
  const data = { name: "fashion-mnist", digest: "0".repeat(64), train_examples: 20 };
  await store.plan({ ...kept, dataset: data });
  const before = {
    ...{ versions: { widthwise: "0.0.1" }, seconds: {}, command: "widthwise run ./study.yaml" },
    dataset: { name: "fashion-mnist", digest: "0".repeat(64), origin: "elsewhere" },
  };
  await store.describe(kept.id, JSON.stringify(before));
  const { context, files } = reporting(store);
  expect(await main(["check", mine], context)).toBe(0);
  expect(String(files[0].get("report.md"))).toContain("widthwise run ./study.yaml");
  expect(JSON.parse(String(files[0].get("summary.json")))).toMatchObject({
    claim: { verdict: "reproduced" },
    versions: { widthwise: "0.0.1" },
  });
  const described = (await store.study(kept.id))?.provenance ?? "";
  expect(JSON.parse(described)).toMatchObject({ ...before, claim: { name: "mine", quick: false } });
});

test.each([[], ["--quick"]])("its data are found from its own folder %s", async (...quick) => {
  const own = join(folder, "own.yaml");
  const text = readFileSync(mine, "utf8").replace("name: fashion-mnist", "path: data.npz");
  writeFileSync(own, text);
  const { context, calls } = reporting();
  expect(await main(["check", own, ...quick], context)).toBe(0);
  expect(calls.studies[0].dataset.path).toBe(join(folder, "data.npz"));
});
