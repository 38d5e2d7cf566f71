// `widthwise lab`: the lab's page, served to this machine, with what the store keeps.

import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { Option, type Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { quote } from "../../../base/quote.ts";
import { DATA_OPTION } from "../../data.ts";
import type { Context } from "../../context.ts";
import { allowedWorkers, defaultWorkers, parseWorkers } from "../../options.ts";
import { STORE_OPTION, storePath } from "../../store.ts";

interface LabOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly data?: string;
  readonly store?: string;
  readonly workers: number;
}

const DEFAULT_PORT = 8421;

const HELP = `
Serves a page that trains studies in the browser, with the command line's bits,
and opens it where there is a desktop. FashionMNIST is there if its files are on
this machine (widthwise data fetches them). The page lists the studies that the
record store keeps and the claims that can be tested, shows them in the same
charts, and can have studies trained here: one at a time, kept in the store as
widthwise run keeps them. The page is served to this machine alone: --host gives
it to others, who need the token in the address that is told, and may then have
studies trained, too. It is served until you interrupt it (Ctrl-C); a study that
is being trained then can be gone on with.

Examples:
  $ widthwise lab
  $ widthwise lab --port 0 --no-open
  $ widthwise lab --store shared.db --workers 4
  $ widthwise lab --host 192.168.1.20

Exit codes: 0 done, 1 failed, 2 bad usage or bad input.`;

export function addLabCommand(program: Command, context: Context): void {
  program
    .command("lab")
    .summary("watch width at work, in the browser")
    .description("Serves the lab: a page that trains studies in the browser.")
    .option("--port <n>", "port, 0 for any that is free", parsePort, DEFAULT_PORT)
    .option(
      "--host <address>",
      "an IP address to serve at, to others than this machine",
      parseHost,
      "127.0.0.1",
    )
    .option("--no-open", "do not open a browser")
    .option(...STORE_OPTION)
    .addOption(
      new Option("--workers <n>", "worker threads of what is trained here, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option(...DATA_OPTION)
    .addHelpText("after", HELP)
    .action((options: LabOptions) => lab(options, context));
}

async function lab(options: LabOptions, context: Context): Promise<void> {
  const { stdout, stderr, env, signal, effects } = context;
  const { isLoopback, serveLab } = await import("../../lab/server.ts");
  const { labApi } = await import("../../lab/api.ts");
  const { labFiles } = await import("../../lab/files.ts");
  const { port, host, open, data = env.WIDTHWISE_DATA } = options;
  const token = isLoopback(host) ? null : randomBytes(18).toString("base64url");
  const api = labApi({
    ...{ context, data, path: storePath(options.store, env) },
    workers: allowedWorkers(options.workers, stderr),
  });
  const server = await serveLab({ files: labFiles(data), host, port, token, api });
  stdout.write(`${server.address}\n`);
  stderr.write("the lab is served there until you interrupt it (Ctrl-C)\n");
  if (open)
    effects.openBrowser(server.address, env, (why) => {
      stderr.write(`no browser opened: ${why}; open the address yourself\n`);
    });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
  await api.close();
  await server.close();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InputError(`--port: expected an integer from 0 to 65535, got ${quote(text)}`);
}

function parseHost(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InputError(`--host: expected an IP address such as 192.168.1.20, got ${quote(text)}`);
}
