import { expect, test } from "vitest";
import { stage } from "../../../../test/cli/fakes.ts";
import { main } from "../../main.ts";

test("prints the notebook's numbers beside ours", async () => {
  const { context, out } = stage();
  expect(await main(["replay"], context)).toBe(0);
  expect(out()).toMatch(/running average 1 +1\.46089982568 +1\.46089982568/);
  expect(out()).toMatch(/within 0\.00001 relative +1 of 60/);
  expect(out()).toMatch(/width 32 +53 +55/);
  expect(out()).toMatch(/after: train loss +nan +nan/);
});

test("--json gives the replay as one document", async () => {
  const { context, out } = stage();
  expect(await main(["replay", "--json"], context)).toBe(0);
  expect(JSON.parse(out())).toMatchObject({
    streams: [
      { learning_rate: 0.1, running_averages: [1.4608998256816126, null] },
      { learning_rate: 0.01 },
      { learning_rate: 0.02 },
    ],
    initial_accuracies: { "8": [0.1137, 0.1113] },
  });
});

test("--ensemble prints the spread of each width", async () => {
  const { context, out, calls } = stage();
  expect(await main(["replay", "--ensemble", "3"], context)).toBe(0);
  expect(out()).toMatch(/width 32 +53 +3 of 3: 53 53 53/);
  expect(out()).toMatch(/width 512 +34 +1 of 2: 34/);
  expect(calls.closed).toBe(1);
});

test.each(["0", "-1", "1.5", "abc", "1e9"])("--ensemble %s is refused", async (count) => {
  const { context, err } = stage();
  expect(await main(["replay", "--ensemble", count], context)).toBe(2);
  expect(err()).toMatch(/^--ensemble: expected an integer from 1 to 1000, got "[^\n]*\n$/);
});
