// The names of a finished study's files, known before it is run.

import type { Study } from "../study/spec.ts";

/** What renderReport (files.node.ts) makes of the study. */
export function reportFileNames({ training }: Study): string[] {
  const isSearched = training.learning_rate === "eta_star / 2";
  const figures = ["curves", "interpolation", ...(isSearched ? ["learning-rate"] : [])];
  return [
    ...["report.html", "report.md", "summary.json", "trajectories.csv"],
    ...figures.flatMap((name) => [`${name}.svg`, `${name}.png`]),
  ];
}
