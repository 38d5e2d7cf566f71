// Rows of text as aligned columns.

/** Columns that `right` names by their place are aligned to the right; two spaces lie between columns. */
export function alignedLines(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((text, column) => Math.max(found[column] ?? 0, text.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, column) =>
        right.includes(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]),
      )
      .join("  ")
      .trimEnd(),
  );
}
