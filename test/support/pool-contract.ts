// What every pool that trains keeps to, whoever makes its kernel calls and wherever it runs: its results are those of the
// calling thread. Runs in Node and in browsers.

import type { Dataset, LabelledExamples } from "../../src/data/dataset.ts";
import type { Stepping } from "../../src/model/optimizers/choice.ts";
import { specificationOf, type Trial } from "../../src/model/trial.ts";
import { trainOn, type Pool, type TrainedWhole } from "../../src/pool/pool.ts";
import { NumpyRandomState } from "../../src/random/numpy.ts";
import { unpackRows } from "../../src/records/packed-rows.ts";
import type { ResumePoint, TrainedPass, TrialRecord } from "../../src/records/record.ts";

const draws = new NumpyRandomState(0);
const images = (examples: number): LabelledExamples => ({
  examples,
  size: 12,
  values: Uint8Array.from(draws.randints(256, 12 * examples)),
  labels: Uint8Array.from(draws.randints(3, examples)),
});

export const CONTRACT_DATASET: Dataset = {
  name: "made up",
  classes: 3,
  train: images(300),
  test: images(100),
  digest: "ab".repeat(32),
};

const PASSES = 6;

function trial(hidden: readonly number[], learning_rate = 0.05, stepping: Stepping = {}): Trial {
  return {
    passes: PASSES,
    specification: specificationOf({
      data: { dataset: CONTRACT_DATASET.digest, train_examples: 250 },
      model: { hidden, init_std: 0.5 },
      training: { learning_rate, regularization: 0.01, ...stepping },
      streams: { kind: "named", study_seed: 0, seed: hidden.length },
    }),
  };
}

const momentum = { kind: "sgd", momentum: 0.9 } as const;
const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

export const CONTRACT_TRIALS: readonly Trial[] = [
  trial([8]),
  trial([37, 5]),
  trial([]),
  trial([16], 0.05, { optimizer: momentum, batch: 7 }),
  trial([16], 0.01, { optimizer: adam, batch: 32 }),
  // Diverges.
  trial([8], 1e30),
  { ...trial([64]), stop: { train_loss_below: 100 } },
];

