// The answers of a study in a few lines, for the end of a run.

import type { Answered } from "../../questions/asked.ts";

/** Lines without an end of line, the main answer near their end; `folder` is where the report lies. */
export function answerLines({ ordered, result }: Answered, folder: string): string[] {
  const told = [...ordered]
    .reverse()
    .flatMap(({ lines = [] }) => (lines.length > 0 ? [lines] : []));
  return [
    told.map((lines) => lines.join("\n")).join("\n\n"),
    `fingerprint: ${result.fingerprint}`,
    `report: ${folder}/report.html`,
  ];
}
