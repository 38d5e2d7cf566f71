import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, store, OTHER, SECOND, run } from "../../test/cli/kept-store.ts";
import { findStudy } from "./study-files.ts";

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

test("a file means what is kept of what it says, and nothing else of its name", async () => {
  const text = (learning_rate: number, data: string) => `
name: filed
question: "?"
dataset: { path: ${data}, test: { share: 0.2 } }
model: { hidden: [8], init: he }
training: { learning_rate: ${learning_rate}, passes: 2 }
`;
  const write = (name: string, written: string) => {
    const path = join(folder, name);
    writeFileSync(path, written);
    return path;
  };
  const path = write("filed.yaml", text(0.1, "mine.csv"));
  const other = write("other.yaml", text(0.2, "mine.csv"));
  const unknown = await run("verify", path);
  expect([unknown.code, unknown.err()]).toEqual([
    2,
    `study "${path}": what it says is not kept in this store; run it first\n`,
  ]);
  const keep = async (file: string, id: string) => {
    const specification = JSON.stringify(await findStudy(file));
    await store.plan({ ...OTHER, name: "filed", id: id.repeat(64), specification });
  };
  await keep(other, "b");
  expect((await run("show", path)).err()).toContain(
    "what it says is not kept in this store; 1 other of the name filed is, as options or an edit of the file make them; name one by its id",
  );
  await keep(path, "a");
  expect((await run("show", path)).out()).toContain("a".repeat(64));
  expect((await run("show", other)).out()).toContain("b".repeat(64));
  // The same study with its data elsewhere.
  const moved = write("moved.yaml", text(0.1, "elsewhere/mine.csv"));
  expect((await run("show", moved)).out()).toContain("a".repeat(64));
});
