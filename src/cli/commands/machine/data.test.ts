import { expect, test } from "vitest";
import { cli } from "../../../../test/cli/fakes.ts";

test("data tells its origin, as text and as JSON", async () => {
  const text = await cli(["data"]);
  expect(text.code).toBe(0);
  expect(text.out()).toContain("from      a made-up place\n");
  const json = await cli(["data", "--json", "--data", "here"]);
  expect(JSON.parse(json.out())).toMatchObject({
    origin: "a made-up place",
    digest: "0".repeat(64),
    train: { examples: 20, size: 4 },
  });
  expect(json.calls.data).toEqual(["here"]);
});
