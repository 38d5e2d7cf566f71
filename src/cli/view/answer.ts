// The answers of a study in a few lines, for the end of a run.

import type { Answered } from "../../questions/asked.ts";
import { divergenceSentence } from "../../questions/divergence.ts";

/** Lines without an end of line, divergence first and the main answer near their end; `folder` is where the report lies. */
export function answerLines({ ordered, result }: Answered, folder: string): string[] {
  const told = [...ordered]
    .reverse()
    .flatMap(({ lines = [] }) => (lines.length > 0 ? [lines] : []));
  const diverged = divergenceSentence(result);
  return [
    ...(diverged === null ? [] : [diverged, ""]),
    told.map((lines) => lines.join("\n")).join("\n\n"),
    `fingerprint: ${result.fingerprint}`,
    `report: ${folder}/report.html`,
  ];
}
