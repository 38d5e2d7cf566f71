// The files of a finished study, as names and contents. Writing them to a folder is the caller's.

import { curvesFigure, curvesSlides } from "../figures/curves.ts";
import { interpolationFigure } from "../figures/interpolation.ts";
import { learningRateFigure } from "../figures/learning-rate.ts";
import { png } from "../figures/png.node.ts";
import type { FigureSize } from "../figures/size.ts";
import type { Figure } from "../figures/svg.ts";
import type { StudyResult } from "../study/result.ts";
import { renderHtml } from "../document/html.ts";
import { renderMarkdown } from "../document/markdown.ts";
import type { Provenance } from "./provenance.ts";
import { buildReport } from "./report.ts";
import { summarize, summaryJson } from "./summary.ts";
import { trajectoriesCsv } from "./trajectories.ts";

/**
 * report.html, report.md, summary.json, trajectories.csv, and each figure as .svg and .png: curves,
 * interpolation and, where the learning rate was searched, learning-rate. `size`: of the figures' own
 * files; for slides each panel of the curves has its files, too. report.html is the same for both.
 */
export function renderReport(
  result: StudyResult,
  provenance: Provenance,
  size: "paper" | "slide" = "paper",
): Map<string, string | Uint8Array> {
  const { outcomes, study } = result;
  const paper = draw(result, "paper");
  const phone = draw(result, "phone");
  const report = buildReport(result, provenance, {
    curves: { figure: paper.curves, narrow: phone.curves },
    interpolation: { figure: paper.interpolation, narrow: phone.interpolation },
    learningRate:
      paper.learningRate && phone.learningRate
        ? { figure: paper.learningRate, narrow: phone.learningRate }
        : null,
  });
  const figures =
    size === "paper"
      ? Object.values(paper)
      : [...Object.values(draw(result, size)), ...curvesSlides(outcomes, study.training.passes)];
  const drawn = figures.filter((figure) => figure !== null);
  const summary = summaryJson(summarize(result, provenance));
  return new Map<string, string | Uint8Array>([
    ["report.html", renderHtml(report, summary)],
    ["report.md", renderMarkdown(report)],
    ["summary.json", summary],
    ["trajectories.csv", trajectoriesCsv(outcomes)],
    ...drawn.flatMap((figure): [string, string | Uint8Array][] => [
      [`${figure.name}.svg`, figure.svg],
      [`${figure.name}.png`, png(figure)],
    ]),
  ]);
}

function draw(
  { outcomes, search, learning_rate, study }: StudyResult,
  size: FigureSize,
): { curves: Figure; interpolation: Figure; learningRate: Figure | null } {
  const { passes } = study.training;
  return {
    curves: curvesFigure(outcomes, passes, size),
    interpolation: interpolationFigure(outcomes, passes, size),
    learningRate:
      search === null
        ? null
        : learningRateFigure(search.probes, search.eta_star, learning_rate, size),
  };
}
