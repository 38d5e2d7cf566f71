// `widthwise new`: a commented study to start from.

import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { stringify } from "yaml";
import { InputError } from "../../../base/errors.ts";
import { studyName } from "../../../study/language/schema.ts";
import type { Context } from "../../context.ts";
import { pathProblem } from "../../output/path-problem.ts";
import { STUDIES } from "../../package.ts";

const HELP = `
Writes <name>.yaml into this folder, a study with its most common keys explained;
a file that is there already stays as it is. docs/studies.md has all keys.

Examples:
  $ widthwise new noise && widthwise run ./noise.yaml --dry-run

Exit codes: 0 done, 2 bad usage, or the file is there or cannot be written.`;

export function addNewCommand(program: Command, context: Context): void {
  program
    .command("new")
    .summary("write a commented study to start from")
    .description("Writes a commented study to start from.")
    .argument("[name]", "name of the study and its file", "my-study")
    .addHelpText("after", HELP)
    .action((name: string) => create(name, context));
}

async function create(name: string, { stdout }: Context): Promise<void> {
  const text = await template(name);
  const path = `${name}.yaml`;
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new InputError(`new: ${path} is there already; choose another name`, { cause: error });
    throw pathProblem("new", path, "file", error);
  }
  stdout.write(`${path}\n`);
}

/** The shipped template, with this name and with the schema where this package has it. */
async function template(name: string): Promise<string> {
  const checked = studyName.safeParse(name);
  if (!checked.success) throw new InputError(`new: ${checked.error.issues[0].message}`);
  const text = await readFile(new URL("templates/new.yaml", STUDIES), "utf8");
  const schema = fileURLToPath(new URL("study.schema.json", STUDIES));
  const here = relative(process.cwd(), schema);
  return text
    .replace("../study.schema.json", () => (here.startsWith("..") ? schema : here))
    .replaceAll("my-study", () => name)
    .replace(/^name: \S+/m, () => `name: ${stringify(name).trim()}`);
}
