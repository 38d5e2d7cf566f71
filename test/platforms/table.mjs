// Says how the platforms' fingerprints stand to the committed ones: a table, a paragraph for each platform that
// has others, and a last line.

import { CASE_NAMES } from "./cases.mjs";

/**
 * @typedef {import("./compute.mjs").Outcome} Outcome
 * @typedef {Readonly<Record<string, string | undefined>>} Committed fingerprints by case
 */

/**
 * Names of a platform's cases whose fingerprint is not the committed one.
 * @param {Outcome} outcome
 * @param {Committed} committed
 * @returns {readonly string[]}
 */
export function differing({ state, cases, fingerprints }, committed) {
  if (state !== "computed") return [];
  return cases.filter((name) => fingerprints[name] !== committed[name]);
}

/**
 * platform × case: `same`, `DIFFERS`, or `·` where the case is not computed there.
 * @param {readonly Outcome[]} outcomes
 * @param {Committed} committed
 * @returns {string}
 */
export function table(outcomes, committed) {
  const heading = ["Node", "platform", "s", ...CASE_NAMES];
  const rows = outcomes.map((outcome) => {
    const { platform, state, version, seconds, reason } = outcome;
    if (state !== "computed") return [version, platform.name, "", `${state}: ${reason}`];
    const cells = CASE_NAMES.map((name) => cell(outcome, name, committed));
    return [version, platform.name, seconds.toFixed(1), ...cells];
  });
  const widths = heading.map((_, column) =>
    Math.max(
      ...[heading, ...rows]
        // A reason stands in the place of cells and makes no column wide.
        .filter((row) => column < 2 || row.length === heading.length)
        .map((row) => row[column].length),
    ),
  );
  return [heading, ...rows]
    .map((row) => row.map((text, column) => text.padEnd(widths[column])).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/**
 * @param {Outcome} outcome
 * @param {string} name
 * @param {Committed} committed
 */
function cell(outcome, name, committed) {
  if (!outcome.cases.includes(name)) return "·";
  return differing(outcome, committed).includes(name) ? "DIFFERS" : "same";
}

/**
 * The first case that differs on a platform, both fingerprints, and the command that computes it there.
 * @param {Outcome} outcome that differs
 * @param {Committed} committed
 * @returns {string}
 */
export function difference(outcome, committed) {
  const { platform, version, command, fingerprints } = outcome;
  const [name, ...others] = differing(outcome, committed);
  const more = others.length === 0 ? "" : ` (and ${others.join(", ")})`;
  const again = [...command, "--cases", name].map((part) =>
    part.includes(" ") ? `"${part}"` : part,
  );
  return [
    `Node ${version}, ${platform.name}: ${name} differs${more}`,
    `  committed ${committed[name] ?? "none"}`,
    `  here      ${fingerprints[name] ?? "none"}`,
    `  again     ${again.join(" ")}`,
  ].join("\n");
}

/**
 * @param {readonly Outcome[]} outcomes
 * @param {Committed} committed
 * @returns {string}
 */
export function summary(outcomes, committed) {
  /** @param {Outcome["state"]} wanted */
  const count = (wanted) => outcomes.filter(({ state }) => state === wanted).length;
  const different = outcomes.filter((outcome) => differing(outcome, committed).length > 0).length;
  return (
    `${outcomes.length} platforms: ${count("computed") - different} same, ${different} differ, ` +
    `${count("failed")} failed, ${count("not available")} not available`
  );
}
