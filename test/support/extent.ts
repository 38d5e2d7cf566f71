// How much of a large table or campaign is tested: `npm test` takes a sample, `npm run test:long` all of it.

export const IS_LONG = process.env.LONG !== undefined;

export const extent = (short: number, long: number): number => (IS_LONG ? long : short);

/** Each `nth` in `npm test`; prime to the lengths of a table's columns, so that each value of each is among them. */
export function sampled<One>(all: readonly One[], nth: number): readonly One[] {
  return all.filter((_, at) => at % extent(nth, 1) === 0);
}
