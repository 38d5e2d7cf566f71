// Where labels of marks stand: beside them, above or below, so that none covers another label or mark; or nowhere.

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A mark with its label's size, in px. */
interface LabelledMark {
  readonly x: number;
  readonly y: number;
  /** Half of what the mark takes. */
  readonly radius: number;
  /** Of its label, and of others that may stand in its place where that has no room. */
  readonly widths: readonly number[];
  readonly height: number;
}

/** A label's box, and by its index in `widths` which label it is. */
export interface PlacedLabel extends Box {
  readonly of: number;
}

/** Between a mark and its label, and between labels. */
const GAP = 4;

/** Each label within `bounds`, the first ones first; null where none has room. */
export function labelsBeside(
  marks: readonly LabelledMark[],
  bounds: Box,
  obstacles: readonly Box[] = [],
): (PlacedLabel | null)[] {
  const taken = [...obstacles, ...marks.map(boxOf)];
  return marks.map((mark) => {
    const own = boxOf(mark);
    const found = placesOf(mark).find(
      (box) =>
        isWithin(box, bounds) && taken.every((other) => isSame(other, own) || !isOver(box, other)),
    );
    if (found === undefined) return null;
    taken.push(found);
    return found;
  });
}

function boxOf({ x, y, radius }: LabelledMark): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** To the right, above, below, to the left; then aslant above. */
function placesOf({ x, y, radius, widths, height }: LabelledMark): PlacedLabel[] {
  const away = radius + GAP;
  return widths.flatMap((width, of) => {
    const at = (left: number, top: number): PlacedLabel => ({
      ...{ of, left, top, right: left + width, bottom: top + height },
    });
    return [
      at(x + away, y - height / 2),
      at(x - width / 2, y - away - height + 2),
      at(x - width / 2, y + away - 2),
      at(x - away - width, y - height / 2),
      at(x + radius - width, y - away - height + 2),
      at(x - radius, y - away - height + 2),
    ];
  });
}

function isWithin(box: Box, bounds: Box): boolean {
  return (
    box.left >= bounds.left &&
    box.right <= bounds.right &&
    box.top >= bounds.top &&
    box.bottom <= bounds.bottom
  );
}

function isSame(a: Box, b: Box): boolean {
  return a.left === b.left && a.top === b.top;
}

function isOver(a: Box, b: Box): boolean {
  return a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom && b.top < a.bottom;
}
