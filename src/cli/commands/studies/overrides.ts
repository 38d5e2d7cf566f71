// Options that put other values in the place of a study's: what commands take them, and how they are given again.

import { Option, type Command } from "commander";
import type { Overrides } from "../../study-files.ts";
import {
  parseLearningRate,
  parsePasses,
  parseSeeds,
  parseSet,
  parseWidths,
} from "../../options.ts";

/** The command, which takes these options from now on. */
export function addOverrides(command: Command): Command {
  return command
    .option(
      "--widths <list>",
      "widths to sweep, such as 8,16,32 (default: the study's)",
      parseWidths,
    )
    .option("--passes <n>", "passes of each trial (default: the study's)", parsePasses)
    .option(
      "--learning-rate <rate>",
      'rate of every step, or "eta_star / 2" (default: the study\'s)',
      parseLearningRate,
    )
    .option(
      "--seeds <seeds>",
      "repeat every width with these seeds of named streams: 0..9, or 0,3,5 (default: the study's streams)",
      parseSeeds,
    )
    .addOption(
      new Option(
        "--set <path=value>",
        "put a value in the place of the study's: dataset.fraction=0.2 (may be given again)",
      ).argParser(parseSet),
    );
}

/** The command that gives the same result: with every option that decides some of its bits, and no other. */
export function commandLine(study: string, options: Overrides): string {
  return [`widthwise run ${shellWord(study)}`, ...overrideWords(options)].join(" ");
}

/** These options as a command line has them. */
export function overrideWords(options: Overrides): string[] {
  const { widths, passes, learningRate } = options;
  return [
    ...(widths === undefined ? [] : [`--widths ${widths.join(",")}`]),
    ...(passes === undefined ? [] : [`--passes ${passes}`]),
    ...(learningRate === undefined ? [] : [`--learning-rate ${shellWord(String(learningRate))}`]),
    ...changeWords(options),
  ];
}

/** The options that change any study, as a command line has them. */
export function changeWords({ seeds, set = [] }: Pick<Overrides, "seeds" | "set">): string[] {
  return [
    ...(seeds === undefined ? [] : [`--seeds ${seeds.join(",")}`]),
    ...set.map(({ option, value }) => {
      const [, path] = option.split(" ");
      return `--set ${shellWord(`${path}=${JSON.stringify(value(undefined))}`)}`;
    }),
  ];
}

/** A word as bash takes it for one, on one line. */
export function shellWord(word: string): string {
  if (/^[\w./=,:-]+$/.test(word)) return word;
  // eslint-disable-next-line no-control-regex
  if (!/[\0-\x1f\x7f]/.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = word.replace(/[\\']/g, String.raw`\$&`);
  // eslint-disable-next-line no-control-regex
  return `$'${escaped.replace(/[\0-\x1f\x7f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;
}
