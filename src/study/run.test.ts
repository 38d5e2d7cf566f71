import { describe, expect, test } from "vitest";
import { record, type Row } from "../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../test/support/studies.ts";
import { InputError, WidthwiseError } from "../base/errors.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { sha256 } from "../base/sha256.node.ts";
import { IDLE_POOL, poolOfRecords } from "../../test/support/pools.ts";
import type { Dataset } from "../data/dataset.ts";
import type { ExampleChoices, Trial } from "../model/trial.ts";
import type { MemoryOptions } from "../pool/memory.ts";
import type { Pool } from "../pool/pool.ts";
import { FASHION_MNIST_DIGEST } from "../data/sets/fashion-mnist.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { answerFromStore } from "./kept/answer.ts";
import type { StudyResult } from "./result.ts";
import { runStudy, type StudyEvent } from "./run.ts";
import type { Study } from "./spec.ts";

/** Blank images, all of the first class. */
const SET = { examples: 20, size: 4, values: new Uint8Array(80), labels: new Uint8Array(20) };
const dataset = { ...DATASET_SIZES, train: SET, test: SET };

test("what exceeds the machine is refused before the search begins", async () => {
  const checked: (readonly Trial[])[] = [];
  const options: (MemoryOptions | undefined)[] = [];
  let ran = 0;
  const pool: Pool = {
    check(trials, beside) {
      checked.push([...trials]);
      options.push(beside);
      throw new InputError("too much");
    },
    turn() {
      ran++;
      return Promise.reject(new Error("nothing is trained here"));
    },
  };
  const asked: Study = {
    ...study({ widths: [8, 65_536], learning_rate: "eta_star / 2" }),
    measure: ["sharpness"],
  };
  const running = runStudy(asked, {
    catalogue: CATALOGUE,
    dataset,
    pool,
    store: new MemoryStore(),
    sha256,
  });
  await expect(running).rejects.toThrow("too much");
  const widths = checked[0].map(({ specification: { model } }) => model.hidden[0]);
  expect([widths, ran]).toEqual([[32, 32, 32, 8, 65_536], 0]);
  expect(options).toEqual([{ keepsRecords: true, measure: ["sharpness"] }]);
});

const FLOATS = { ...SET, values: Float32Array.from(SET.values) };

test.each<[string, Partial<Dataset>, ExampleChoices, string]>([
  [
    "whose labels are no classes",
    { test: { ...SET, labels: SET.labels.slice().fill(10) } },
    {},
    "label 10 of example 0",
  ],
  ["of floats, as bytes", { train: FLOATS, test: FLOATS }, { standardize: "unit" }, "bytes by 255"],
  ["of one class, with noise", { classes: 1 }, { label_noise: { share: 0.1 } }, "needs another"],
])("a data set %s is refused before anything is planned", async (_, changes, choices, problem) => {
  const pool = IDLE_POOL;
  const wrong = { ...dataset, ...changes };
  const store = new MemoryStore();
  const asked = study({ widths: [8] });
  const running = runStudy(
    { ...asked, dataset: { ...asked.dataset, ...choices } },
    {
      catalogue: CATALOGUE,
      dataset: wrong,
      pool,
      store,
      sha256,
    },
  );
  const error: unknown = await running.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  expect(String(error)).toContain(problem);
  expect(await store.studies()).toEqual([]);
});

test("a file of other data than the notebook's is refused under its streams, before anything is planned", async () => {
  const store = new MemoryStore();
  const asked = {
    ...study({ widths: [8] }),
    dataset: { path: "mine.npz", fraction: 1 },
    streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
  } as const;
  const context = { catalogue: CATALOGUE, pool: IDLE_POOL, store, sha256 };
  await expect(runStudy(asked, { ...context, dataset })).rejects.toThrow(
    /dataset\.path: .*--seeds 0/,
  );
  expect(await store.studies()).toEqual([]);
  const same = runStudy(asked, {
    ...context,
    dataset: { ...dataset, digest: FASHION_MNIST_DIGEST },
  });
  await expect(same).rejects.not.toThrow(/--seeds/);
});

