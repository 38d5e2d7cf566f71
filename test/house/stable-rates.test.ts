// A study that asks for stable learning rates beside a sweep at one of them: interrupted, gone on with, answered from what is
// kept, and each trial trained once.

import { expect, test } from "vitest";
import {
  answered,
  CATALOGUE,
  createNodePool,
  loadDataset,
  MemoryStore,
  parseStudy,
  renderReport,
  reportFileNames,
  runStudy,
  sha256,
} from "../../dist/node.js";
import type { StudyContext, StudyEvent } from "../../dist/study/run.js";
import { answerFromStore } from "../../dist/study/kept/answer.js";
import { remaining } from "../../dist/study/kept/remaining.js";

const study = parseStudy(
  `
name: stable
question: Which rates are stable?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.125, passes: 3 }
sweep: { width: [4, 32] }
streams: { seeds: 0..2 }
ask: [{ name: learning-rate, by: both }, learning-curves]
`,
  "stable.yaml",
  CATALOGUE,
);

test("searches and sweeps at once, goes on after an interruption, and answers from what is kept", async () => {
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, store, sha256 };
  const before = await remaining(study, context);
  expect(before.sweep).toHaveLength(6);
  // 0.125 first: after one pass and after three, which the sweep asks for, too.
  expect(before.search.length).toBeGreaterThan(12);

  const pool = await createNodePool({ dataset, workers: 2, sha256 });
  try {
    const stop = new AbortController();
    let ended = 0;
    const interrupted = runStudy(study, {
      ...{ ...context, pool, signal: stop.signal },
      onEvent: (event) => {
        if (event.kind === "ended" && ++ended === 30) stop.abort(new Error("enough"));
      },
    });
    await expect(interrupted).rejects.toThrow("enough");

    const run = async (context: StudyContext) => {
      const trained: string[] = [];
      let reused = 0;
      const onEvent = (event: StudyEvent) => {
        if (event.kind !== "ended") return;
        const { specification, passes } = event.planned.trial;
        if (event.reused) reused++;
        else trained.push(JSON.stringify([specification, passes]));
      };
      return { result: await runStudy(study, { ...context, onEvent }), trained, reused };
    };
    const whole = await run({ ...context, pool, store: new MemoryStore() });
    expect(new Set(whole.trained).size).toBe(whole.trained.length);

    const { result, trained, reused } = await run({ ...context, pool });
    expect(new Set(trained).size).toBe(trained.length);
    expect(reused).toBeGreaterThanOrEqual(30);
    expect(result.fingerprint).toBe(whole.result.fingerprint);
    expect(result.outcomes).toHaveLength(6);
    const { found = [], trials = [] } = result.rates ?? {};
    expect(found).toHaveLength(4);
    for (const { low, high } of found.flatMap(({ by, seeds }) => (by === "rule" ? [] : seeds)))
      expect(low > 0 && high <= 1.1 * low).toBe(true);
    // The sweep's trials and the search's at its rate are the same.
    const ofSweep = result.outcomes.map(({ record }) => record.fingerprint);
    const same = trials.filter((one) => one.learning_rate === 0.125 && one.passes === 3);
    expect(same.map(({ record }) => record.fingerprint).sort()).toEqual(ofSweep.sort());

    const kept = await store.study(result.id);
    if (kept === null) throw new Error("the study is kept");
    const again = await answerFromStore(kept, context);
    expect(again.fingerprint).toBe(result.fingerprint);
    expect(again.rates?.found).toEqual(result.rates?.found);
    expect(await remaining(study, context)).toMatchObject({ search: [], sweep: [] });

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin },
    };
    const files = renderReport(answered(result, CATALOGUE), provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
  } finally {
    await pool.close();
  }
});