function agree(name: string, found: unknown, expected: unknown): void {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${name}: found ${a.slice(0, 300)}, expected ${b.slice(0, 300)}`);
}

function withoutSeconds({ seconds, ...record }: TrialRecord): Omit<TrialRecord, "seconds"> {
  if (!(seconds >= 0)) throw new Error(`${seconds} seconds`);
  return record;
}

type Case = (pool: Pool, local: Pool) => Promise<void>;

/** `local` is the pool of the calling thread (local-pool.ts). Each throws where the promise is not kept. */
export const POOL_CONTRACT: Readonly<Record<string, Case>> = {
  async "trials that are asked for at once have the records of the calling thread"(pool, local) {
    const found = await Promise.all(
      [...CONTRACT_TRIALS, ...CONTRACT_TRIALS].map((one) => trainOn(pool, one)),
    );
    for (const [index, record] of found.entries()) {
      const expected = await trainOn(local, CONTRACT_TRIALS[index % CONTRACT_TRIALS.length]);
      agree(`trial ${index}`, withoutSeconds(record), withoutSeconds(expected));
    }
    agree("the last but one's end", found[5].ending.kind, "diverged");
    agree("the stopped one's rows", found[6].trajectory.length, 1);
  },

  async "training goes on from every pass to the same record"(pool) {
    const asked = CONTRACT_TRIALS[3];
    const passes: TrainedPass[] = [];
    const whole = await trainOn(pool, asked, { onPass: (pass) => passes.push(pass) });
    agree(
      "passes",
      passes.map(({ row }) => row.evaluation.pass),
      Array.from({ length: PASSES + 1 }, (_, pass) => pass),
    );
    for (const { checkpoint } of passes) {
      const { pass } = checkpoint;
      const record: TrialRecord = {
        ...whole,
        trajectory: whole.trajectory.slice(0, pass + 1),
        running_averages: passes.slice(0, pass + 1).flatMap(({ row }) => row.averages),
        ending: { kind: "finished" },
        fingerprint: whole.trajectory[pass].fingerprint,
      };
      const from: ResumePoint = { record, checkpoint };
      const found = await trainOn(pool, asked, { from });
      agree(`from pass ${pass}`, withoutSeconds(found), withoutSeconds(whole));
    }
  },

  async "small trials that are trained whole have the records of the calling thread"(pool, local) {
    const { whole } = pool;
    if (whole === undefined) throw new Error("this data set has small trials");
    const trainAll = async (trials: readonly Trial[]): Promise<TrainedWhole[]> => {
      const trained = [...(await whole.train(trials))];
      return trained.length === trials.length
        ? trained
        : [...trained, ...(await trainAll(trials.slice(trained.length)))];
    };
    const all = CONTRACT_TRIALS;
    const batches = Array.from({ length: whole.batches + 3 }, (_, turn) =>
      turn % 2 === 0 ? all : all.toReversed(),
    );
    for (const [turn, trained] of (await Promise.all(batches.map(trainAll))).entries())
      for (const [index, { rows, examples, checkpoint, ...ends }] of trained.entries()) {
        const asked = batches[turn][index];
        if (!whole.isSmall(asked)) throw new Error("a trial that is not small");
        const { specification } = asked;
        const unpacked = unpackRows(rows, { specification, examples }, 0, checkpoint.pass);
        let last: unknown;
        const record = await trainOn(local, asked, { onPass: (pass) => (last = pass.checkpoint) });
        agree(
          `trial ${index} of batch ${turn}`,
          [unpacked.map(({ evaluation }) => evaluation), ends.ending, ends.fingerprint, checkpoint],
          [record.trajectory, record.ending, record.fingerprint, last],
        );
      }
  },

  async "what is measured are the calling thread's numbers"(pool, local) {
    const choices = ["sharpness", "dead units", "predictions"] as const;
    const measured = async (of: Pool) => {
      const numbers: unknown[] = [];
      await trainOn(of, CONTRACT_TRIALS[1], {
        async onPass({ checkpoint }, turn) {
          if (checkpoint.pass % 3 === 0)
            numbers.push(await turn.measure(checkpoint.parameters, choices));
        },
      });
      return numbers;
    };
    agree("measurements", await measured(pool), await measured(local));
  },

  async "a signal ends a training with its reason, and others go on"(pool, local) {
    const controller = new AbortController();
    const reason = new Error("enough");
    const asked = { ...CONTRACT_TRIALS[0], passes: 100_000 };
    const ended = trainOn(pool, asked, {
      signal: controller.signal,
      onPass: ({ checkpoint }) => {
        if (checkpoint.pass === 3) controller.abort(reason);
      },
    }).then(
      () => null,
      (error: unknown) => error,
    );
    const other = await trainOn(pool, CONTRACT_TRIALS[2]);
    if ((await ended) !== reason) throw new Error("it did not end with the signal's reason");
    const never = await trainOn(pool, CONTRACT_TRIALS[0], { signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    if (never !== reason) throw new Error("it began under a signal that was aborted");
    agree(
      "the other",
      withoutSeconds(other),
      withoutSeconds(await trainOn(local, CONTRACT_TRIALS[2])),
    );
  },

  async "trials that take more memory than there is are refused in a sentence"(pool) {
    const asked = trial([65_536, 65_536]);
    let refusal: unknown;
    try {
      pool.check([asked]);
    } catch (error) {
      refusal = error;
    }
    const later: unknown = await trainOn(pool, asked).catch((error: unknown) => error);
    for (const error of [refusal, later])
      if (!/^InputError: training this with \d workers takes about .* GB/.test(String(error)))
        throw new Error(`refused with ${String(error)}`);
  },
};
