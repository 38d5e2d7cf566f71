import { expect, test } from "vitest";
import { subsetWarning } from "./misleading.ts";

test("a warning counts pixels of images, and inputs of other examples", () => {
  expect(subsetWarning(0, 60, "pixel")).toBeNull();
  expect(subsetWarning(1, 60, "pixel")).toMatch(
    /^1 pixel is constant in the 60 training images and not in the test images: /,
  );
  expect(subsetWarning(2, 6, "input")).toMatch(
    /^2 inputs are constant in the 6 training examples and not in the test examples: /,
  );
});
