// Mutations of YAML text: lines, tokens, and what is known to hurt YAML readers.

/** @typedef {import("./random.mjs").Random} Random */

const NUMBERS = [
  "-0", "0", "1", "-1", "1e400", "-1e400", "1e-400", "5e-324", ".nan", ".inf", "-.inf", "0x7fffffffffffffff",
  "0o17", "9007199254740993", "4294967296", "65537", "1_000", "1:30", "01", "0b1", "+1", "1.", ".5", "1e5",
]; // prettier-ignore

const WORDS = [
  "width", "eta_star / 2", "named", "notebook", "null", "~", "true", "no", '""', "''", '"\\u0000"', '"\\ud800"',
  "0..9", "0..10000", "9..0", "0..4294967295", "<<", "*a", "&a", "&a [*a]", "!!js/function f", "!!binary aGk=", "!!set",
  "!!map", "!<x>", "!", "%YAML 1.1", "%TAG ! x", "---", "...", "|", ">", "|9", ">-", "? ", "- ", ": ", "[", "]", "{",
  "}", ",", "#", "'", '"', "`", "@", "__proto__", "constructor", "toString", "kind", "seeds", "2026-11-24", "\t",
  "\r", "\u0000", "\u0085", "\u2028", "\ufeff", "\u{1f600}", "\u202e", "\u001b[31m",
]; // prettier-ignore

/** @type {readonly ((text: string, random: Random, other: string) => string)[]} */
const MUTATIONS = [
  onLines((lines, at, random) => lines.splice(at, random.length(4))),
  onLines((lines, at) => lines.splice(at, 0, lines[at])),
  onLines((lines, at, random) => lines.splice(at, 0, ...lines.splice(random.below(lines.length), 1))),
  onLines((lines, at, random) => (lines[at] = " ".repeat(random.below(9)) + lines[at].trimStart())),
  onLines((lines, at, random) => (lines[at] = `${lines[at]} ${random.pick(WORDS)}`)),
  onLines((lines, at, random, other) => lines.splice(at, 0, random.pick(other.split("\n")))),
  swapToken, swapToken, swapToken, swapToken,
  insertWord, insertWord,
  longNumber,
]; // prettier-ignore

/**
 * Each makes a reader work hard, so few inputs have one.
 * @type {typeof MUTATIONS}
 */
const LARGE = [longWord, nest, manyKeys, aliases];

/**
 * `text` after one to eight mutations; `other` is another valid text, for its lines.
 * @param {string} text
 * @param {Random} random
 * @param {string} other
 */
export function mutateYaml(text, random, other) {
  let result = text;
  for (let left = random.length(8); left > 0; left--) {
    result = random.pick(random.chance(0.01) ? LARGE : MUTATIONS)(result, random, other);
  }
  return result;
}

/**
 * @param {(lines: string[], at: number, random: Random, other: string) => unknown} change
 * @returns {typeof MUTATIONS[number]}
 */
function onLines(change) {
  return (text, random, other) => {
    const lines = text.split("\n");
    change(lines, random.below(lines.length), random, other);
    return lines.join("\n");
  };
}

/** @type {typeof MUTATIONS[number]} */
function swapToken(text, random) {
  const tokens = [...text.matchAll(/[\w.+-]+/g)];
  if (tokens.length === 0) return text;
  const { index, 0: token } = random.pick(tokens);
  const swapped = random.chance(0.5)
    ? random.pick(NUMBERS)
    : random.pick([...WORDS, ...tokens.map(String)]);
  return text.slice(0, index) + swapped + text.slice(index + token.length);
}

/** @type {typeof MUTATIONS[number]} */
function insertWord(text, random) {
  return insert(text, random, random.pick(WORDS));
}

/** @type {typeof MUTATIONS[number]} */
function longNumber(text, random) {
  return insert(text, random, random.pick(["9", "0", "1.", "-"]).repeat(random.length(5000)));
}

/** @type {typeof MUTATIONS[number]} */
function longWord(text, random) {
  return insert(
    text,
    random,
    random.pick(["a", " ", "\\", '"', "\n", "\u00e9"]).repeat(random.length(20_000)),
  );
}

/** @type {typeof MUTATIONS[number]} */
function nest(text, random) {
  return insert(
    text,
    random,
    random
      .pick(["[", "{", "- ", "? ", "{a: ", "[[],", "!!seq [", "a:\n  "])
      .repeat(random.length(8000)),
  );
}

/** @type {typeof MUTATIONS[number]} */
function manyKeys(text, random) {
  const keys = Array.from({ length: random.length(4000) }, (_, index) => `k${index}: ${index}`);
  return insert(text, random, `\n${keys.join("\n")}\n`);
}

/**
 * Each line doubles the one before: ten lines stand for a thousand values, thirty for a billion.
 * @type {typeof MUTATIONS[number]}
 */
function aliases(text, random) {
  const lines = Array.from({ length: random.length(40) }, (_, index) =>
    index === 0 ? "x0: &x0 [0, 0]" : `x${index}: &x${index} [*x${index - 1}, *x${index - 1}]`,
  );
  return `${lines.join("\n")}\n${text}`;
}

/**
 * @param {string} text
 * @param {Random} random
 * @param {string} piece
 */
function insert(text, random, piece) {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}
