// Reads what a report's file claims: summary.json, or report.html with the same in it. Whoever wrote the file is not
// trusted.

import { readFile, stat } from "node:fs/promises";
import { InputError } from "../base/errors.ts";
import { DATA_BLOCK } from "../document/html.ts";
import { parseClaims, type Claims } from "../study/checks/verify-report.ts";

/** A report of ten thousand trials has some ten million bytes. */
const MAX_BYTES = 1 << 26;

/** Whether a word is such a file's path, not a kept study's name or file. */
export function isReportPath(word: string): boolean {
  return /[/\\]|\.(html|json)$/i.test(word) && !/\.ya?ml$/i.test(word);
}

/** Throws InputError, one sentence that begins with `file`, where the file is none of a report's. */
export async function readReportFile(path: string, file: string): Promise<Claims> {
  const { CATALOGUE } = await import("../questions/catalogue.ts");
  const summary = parseJson(summaryIn(await readText(path, file), file), file);
  return parseClaims(summary, file, CATALOGUE);
}

async function readText(path: string, file: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new InputError(`${file}: expected a file`);
    if (found.size > MAX_BYTES)
      throw new InputError(`${file}: expected at most ${MAX_BYTES} bytes, got ${found.size}`);
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    const reason =
      code === "ERR_ENCODING_INVALID_ENCODED_DATA"
        ? "expected UTF-8 text"
        : code === "ENOENT" || code === "ENOTDIR"
          ? "no such file; a run writes report.html and summary.json"
          : `cannot be read (${code})`;
    throw new InputError(`${file}: ${reason}`, { cause: error });
  }
}

/** The text of the summary: the whole file, or the page's block of data. */
function summaryIn(text: string, file: string): string {
  if (text.trimStart().startsWith("{")) return text;
  const blocks = text.split(DATA_BLOCK).slice(1);
  if (blocks.length > 1)
    throw new InputError(`${file}: it has several blocks of data; one is meant`);
  if (blocks.length === 1) return blocks[0].split("</script>", 1)[0];
  if (text.includes('<meta name="generator" content="widthwise">'))
    throw new InputError(
      `${file}: it has no block of data, as a report of an older widthwise; write it anew with widthwise report`,
    );
  throw new InputError(`${file}: expected a run's report.html or summary.json`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InputError(`${file}: its data is not JSON`, { cause });
  }
}
