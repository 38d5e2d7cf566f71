import { expect, test } from "vitest";
import { evaluationMultiplyAdds } from "../../kernel/cost.ts";
import { affordable } from "./rehearse.ts";

const network = (...hidden: number[]) => ({ inputs: 784, hidden, classes: 10 });

test("networks of which measurements would take minutes are rehearsed with narrower layers", () => {
  const wide = network(...Array<number>(7).fill(2048));
  expect(affordable(wide).hidden).toEqual(Array(7).fill(256));
  expect(evaluationMultiplyAdds(affordable(wide))).toBeLessThan(evaluationMultiplyAdds(wide) / 40);
  expect(affordable(network(4096, 8)).hidden).toEqual([512, 8]);
});

test("smaller ones are rehearsed as they are, and so is what has no hidden layer", () => {
  expect(affordable(network(200, 200))).toEqual(network(200, 200));
  expect(affordable({ inputs: 1e6, hidden: [], classes: 10 }).hidden).toEqual([]);
});
