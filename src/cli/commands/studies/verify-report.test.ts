import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stage } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";
import { record } from "../../../../test/support/outcomes.ts";
import { poolOfRecords } from "../../../../test/support/pools.ts";
import { found } from "../../../../test/support/results.ts";
import { study } from "../../../../test/support/studies.ts";
import { studyId, trialKey } from "../../../records/fingerprint.ts";
import type { TrialRecord } from "../../../records/record.ts";
import { renderReport } from "../../../report/files.node.ts";
import { CATALOGUE } from "../../../questions/catalogue.ts";
import { summarize } from "../../../report/summary.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import { follow } from "../../../study/follow.ts";
import type { PlannedTrial } from "../../../study/plans/plan.ts";
import { studyPlan } from "../../../study/plans/study-plan.ts";
import { resultOf, type StudyResult } from "../../../study/result.ts";
import type { Study } from "../../../study/spec.ts";
import type { Trial } from "../../../model/trial.ts";
import { main } from "../../main.ts";

/** The fakes' data set. */
const DATASET = { digest: "0".repeat(64), classes: 10, train: { examples: 20, size: 784 } };

/** A made-up training: rates above 0.05 diverge, widths from 16 on interpolate after two passes. */
function train({ specification, passes }: Trial): TrialRecord {
  const [width = 0] = specification.model.hidden;
  const { learning_rate } = specification.training;
  const rows = Array.from({ length: passes + 1 }, (_, pass) => {
    const loss = pass === 0 ? 2.3 : 1;
    return [loss, width >= 16 && pass >= 2 ? 1 : 0.5, loss, 0.5] as const;
  });
  const seed = specification.streams.kind === "named" ? specification.streams.seed : 0;
  const made = record(width, rows, { learning_rate, seed });
  const key = trialKey(specification, sha256);
  const last = made.trajectory[passes];
  return learning_rate > 0.05
    ? { ...made, key, specification, ending: { kind: "diverged", pass: 1, step: 1 } }
    : { ...made, key, specification, fingerprint: last.fingerprint };
}

type Summary = Readonly<Record<string, unknown>> & {
  readonly search: readonly object[] | null;
  readonly fingerprints: Readonly<Record<string, unknown>>;
  readonly passes_to_interpolation: Readonly<Record<string, unknown>>;
  readonly versions: object;
};

const PROVENANCE = {
  versions: { widthwise: "0.0.0", numerics: 1 },
  seconds: { total: 1 },
  command: "widthwise run mine",
  dataset: { name: "fashion-mnist", origin: "here", digest: DATASET.digest },
};

async function answered(asked: Study): Promise<StudyResult> {
  const supply = (trials: readonly PlannedTrial[]) =>
    Promise.resolve(trials.map(({ trial }) => train(trial)));
  const followed = await follow(studyPlan(asked, DATASET, CATALOGUE), supply, sha256);
  if (!("answer" in followed)) throw new Error("a trial is missing");
  return resultOf(studyId(asked, DATASET.digest, sha256), asked, followed.answer, sha256);
}

const SEARCHED = study({ widths: [8, 16], passes: 3, learning_rate: "eta_star / 2" });
const SEEDS = study({ widths: [8, 16, 32], seeds: [0, 1, 2], passes: 3 });
/** Its answer has neither rate nor width. */
const CURVES: Study = { ...SEEDS, ask: [{ name: "learning-curves" }] };
const UNSWEPT = study({ widths: [], hidden: [16], passes: 3 });
const DEEP = study({ widths: [], hidden: [16, 8], passes: 3, learning_rate: "eta_star / 2" });
const SOFTMAX = study({ widths: [], hidden: [], passes: 3, learning_rate: "eta_star / 2" });

const RESULTS = new Map<Study, StudyResult>();
for (const asked of [SEARCHED, SEEDS, CURVES, UNSWEPT, DEEP, SOFTMAX])
  RESULTS.set(asked, await answered(asked));

function resultFor(asked: Study): StudyResult {
  return RESULTS.get(asked) ?? expect.fail("another study");
}

const summaryOf = (asked: Study): Summary =>
  JSON.parse(JSON.stringify(summarize(found(resultFor(asked)), PROVENANCE))) as Summary;

async function verify(content: string, args: readonly string[] = ["--all"], name = "a.json") {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const on = stage({
    createPool: () => Promise.resolve(poolOfRecords(train)),
    openStore: () => Promise.reject(new Error("the store was asked")),
  });
  const code = await main(["verify", path, ...args], on.context);
  return { path, code, out: on.out(), err: on.err() };
}

