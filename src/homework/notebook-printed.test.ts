import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NOTEBOOK_PRINTED } from "./notebook-printed.ts";
import type { Scores } from "./replay.ts";

interface Stream {
  readonly learning_rate: number;
  readonly before: Scores;
  readonly running_average_loss_every_100_steps?: readonly (number | null)[];
  /** Of a stream of which not all was written down. */
  readonly running_average_loss_every_100_steps_first_values?: readonly (number | null)[];
  readonly after?: Scores;
}

/** See test/reference/README.md. */
const reference = JSON.parse(
  readFileSync(new URL("../../test/reference/notebook.json", import.meta.url), "utf8"),
) as {
  eta_star: number;
  learning_rate_of_the_study: number;
  learning_rate_search_hidden_32: readonly Stream[];
  study_initial_accuracies_train_test: Record<string, readonly number[]>;
  passes_to_interpolation: Record<string, number | null>;
};

test("what the notebook printed is what the reference says", () => {
  const printed = NOTEBOOK_PRINTED;
  const byWidth = (values: ReadonlyMap<number, unknown>) => Object.fromEntries(values);
  expect({
    eta_star: printed.eta_star,
    learning_rate: printed.learning_rate,
    streams: printed.streams,
    initial_accuracies: byWidth(printed.initial_accuracies),
    passes_to_interpolation: byWidth(printed.passes_to_interpolation),
  }).toEqual({
    eta_star: reference.eta_star,
    learning_rate: reference.learning_rate_of_the_study,
    streams: reference.learning_rate_search_hidden_32.map((stream) => ({
      learning_rate: stream.learning_rate,
      before: stream.before,
      running_averages:
        stream.running_average_loss_every_100_steps ??
        stream.running_average_loss_every_100_steps_first_values ??
        [],
      after: stream.after ?? null,
    })),
    initial_accuracies: reference.study_initial_accuracies_train_test,
    passes_to_interpolation: reference.passes_to_interpolation,
  });
});