describe("a study that searches, and sweeps two widths", () => {
  const asked = study({ widths: [8, 16], passes: 2, learning_rate: "eta_star / 2" });

  /** Rates above 0.01 diverge. */
  function made({ specification, passes }: Trial) {
    const { learning_rate } = specification.training;
    const after = learning_rate > 0.01 ? 5 : 0.5;
    const rows = Array.from({ length: passes + 1 }, (_, pass): Row => {
      return [pass === 0 ? 2 : after, 0.5, 1, 0.5];
    });
    return record(specification.model.hidden[0], rows, { learning_rate });
  }

  async function run(store: MemoryStore) {
    const events: StudyEvent[] = [];
    const result = await runStudy(asked, {
      ...{ catalogue: CATALOGUE, dataset, store, sha256 },
      pool: poolOfRecords(made),
      onEvent: (event) => events.push(event),
    });
    const planned = events.flatMap((event) => (event.kind === "planned" ? [event.trials] : []));
    const ended = events.flatMap((event) => (event.kind === "ended" ? [event] : []));
    const passed = events.filter(({ kind }) => kind === "passed");
    return { result, planned, ended, passed };
  }

  test("trains each trial once, tells it, keeps it and its answer", async () => {
    const store = new MemoryStore();
    const { result, planned, ended, passed } = await run(store);
    expect(planned.map(({ length }) => length)).toEqual([1, 1, 1, 2]);
    expect(ended.map(({ reused }) => reused)).toEqual(Array(5).fill(false));
    expect(passed).toHaveLength(3 * 2 + 2 * 3);
    expect(result).toMatchObject({
      search: { eta_star: 0.01 },
      learning_rate: 0.005,
      outcomes: [{ point: { values: { width: 8 } } }, { point: { values: { width: 16 } } }],
    });
    const kept = await store.study(result.id);
    expect(kept).toMatchObject({ name: "mine", fingerprint: result.fingerprint, size: 5 });
    expect(kept?.trials.map(({ passes, role }) => [passes, role])).toEqual([
      [1, "search"],
      [1, "search"],
      [1, "search"],
      [2, "sweep"],
      [2, "sweep"],
    ]);
    const again = await run(store);
    expect(again.ended.map(({ reused }) => reused)).toEqual(Array(5).fill(true));
    expect(again.passed).toEqual([]);
    const same = { ...result, bootstrap: expect.any(Function) as StudyResult["bootstrap"] };
    expect(again.result).toEqual(same);
    expect(kept && (await answerFromStore(kept, { catalogue: CATALOGUE, store, sha256 }))).toEqual(
      same,
    );
  });

  test.each([
    [null, "it was"],
    [1, "one of its trials was"],
    [2, "2 of its trials were"],
  ])("says what others took out of the store meanwhile: %s", async (lost, words) => {
    const store = new MemoryStore();
    const totalsOf = store.studyTotals.bind(store);
    store.studyTotals = async (id) => {
      const totals = await totalsOf(id);
      return lost === null ? { ...totals, size: 0, ended: 0 } : { ...totals, ended: 5 - lost };
    };
    const running = run(store);
    await expect(running).rejects.toThrow(
      `study mine: ${words} taken out of the store while it ran; run it again, which trains what is not kept`,
    );
    await expect(running).rejects.toBeInstanceOf(WidthwiseError);
  });
});

describe("an answer from the store", () => {
  async function problem(widths: readonly number[], ask?: readonly { name: string }[]) {
    const store = new MemoryStore();
    const { digest, train } = DATASET_SIZES;
    await store.plan({
      id: "ab".repeat(32),
      name: "mine",
      specification: JSON.stringify({ ...study({ widths }), ask }),
      dataset: { name: "fashion-mnist", digest, train_examples: train.examples },
      trials: [],
    });
    const kept = await store.study("ab".repeat(32));
    if (kept === null) return "not kept";
    const answer = answerFromStore(kept, { catalogue: CATALOGUE, store, sha256 });
    return answer.catch((cause: unknown) => (cause instanceof Error ? cause.message : ""));
  }

  test("needs its trials, of which five are named", async () => {
    const five = [1, 2, 3, 4, 5].map((width) => `width ${width} seed 0`).join(", ");
    const message = (named: string) =>
      `study mine: its answer needs trials that are not kept as far as it asks (${named}); run it to have them trained`;
    expect(await problem([1, 2, 3, 4, 5])).toBe(message(five));
    expect(await problem([1, 2, 3, 4, 5, 6])).toBe(message(`${five}, …`));
  });

  test("needs questions that are known", async () => {
    const ask = [{ name: "learning-curves" }, { name: "toString" }];
    expect(await problem([8], ask)).toBe(
      "study mine: it asks toString, a question that is not known here; report it with the program that ran it",
    );
  });
});