describe("a report that is right", () => {
  test.each([
    [
      "a search",
      SEARCHED,
      "7 of 7 trials match to the bit\ntrained anew: η* = 0.04, smallest interpolating width 16\n",
    ],
    [
      "seeds",
      SEEDS,
      "9 of 9 trials match to the bit\ntrained anew: smallest interpolating width 16\n",
    ],
    ["an answer without rate and width", CURVES, "9 of 9 trials match to the bit\n"],
    [
      "no sweep",
      UNSWEPT,
      "1 of 1 trials match to the bit\ntrained anew: smallest interpolating width 16\n",
    ],
    [
      "a search of two layers",
      DEEP,
      "6 of 6 trials match to the bit\ntrained anew: η* = 0.04, smallest interpolating width 16\n",
    ],
    [
      "a search without a hidden layer",
      SOFTMAX,
      "6 of 6 trials match to the bit\ntrained anew: η* = 0.04, smallest interpolating width none\n",
    ],
  ])("is found so, without its store: %s", async (_, asked, sentence) => {
    const files = renderReport(found(resultFor(asked)), PROVENANCE);
    for (const name of ["summary.json", "report.html"]) {
      const { code, out } = await verify(files.get(name) as string, ["--all"], name);
      expect([code, out]).toEqual([0, sentence]);
    }
  });

  test("is tried by a sample, which --seed decides", async () => {
    const content = JSON.stringify(summaryOf(SEEDS));
    const { code, out, err } = await verify(content, ["--sample", "2"]);
    expect([code, out]).toEqual([0, "2 of 2 trials of a sample (of 9) match to the bit\n"]);
    expect((await verify(content, ["--sample", "2"])).err).toBe(err);
    expect((await verify(content, ["--sample", "2", "--seed", "2"])).err).not.toBe(err);
  });

  test("of thousands of trials, by the beginnings of their fingerprints", async () => {
    const seeds = Array.from({ length: 701 }, (_, seed) => seed);
    const asked = study({ widths: [8, 16, 32], seeds, passes: 2 });
    const summary = JSON.parse(
      JSON.stringify(summarize(found(await answered(asked)), PROVENANCE)),
    ) as Summary & { fingerprints: string };
    expect(summary.fingerprints).toHaveLength(2103 * 16);
    expect(summary).not.toHaveProperty("final");
    const right = await verify(JSON.stringify(summary), ["--sample", "2"]);
    expect([right.code, right.out]).toEqual([
      0,
      "2 of 2 trials of a sample (of 2103) match to the bit\n",
    ]);
    const all = await verify(JSON.stringify(summary));
    expect([all.code, all.err]).toEqual([0, expect.not.stringContaining("its fingerprint")]);
    const { fingerprints } = summary;
    const other = `${fingerprints.slice(0, 701 * 16)}abababababababab${fingerprints.slice(702 * 16)}`;
    const changed = await verify(JSON.stringify({ ...summary, fingerprints: other }));
    expect(changed.err).toMatch(/^width 16 seed 0: its fingerprint is \w{12}, not abababababab$/m);
    expect(changed.code).toBe(1);
  });

  test("is told in JSON, too", async () => {
    const { out } = await verify(JSON.stringify(summaryOf(SEARCHED)), ["--all", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ trials: 7, recomputed: 7, matching: 7, problems: [] },
      answer: { eta_star: 0.04, smallest_interpolating_width: 16 },
    });
  });
});

