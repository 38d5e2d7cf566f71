// Moves labels apart along one axis so that none covers another, as little as possible.

/**
 * Positions at least `gap` apart within [low, high], in the order of `wanted`: each as near to its
 * wanted one as the others allow (pool adjacent violators). null where they do not fit.
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] | null {
  if ((wanted.length - 1) * gap > high - low) return null;
  const order = wanted.map((_, index) => index).sort((a, b) => at(wanted, a) - at(wanted, b));
  // With k·gap taken off the k-th, "at least gap apart" becomes "does not fall".
  const blocks: { sum: number; members: number[] }[] = [];
  order.forEach((index, rank) => {
    let block = { sum: at(wanted, index) - rank * gap, members: [index] };
    for (let last = blocks.at(-1); last && mean(last) > mean(block); last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, members: [...last.members, ...block.members] };
    }
    blocks.push(block);
  });
  const positions = wanted.map(() => 0);
  let rank = 0;
  for (const block of blocks) {
    const start = Math.min(Math.max(mean(block), low), high - (wanted.length - 1) * gap);
    for (const index of block.members) positions[index] = start + rank++ * gap;
  }
  return positions;
}

function mean(block: { sum: number; members: readonly number[] }): number {
  return block.sum / block.members.length;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? NaN;
}
