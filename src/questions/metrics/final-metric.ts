// A number of the trials, a column of their trajectories or measurements, against an axis: where it peaks, where it is
// least, and how sure that is.

import * as z from "zod";

import { METRICS, type MetricPlace } from "../../analysis/metric.ts";
import { expected, list, nearHint, oneOf } from "../../base/fields.ts";
import { enumerate } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import { isMeasuredColumn, measurementOf } from "../../measurements/table.ts";
import type { AskedStudy } from "../../study/catalogue.ts";
import {
  metricConditions,
  metricFacts,
  metricFigure,
  metricLines,
  metricSentences,
  metricsTable,
  noteSentences,
} from "./words.ts";
import { lackingAxis } from "./axis.ts";
import { fieldsOfMetric, metricAnswer } from "./lines.ts";
import { metricName } from "./names.ts";
import { question } from "../question.ts";

const NAME = "final-metric";
const PLACES = ["end", "best", "worst", "interpolation"] as const satisfies readonly MetricPlace[];
const COLUMN = z.string({ error: expected("the name of a column, such as test_error") });

export const finalMetric = question({
  settings: {
    of: z.union(
      [
        COLUMN,
        list("columns", COLUMN).min(1, {
          error: "expected at least one column, got an empty list",
        }),
      ],
      {
        error: expected(
          "a column, as in { name: final-metric, of: test_error }, or a list of them",
        ),
      },
    ),
    at: oneOf(PLACES).optional(),
    against: z.string({ error: expected("the path of a swept axis") }).optional(),
  },
  needs: "sweep",
  lacks: (study, { of, against = "width" }) =>
    lackingColumn(study, metricsOf(of)) ?? lackingAxis(study, String(against)),
  figures: ({ ask = [] }) => {
    const of = ask.find(({ name }) => name === NAME)?.of;
    return metricsOf(of).map((metric) => fileName(metric, of));
  },
  answer(findings, { of, at = "end", against = "width" }) {
    const [first, ...others] = metricsOf(of).map((metric) =>
      metricAnswer(findings, { metric, at, against }),
    );
    const all = [first, ...others];
    const names = metricsOf(of).map(metricName);
    const drawn = all.filter(({ lines }) => lines.some(({ shape }) => shape !== null));
    const figureOf = (size: Parameters<typeof metricFigure>[3]) => (one: typeof first) =>
      metricFigure(findings, one, fileName(one.metric, of), size);
    return {
      facts: all.flatMap(metricFacts),
      sentences: [...all.flatMap(metricSentences), ...noteSentences(findings, all)],
      conditions: metricConditions(findings, all),
      lines: all.flatMap(metricLines),
      section: {
        ...{ id: NAME, heading: `The final ${enumerate(names)}` },
        blocks: metricsTable(findings, all),
      },
      // A metric without any value has no figure.
      ...(drawn.length > 0 && {
        draw: (size) => [figureOf(size)(drawn[0]), ...drawn.slice(1).map(figureOf(size))],
      }),
      summary: {
        final_metric:
          typeof of === "string"
            ? fieldsOfMetric(findings, first)
            : Object.fromEntries(all.map((one) => [one.metric, fieldsOfMetric(findings, one)])),
      },
    };
  },
});

function metricsOf(of: unknown): string[] {
  return [of].flat().map(String);
}

/** Of a figure; where a list is asked, each has its metric in its name. */
function fileName(metric: string, of: unknown): string {
  return Array.isArray(of) ? `${NAME}-${metric.replaceAll("_", "-")}` : NAME;
}

function lackingColumn({ measure = [], model }: AskedStudy, metrics: readonly string[]) {
  const layers = model.hidden.map(() => 1);
  const measured = measure.flatMap((choice) => measurementOf(choice).columns?.(layers) ?? []);
  const columns = [...METRICS, ...measured];
  const unknown = metrics.find((metric) => !columns.includes(metric));
  if (unknown !== undefined)
    return isMeasuredColumn(unknown)
      ? `of ${unknown} needs its measurement; add it to measure`
      : `has no column ${quote(unknown)}; write ${columns.join(" or ")}${nearHint(unknown, columns)}`;
  const repeated = metrics.find((metric, place) => metrics.indexOf(metric) < place);
  return repeated === undefined ? null : `names ${repeated} twice; write it once`;
}
