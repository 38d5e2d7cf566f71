// Reads what a user wrote in YAML: syntax, then schema. Says where in the file a problem lies.

import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, YAMLError } from "yaml";
import type * as z from "zod";
import { InputError } from "./errors.ts";
import { oneLine } from "./quote.ts";

/** What is read takes a few hundred characters; what is far longer is some other file. */
const MAX_CHARACTERS = 65536;

interface Problem {
  /** Where it lies, in characters from the start of the text. */
  readonly offset: number;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** A misspelt key explains a missing one, so it is told first. */
  readonly explains: boolean;
}

/** A value that takes the place of what a file says, or does not say. */
export interface Change {
  /** What asks for it, as messages call it. */
  readonly option: string;
  readonly path: readonly (string | number)[];
  /** From what stands there; undefined where nothing does. */
  readonly value: (written: unknown) => unknown;
}

/** What was written is none of what was expected, at one place or several. */
export class WrittenError extends InputError {
  /** Each by its path, in the order in which they are told; the message is of the first. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, problems: WrittenError["problems"]) {
    super(message);
    this.problems = problems;
  }
}

/** A text that is to be read. */
export interface Written {
  readonly text: string;
  /** Its file's name in messages. */
  readonly file: string;
  /** What is written there, as messages call it: "study". */
  readonly kind: string;
}

/**
 * What `schema` makes of the text, changed as `changes` ask, and what is said there.
 * Throws an InputError with the first problem: `file:line:column path: what was expected, what was found`, or
 * `option: …` where a change is the problem.
 */
export function parseYaml<Output>(
  { text, file, kind }: Written,
  schema: z.ZodType<Output>,
  changes: readonly Change[] = [],
): { readonly output: Output; readonly said: unknown } {
  if (text.length > MAX_CHARACTERS) {
    throw new InputError(
      `${file}: expected a ${kind} of at most ${MAX_CHARACTERS} characters, got ${text.length}`,
    );
  }
  const lines = new LineCounter();
  const fail = (problems: readonly [Problem, ...Problem[]]): never => {
    const [{ offset, path, message }] = problems;
    const change = changes.findLast((one) => one.path.every((step, i) => step === path.at(i)));
    if (change !== undefined) {
      const within = pathText(path.slice(change.path.length).map(shortStep));
      throw new InputError(`${change.option}: ${within === "" ? "" : `${within}: `}${message}`);
    }
    const { line, col } = lines.linePos(offset);
    const place = path.length === 0 ? "" : `${pathText(path.map(shortStep))}: `;
    throw new WrittenError(
      `${file}:${line}:${col} ${place}${message}`,
      problems.map((one) => ({ path: pathText(one.path.map(shortStep)), message: one.message })),
    );
  };

  const document = readDocument(text, lines);
  if (document === null) return fail([tooDeep(kind, 0)]);
  const broken = syntaxProblem(document, kind);
  if (broken !== null) return fail([broken]);
  for (const one of changes) change(document, one, kind);
  const said: unknown = document.toJS();
  const result = schema.safeParse(said);
  if (result.success) return { output: result.data, said };

  const problems = result.error.issues.map((issue): Problem => {
    const unknown = issue.code === "unrecognized_keys";
    const path = unknown ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
    const offset = locate(document, path, unknown ? "key" : "value");
    return { offset, path, message: issue.message, explains: unknown };
  });
  problems.sort((a, b) => Number(b.explains) - Number(a.explains) || a.offset - b.offset);
  // safeParse does not fail without an issue.
  return fail(problems as [Problem, ...Problem[]]);
}

/** A path as it is written: training.layer_rates[0]. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

/** null where the text is nested so deeply that the parser's recursion meets the end of the stack. */
function readDocument(text: string, lineCounter: LineCounter): Document | null {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function change(document: Document, { option, path, value }: Change, kind: string): void {
  try {
    const written = document.getIn(path, true);
    const now = value(isNode(written) ? written.toJS(document) : undefined);
    document.setIn(path, document.createNode(now));
  } catch (cause) {
    throw new InputError(`${option}: a ${kind} has nothing of this name`, { cause });
  }
}

/** The first thing that YAML itself, or our smaller part of it, does not allow. */
function syntaxProblem(document: Document, kind: string): Problem | null {
  const errors = [...document.errors, ...document.warnings];
  const error = errors.sort((a, b) => a.pos[0] - b.pos[0]).at(0);
  if (error !== undefined) {
    const [offset] = error.pos;
    if (error.code === "RESOURCE_EXHAUSTION") return tooDeep(kind, offset);
    return { offset, path: [], message: syntaxMessage(error, kind), explains: true };
  }
  const aliases: Problem[] = [];
  visit(document, {
    Alias(_, { source, range }) {
      const message = `a ${kind} has no aliases; write the value out instead of *${short(source)}`;
      aliases.push({ offset: range?.[0] ?? 0, path: [], message, explains: true });
    },
  });
  return aliases[0] ?? null;
}

function tooDeep(kind: string, offset: number): Problem {
  const message = `this is nested too deeply for a ${kind}`;
  return { offset, path: [], message, explains: true };
}

const SYNTAX_MESSAGES: Partial<Record<YAMLError["code"], (kind: string) => string>> = {
  DUPLICATE_KEY: () => "this key is given twice; keep one of them",
  MULTIPLE_DOCS: (kind) => `a second document begins here; a ${kind} is one document`,
  NON_STRING_KEY: () => "expected a word as the key",
  TAB_AS_INDENT: () => "a tab indents this line; YAML wants spaces",
};

function syntaxMessage(error: YAMLError, kind: string): string {
  return SYNTAX_MESSAGES[error.code]?.(kind) ?? `not YAML: ${short(error.message)}`;
}

function short(text: string): string {
  const line = oneLine(text);
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

/** Offset of a path's value or key; where it is missing, of the nearest parent's key. */
function locate(document: Document, path: readonly PropertyKey[], aim: "key" | "value"): number {
  let node: unknown = document.contents;
  let key = start(node) ?? 0;
  for (const step of path) {
    if (isSeq(node)) {
      node = node.items[Number(step)];
      key = start(node) ?? key;
      continue;
    }
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === step)
      : undefined;
    if (pair === undefined) return key;
    key = start(pair.key) ?? key;
    node = pair.value;
  }
  return aim === "key" ? key : (start(node) ?? key);
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function shortStep(step: PropertyKey): PropertyKey {
  return typeof step === "number" ? step : short(String(step));
}
