// The files of a finished study, as names and contents. Writing them to a folder is the caller's.

import { curvesFigure } from "../figures/curves.ts";
import { interpolationFigure } from "../figures/interpolation.ts";
import { learningRateFigure } from "../figures/learning-rate.ts";
import { png } from "../figures/png.node.ts";
import type { StudyResult } from "../study/result.ts";
import { renderHtml } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Provenance } from "./provenance.ts";
import { buildReport } from "./report.ts";
import { summarize, summaryJson } from "./summary.ts";
import { trajectoriesCsv } from "./trajectories.ts";

/**
 * report.html, report.md, summary.json, trajectories.csv, and each figure as .svg and .png: curves,
 * interpolation and, where the learning rate was searched, learning-rate.
 */
export function renderReport(
  result: StudyResult,
  provenance: Provenance,
): Map<string, string | Uint8Array> {
  const { outcomes, search, learning_rate, study } = result;
  const figures = {
    curves: curvesFigure(outcomes, study.training.passes),
    interpolation: interpolationFigure(outcomes, study.training.passes),
    learningRate:
      search === null ? null : learningRateFigure(search.probes, search.eta_star, learning_rate),
  };
  const report = buildReport(result, provenance, figures);
  const drawn = Object.values(figures).filter((figure) => figure !== null);
  return new Map<string, string | Uint8Array>([
    ["report.html", renderHtml(report)],
    ["report.md", renderMarkdown(report)],
    ["summary.json", summaryJson(summarize(result, provenance))],
    ["trajectories.csv", trajectoriesCsv(outcomes)],
    ...drawn.flatMap((figure): [string, string | Uint8Array][] => [
      [`${figure.name}.svg`, figure.svg],
      [`${figure.name}.png`, png(figure)],
    ]),
  ]);
}
