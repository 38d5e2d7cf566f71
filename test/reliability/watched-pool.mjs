// A pool whose passes are told to somebody before whoever trains on it has them.

import { sha256 } from "../../dist/base/sha256.node.js";
import { trialKey } from "../../dist/records/fingerprint.js";
import { SMALL_PASSES } from "./study.mjs";

/**
 * @param {import("../../src/pool/pool.ts").Pool} pool
 * @param {(key: string, pass: import("../../src/records/record.ts").TrainedPass) => void} onPass
 * @param {(key: string, trial: import("../../src/pool/pool.ts").TrainedWhole) => void} [onWhole] left out, no trial is
 *   trained whole; else those of so many passes alone
 * @returns {import("../../src/pool/pool.ts").Pool}
 */
export function watchedPool(pool, onPass, onWhole) {
  const { whole } = pool;
  return {
    ...(whole &&
      onWhole && {
        whole: {
          ...whole,
          isSmall: ({ passes }) => passes === SMALL_PASSES,
          train: async (trials) => {
            const trained = await whole.train(trials);
            for (const [index, one] of trained.entries())
              onWhole(trialKey(trials[index].specification, sha256), one);
            return trained;
          },
        },
      }),
    check: (trials) => {
      pool.check(trials);
    },
    async turn(trial, options) {
      const turn = await pool.turn(trial, options);
      return {
        ...turn,
        async *train(from) {
          const training = turn.train(from);
          for (;;) {
            const { done, value } = await training.next();
            if (done === true) return value;
            onPass(turn.key, value);
            yield value;
          }
        },
      };
    },
  };
}
