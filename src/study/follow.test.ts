import { expect, test } from "vitest";
import { record } from "../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import { cutRecord, lastPass, type TrialRecord } from "../records/record.ts";
import { follow } from "./follow.ts";
import type { PlannedTrial } from "./plans/plan.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { studyPlan } from "./plans/study-plan.ts";
import type { Study } from "./spec.ts";

/** Its training loss falls to a tenth where its rate is at most 0.2. */
function made({ trial }: PlannedTrial): TrialRecord {
  const { learning_rate } = trial.specification.training;
  const after = learning_rate <= 0.2 ? 0.23 : 3;
  const rows = Array.from({ length: trial.passes + 1 }, (_, pass) => {
    return [pass === 0 ? 2.3 : after, 0.5, 1, 0.5] as const;
  });
  return record(32, rows, { learning_rate });
}

const asked = study({ widths: [32], passes: 5, learning_rate: "eta_star / 2" });

test("asks for the search, rate by rate, and then for the sweep at half of η*", async () => {
  const rounds: unknown[] = [];
  const supply = (trials: readonly PlannedTrial[]) => {
    rounds.push(
      trials.map(({ role, trial }) => [role, trial.specification.training.learning_rate]),
    );
    return Promise.resolve(trials.map(made));
  };
  const followed = await follow(studyPlan(asked, DATASET_SIZES, CATALOGUE), supply, sha256);
  expect(rounds).toEqual([
    [["search", 0.1]],
    [["search", 0.2]],
    [["search", 0.4]],
    [["sweep", 0.1]],
  ]);
  expect(followed).toMatchObject({ supplied: 4, answer: { learning_rate: 0.1 } });
});

test("does not take a search's trial for the sweep's of the same key with more passes", async () => {
  const supply = (trials: readonly PlannedTrial[]) => Promise.resolve(trials.map(made));
  const followed = await follow(studyPlan(asked, DATASET_SIZES, CATALOGUE), supply, sha256);
  const passes = "answer" in followed && followed.answer.outcomes[0].record.trajectory.length - 1;
  expect(passes).toBe(5);
});

test("does not take a search's trial for the sweep's of the same key that rules have stopped", async () => {
  const question = { name: "learning-rate", by: "not finite", ratio: 2 };
  const both: Study = {
    ...study({ widths: [32], passes: 5, learning_rate: 0.125 }),
    stop: { train_loss_below: 1 },
    ask: [{ name: "learning-curves" }, question],
  };
  const supply = (trials: readonly PlannedTrial[]) =>
    Promise.resolve(
      trials.map((planned) => {
        const { passes, stop } = planned.trial;
        return cutRecord(made(planned), passes, stop);
      }),
    );
  const followed = await follow(studyPlan(both, DATASET_SIZES, CATALOGUE), supply, sha256);
  if (!("answer" in followed)) expect.fail("something is missing");
  const { outcomes, rates } = followed.answer;
  const [ofSweep, ofSearch] = [outcomes[0].record, rates?.trials[0].record];
  expect(ofSearch?.key).toBe(ofSweep.key);
  expect([lastPass(ofSweep), outcomes[0].stopped, ofSearch && lastPass(ofSearch)]).toEqual([1, true, 5]); // prettier-ignore
});

test("ends where something is missing, and says what, and what it will want then", async () => {
  const supply = (trials: readonly PlannedTrial[]) =>
    Promise.resolve(
      trials.map((planned) =>
        planned.trial.specification.training.learning_rate === 0.2 ? null : made(planned),
      ),
    );
  const followed = await follow(studyPlan(asked, DATASET_SIZES, CATALOGUE), supply, sha256);
  if ("answer" in followed) expect.fail("it has an answer");
  const { trials, expected } = followed.request;
  expect(followed.supplied).toBe(1);
  expect([...trials].map(({ role }) => role)).toEqual(["search"]);
  expect([...expected].map(({ role }) => role)).toEqual(["search", "sweep"]);
});
