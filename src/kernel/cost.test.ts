import { expect, test } from "vitest";
import { evaluationMultiplyAdds, passCost, stepMultiplyAdds } from "./cost.ts";

// Written out by hand for 784-8-4-10.
const deep = { inputs: 784, hidden: [8, 4], classes: 10 };

test("a step multiplies twice with the first layer's weights, three times with those above", () => {
  expect(stepMultiplyAdds(deep)).toBe(2 * 784 * 8 + 3 * (8 * 4 + 4 * 10));
});

test("an evaluation multiplies once with each weight", () => {
  expect(evaluationMultiplyAdds(deep)).toBe(784 * 8 + 8 * 4 + 4 * 10);
});

test("every layer makes a pass dearer, and so does every example", () => {
  const cost = (...hidden: number[]) => passCost({ ...deep, hidden }, 6000, 10_000);
  expect(cost(512, 512) / cost(512)).toBeGreaterThan(1.5);
  // What decides who goes first: a wide layer behind a narrow one is not cheaper than a narrow one alone.
  expect(cost(8, 512)).toBeGreaterThan(cost(8));
  expect(cost(256, 256, 256)).toBeGreaterThan(cost(257));
  expect(passCost(deep, 6000, 10_000) - passCost(deep, 6000, 0)).toBe(
    10_000 * (5_200 + evaluationMultiplyAdds(deep)),
  );
});
