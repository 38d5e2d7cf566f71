// The names of a finished study's files, known before it is run.

import type { Study } from "../study/spec.ts";

const PANELS = ["train-loss", "test-loss", "train-accuracy", "test-accuracy"];

/** What renderReport (files.node.ts) makes of the study; a slide of each panel is on its own, too. */
export function reportFileNames({ training }: Study, size: "paper" | "slide"): string[] {
  const isSearched = training.learning_rate === "eta_star / 2";
  const figures = [
    ...["curves", "interpolation", ...(isSearched ? ["learning-rate"] : [])],
    ...(size === "slide" ? PANELS.map((panel) => `curves-${panel}`) : []),
  ];
  return [
    ...["report.html", "report.md", "summary.json", "trajectories.csv"],
    ...figures.flatMap((name) => [`${name}.svg`, `${name}.png`]),
  ];
}
