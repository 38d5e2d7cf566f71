// A finished study as one file that needs nothing else: the report, with the curves whatever was asked.

import type { Dataset } from "../../data/dataset.ts";
import { renderHtml } from "../../document/html.ts";
import { NUMERICS_VERSION } from "../../model/trial.ts";
import { sha256 } from "../../pool/web/sha256.ts";
import { answered, type Answered } from "../../questions/asked.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import type { Provenance } from "../../report/provenance.ts";
import { buildReport } from "../../report/report.ts";
import { summarize, summaryJson } from "../../report/summary.ts";
import { mostMisleadingPixels } from "../../study/misleading.ts";
import type { StudyResult } from "../../study/result.ts";

/** By the bundler. */
declare const WIDTHWISE_VERSION: string;

const CURVES = "learning-curves";

export function reportHtml(
  result: StudyResult,
  dataset: Dataset,
  seconds: number,
  command: string,
): string {
  const found = withCurves(answered(result, CATALOGUE));
  const { study } = result;
  const { name, digest } = dataset;
  const misleading = mostMisleadingPixels(study, dataset, sha256);
  const told = dataset.image
    ? { misleading_pixels: misleading }
    : { misleading_inputs: misleading };
  const origin =
    study.dataset.path === undefined ? "the page" : (study.dataset.path.split("/").at(-1) ?? "");
  const provenance: Provenance = {
    versions: {
      widthwise: WIDTHWISE_VERSION,
      numerics: NUMERICS_VERSION,
      browser: navigator.userAgent,
    },
    seconds: { total: seconds },
    command,
    dataset: { name, digest, origin, ...(misleading > 0 && told) },
  };
  return renderHtml(buildReport(found, provenance), summaryJson(summarize(found, provenance)));
}

function withCurves(found: Answered): Answered {
  if (found.answers.has(CURVES) || found.points.length === 0) return found;
  const curves = CATALOGUE.questions[CURVES].answer(found, {});
  return { ...found, ordered: [...found.ordered, curves] };
}
