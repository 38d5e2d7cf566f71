import { expect, test } from "vitest";
import { store, SECOND, run } from "../../test/cli/kept-store.ts";

test("a name means the study planned last; what is ambiguous or unknown is said", async () => {
  expect((await run("show", "mine")).out()).toContain(SECOND.id);
  const unknown = await run("show", "othre");
  expect(unknown.code).toBe(2);
  expect(unknown.err()).toMatch(/did you mean other\?\n$/);
  store.keys = () => Promise.resolve(["abcd1", "abcd2"]);
  const { code, err } = await run("show", "abcd");
  expect(code).toBe(2);
  expect(err()).toBe('"abcd" means 2 things: trial abcd1, trial abcd2; name one by its digits\n');
});

test.each(["show", "verify", "export"])(
  "%s says which study it takes where several have the name",
  async (command) => {
    const { err } = await run(command, "mine");
    expect(err()).toMatch(
      /^study mine [0-9a-f]{12}, planned .* UTC, of 2 of that name; name another one by its id/,
    );
    expect((await run(command, "other")).err()).not.toContain("of that name");
  },
);
