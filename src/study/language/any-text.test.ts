// Whatever is read is a study, or is refused in one sentence.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOMEWORK } from "../../../test/support/study-text.ts";
import { InputError } from "../../base/errors.ts";
import { parseStudy } from "./parse.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";

describe("whatever the text, a study or one sentence", () => {
  /** Fails unless `text` gives a study or an InputError of one line that begins with the file's name. */
  function check(text: string): void {
    try {
      parseStudy(text, "mine.yaml", CATALOGUE);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const { message } = error as InputError;
      expect(message).toMatch(/^mine\.yaml:(\d+:\d+)? \P{Cc}{5,400}$/u);
      expect(message).not.toMatch(/undefined|\[object/);
    }
  }

  const place = fc.nat(HOMEWORK.length);
  const change = fc.oneof(
    fc.record({ at: place, length: fc.nat(40), by: fc.constant("") }),
    fc.record({
      at: place,
      length: fc.constant(1),
      by: fc.string({ unit: "binary", maxLength: 1 }),
    }),
    fc.record({
      at: place,
      length: fc.nat(6),
      by: fc.constantFrom(
        "0",
        "-1",
        "1e9",
        "~",
        "[",
        "{",
        "&a ",
        "*a",
        "!!binary ",
        "\t",
        "\n",
        "? ",
        "- ",
        ": ",
        "'",
        "|",
        "---\n",
        "...\n",
        "%YAML 1.1\n---\n",
        "__proto__",
        "width",
        ".nan",
        "0..9",
      ),
    }),
  );

  test("a changed homework", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = HOMEWORK;
        for (const { at, length, by } of changes)
          text = text.slice(0, at) + by + text.slice(at + length);
        check(text);
      }),
      { numRuns: 1500 },
    );
  });

  test("lines taken out, repeated and moved", () => {
    const lines = HOMEWORK.split("\n");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 40 }), (some) => {
        check(some.join("\n"));
      }),
      { numRuns: 500 },
    );
    for (const [index] of lines.entries()) {
      check(lines.toSpliced(index, 1).join("\n"));
      check(lines.toSpliced(index, 0, lines[index] ?? "").join("\n"));
    }
  });

  test("garbage", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), check), { numRuns: 500 });
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from("[]{}:,-?&*!|>'\"%@` \n\ta1#")),
          maxLength: 200,
        }),
        check,
      ),
      { numRuns: 1000 },
    );
  });
});
