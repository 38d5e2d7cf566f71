// The homework as its file has it, and what is said of a text that is no study.

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";

export const HOMEWORK = readFileSync(
  new URL("../../studies/homework.yaml", import.meta.url),
  "utf8",
).replace(/^# yaml-language-server.*\n/, "");

export function problem(text: string): string {
  try {
    parseStudy(text, "mine.yaml", CATALOGUE);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return "no problem";
}