describe("a claim that is false is found", () => {
  const other = "ab".repeat(32);
  const changes: [string, Partial<Record<keyof Summary, unknown>>, RegExp][] = [
    [
      "a trial",
      { fingerprints: { 8: other, 16: summaryOf(SEARCHED).fingerprints[16] } },
      /^width 8 seed 0: its fingerprint is \w{12}, not abababababab$/m,
    ],
    [
      "the study's fingerprint",
      { fingerprint: other },
      /study's fingerprint is not that of its trials/,
    ],
    [
      "passes",
      { passes_to_interpolation: { 8: null, 16: 1 } },
      /^width 16 seed 0: it interpolates after 2 passes, not 1$/m,
    ],
    [
      "passes for never",
      { passes_to_interpolation: { 8: 2, 16: 2 } },
      /^width 8 seed 0: it interpolates after no passes, not 2$/m,
    ],
    [
      "η*",
      { eta_star: 0.02 },
      /its learning rate is 0.02, but its study's is 0.01\n(.*\n)*what it tells as eta_star is not/,
    ],
    [
      "the width",
      { smallest_interpolating_width: 8 },
      /what it tells as smallest_interpolating_width is not what training gives/,
    ],
    ["a loss", { final: { 8: {}, 16: {} } }, /what it tells as final is not what training gives/],
    ["seeds", { seeds: [7] }, /what it tells as seeds is not what training gives/],
    ["a name", { study: "yours" }, /what it tells as study is not what training gives/],
    [
      "a rate that was not tried",
      { search: summaryOf(SEARCHED).search?.slice(1) },
      /asks for other trials than it tells of/,
    ],
    [
      "a rate's trial",
      { search: summaryOf(SEARCHED).search?.map((probe) => ({ ...probe, fingerprint: other })) },
      /^learning rate 0.1 \(width 32\): its fingerprint/m,
    ],
    [
      "another question",
      { specification: { ...SEARCHED, streams: { kind: "named", study_seed: 0, seeds: [1] } } },
      /^width 8 seed 1: its fingerprint/m,
    ],
  ];

  test.each(changes)("%s", async (_, change, sentence) => {
    const { code, err } = await verify(JSON.stringify({ ...summaryOf(SEARCHED), ...change }));
    expect(err).toMatch(sentence);
    expect(code).toBe(1);
  });

  test("also where it is none of the sample's: by the study's fingerprint", async () => {
    const { fingerprints } = summaryOf(SEEDS);
    const changed = {
      ...summaryOf(SEEDS),
      fingerprints: { ...fingerprints, 8: [other, other, other] },
    };
    const { code } = await verify(JSON.stringify(changed), ["--sample", "1"]);
    expect(code).toBe(1);
  });

  test("of another data set is told before anything is trained", async () => {
    const dataset = { name: "fashion-mnist", digest: other };
    const { code, out, err } = await verify(JSON.stringify({ ...summaryOf(SEEDS), dataset }));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("it was trained on another data set (digest abababababab)");
  });
});

describe("what is no report's is refused in one sentence", () => {
  const whole = summaryOf(SEARCHED);
  const old = { ...whole, specification: undefined };
  const many = Array.from({ length: 10_000 }, (_, index) => index + 1);
  test.each<[string, string, string]>([
    ["nothing", "", "expected a run's report.html or summary.json"],
    ["text", "dear diary", "expected a run's report.html or summary.json"],
    ["no JSON", "{", "its data is not JSON"],
    ["other JSON", "{}", "not what a report says of a study (specification: "],
    ["an old summary", JSON.stringify(old), "it does not say what was trained"],
    ["an old page", '<meta name="generator" content="widthwise">', "it has no block of data"],
    [
      "two blocks",
      '<script type="application/json" id="widthwise-summary">'.repeat(2),
      "it has several blocks of data",
    ],
    [
      "other numerics",
      JSON.stringify({ ...whole, versions: { numerics: 99 } }),
      "its numbers are of version 99 of the numerics",
    ],
    [
      "more trials than it tells of",
      JSON.stringify({
        ...whole,
        specification: {
          ...SEARCHED,
          sweep: { width: many },
          streams: { kind: "named", study_seed: 0, seeds: many },
        },
      }),
      "its study has 100000000 trials, but it tells the fingerprints of 2",
    ],
    [
      "widths of its own",
      JSON.stringify({ ...whole, fingerprints: { 8: whole.fingerprint, 9: whole.fingerprint } }),
      "it tells nothing of width 16",
    ],
    [
      "no search",
      JSON.stringify({ ...whole, search: null }),
      "it tells no search for the learning rate, but its study asks for one",
    ],
    [
      "control codes",
      JSON.stringify({ ...whole, versions: { numerics: "\u001b[2J\n" } }),
      "its numbers are of version",
    ],
    [
      "a key of control codes",
      JSON.stringify({ ...whole, fingerprints: { "\u001b]0;x\u0007\n": "" } }),
      "not what a report says of a study",
    ],
    [
      "something deep",
      `{"specification":${"[".repeat(1e5)}${"]".repeat(1e5)}}`,
      "not what a report",
    ],
    ["no UTF-8", "{\ud800", "its data is not JSON"],
  ])("%s", async (_, content, sentence) => {
    const { path, code, out, err } = await verify(content);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^\P{Cc}+\n$/u);
    expect(err.startsWith(`report "${path}": ${sentence}`), err).toBe(true);
  });

  test("a folder, what is not there", async () => {
    const folder = await temporaryFolder();
    const on = stage();
    expect(await main(["verify", folder], on.context)).toBe(2);
    expect(await main(["verify", join(folder, "none.html")], on.context)).toBe(2);
    expect(on.err()).toBe(
      `report "${folder}": expected a file\nreport "${folder}/none.html": no such file; a run writes report.html and summary.json\n`,
    );
  });
});
