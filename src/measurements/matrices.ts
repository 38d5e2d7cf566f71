// Products of matrices in float64, with sums in a written order: what networks are measured with.

/** A matrix in row-major memory, or one that is read across it. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** How far apart in memory the neighbours in a column are, and those in a row. */
  readonly down: number;
  readonly along: number;
}

/** (rows, columns) row-major. */
export function matrix(values: Float64Array, rows: number, columns: number): Matrix {
  return { values, rows, columns, down: columns, along: 1 };
}

export function transposed({ values, rows, columns, down, along }: Matrix): Matrix {
  return { values, rows: columns, columns: rows, down: along, along: down };
}

/**
 * Adds the product of `a` (m, k) and `b` (k, n) to `out` (m, n), row-major: to each of its numbers k terms, one after the
 * other, in ascending order.
 */
export function addProduct(out: Float64Array, a: Matrix, b: Matrix): void {
  const { rows, columns: inner, values: x, down: xDown, along: xAlong } = a;
  const { columns, values: y, down: yDown, along: yAlong } = b;
  // Tiles of 2 × 4 numbers, which processors keep in registers; row by row, so that four columns of b stay at hand.
  const tiledRows = rows - (rows % 2);
  const tiledColumns = columns - (columns % 4);
  for (let column = 0; column < tiledColumns; column += 4) {
    for (let row = 0; row < tiledRows; row += 2) {
      const first = row * columns + column;
      const second = first + columns;
      let s00 = out[first];
      let s01 = out[first + 1];
      let s02 = out[first + 2];
      let s03 = out[first + 3];
      let s10 = out[second];
      let s11 = out[second + 1];
      let s12 = out[second + 2];
      let s13 = out[second + 3];
      let at = row * xDown;
      let from = column * yAlong;
      for (let k = 0; k < inner; k++) {
        const x0 = x[at];
        const x1 = x[at + xDown];
        const y0 = y[from];
        const y1 = y[from + yAlong];
        const y2 = y[from + 2 * yAlong];
        const y3 = y[from + 3 * yAlong];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
        at += xAlong;
        from += yDown;
      }
      out[first] = s00;
      out[first + 1] = s01;
      out[first + 2] = s02;
      out[first + 3] = s03;
      out[second] = s10;
      out[second + 1] = s11;
      out[second + 2] = s12;
      out[second + 3] = s13;
    }
  }
  const addOne = (row: number, column: number) => {
    let sum = out[row * columns + column];
    for (let k = 0; k < inner; k++)
      sum += x[row * xDown + k * xAlong] * y[k * yDown + column * yAlong];
    out[row * columns + column] = sum;
  };
  for (let row = 0; row < rows; row++)
    for (let column = row < tiledRows ? tiledColumns : 0; column < columns; column++)
      addOne(row, column);
}

/** Σ_i a_i b_i, i ascending from 0. */
export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
