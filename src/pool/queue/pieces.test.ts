// How often a trial is handed in, by a clock and passes that a few variables stand for.

import { afterEach, expect, test, vi } from "vitest";
import { CONTRACT_DATASET, CONTRACT_TRIALS } from "../../../test/support/pool-contract.ts";
import type { TrainedPass, TrialEnd } from "../../records/record.ts";
import type { Stretch } from "./messages.node.ts";
import { trainInPieces } from "./pieces.node.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("what takes long to hand in is handed in more rarely, so that nine tenths of the time are for training", async () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const score = { objective: 1, correct: 0, examples: 1 };
  const fingerprint = "ab".repeat(32);
  async function* train(): AsyncGenerator<TrainedPass, TrialEnd, undefined> {
    for (let pass = 0; pass < 100; pass++) {
      now += 10;
      yield await Promise.resolve({
        row: { evaluation: { pass, train: score, test: score, fingerprint }, averages: [] },
        checkpoint: {
          ...{ pass, parameters: { weights: [], biases: [] }, state: [], average: 0 },
          order: new Uint32Array(),
        },
        seconds: 0,
      });
    }
    return { ending: { kind: "finished" }, fingerprint };
  }
  const handed: number[] = [];
  const times = { every: 50, before: 50 };
  const of = async (took: number) => {
    [now, handed.length] = [0, 0];
    const pool = { turn: () => Promise.resolve({ key: "k", train, end: () => undefined }) };
    const asked = { trials: [CONTRACT_TRIALS[0]], from: null, everyPass: false };
    await trainInPieces(asked as never, { pool, dataset: CONTRACT_DATASET } as never, {
      ...times,
      handIn(_, { rows }: Stretch) {
        now += took;
        return Promise.resolve(handed.push(rows.length) > 0);
      },
      onHandedIn: () => Promise.resolve(),
      isToStop: () => false,
    });
    return handed;
  };
  expect(await of(0)).toEqual([...Array.from({ length: 20 }, () => 5), 0]);
  expect(await of(30)).toEqual([5, 30, 30, 30, 5]);
});
