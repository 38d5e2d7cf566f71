// A pool whose passes are told to somebody before whoever trains on it has them.

/**
 * @param {import("../../src/pool/pool.ts").Pool} pool
 * @param {(key: string, pass: import("../../src/records/record.ts").TrainedPass) => void} onPass
 * @returns {import("../../src/pool/pool.ts").Pool}
 */
export function watchedPool(pool, onPass) {
  return {
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
