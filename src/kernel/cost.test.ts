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

test("a batch that is the block is cheaper by the example than momentum's blocks, and than a state that each example steps", () => {
  const momentum = { kind: "sgd", momentum: 0.9 } as const;
  const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  const plain = stepMultiplyAdds(deep);
  const of = (stepping: Parameters<typeof passCost>[3]) => stepMultiplyAdds(deep, stepping) / plain;
  expect([of({}), of({ batch: 4 })]).toEqual([1, 1]);
  // As a prototype took them, at 784-32 and 784-512.
  expect(of({ optimizer: momentum })).toBeGreaterThan(1.6);
  expect(of({ optimizer: momentum })).toBeLessThan(1.9);
  expect(of({ optimizer: momentum, batch: 32 })).toBeGreaterThan(0.74);
  expect(of({ optimizer: momentum, batch: 32 })).toBeLessThan(0.93);
  expect(
    of({ optimizer: adam, batch: 100 }) / of({ optimizer: momentum, batch: 100 }),
  ).toBeLessThan(1.1);
  expect(of({ optimizer: adam })).toBeGreaterThan(3);
  const cost = (stepping: Parameters<typeof passCost>[3]) => passCost(deep, 6000, 0, stepping);
  expect(cost({ optimizer: momentum, batch: 32 })).toBeLessThan(cost({}));
  expect(cost({ optimizer: momentum })).toBeGreaterThan(cost({}));
});
