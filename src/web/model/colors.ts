// Colours of ordered lines: plasma's, whose lightness rises steadily, so that they stay in order for every eye and in
// grey. On white the narrowest is the lightest, as in the report's figures; on black the darkest.

/** Plasma (S. van der Walt, N. Smith) at 0, 0.1, …, 1. */
const PLASMA = [
  [13, 8, 135],
  [65, 4, 157],
  [106, 0, 168],
  [143, 13, 164],
  [177, 42, 144],
  [204, 71, 120],
  [225, 100, 98],
  [242, 132, 75],
  [252, 166, 54],
  [252, 206, 37],
  [240, 249, 33],
] as const;

const ON_WHITE = { narrowest: 0.74, widest: 0 };
const ON_BLACK = { narrowest: 0.3, widest: 0.97 };

/** Lengths of strokes and gaps, in CSS pixels, of the studies that are laid over each other. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/** Of the line with this index among `count`, from the narrowest on; `share` of opacity. */
export function lineColor(
  { index, count }: { readonly index: number; readonly count: number },
  dark: boolean,
  opacity = 1,
): string {
  const { narrowest, widest } = dark ? ON_BLACK : ON_WHITE;
  const share =
    count === 1 ? (dark ? 0.7 : 0.25) : narrowest + (index / (count - 1)) * (widest - narrowest);
  const place = share * (PLASMA.length - 1);
  const below = PLASMA[Math.floor(place)];
  const above = PLASMA[Math.ceil(place)];
  const mixed = below.map((value, i) => Math.round(value + (above[i] - value) * (place % 1)));
  return `rgb(${mixed.join(" ")} / ${opacity})`;
}
