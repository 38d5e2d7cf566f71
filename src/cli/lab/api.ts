// What the lab's page may ask its server: kept studies and claims to look at, and studies to be trained here.

import { randomBytes } from "node:crypto";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import type { Listing } from "../../report/watching.ts";
import type { Context } from "../context.ts";
import { EventStreams, MOST_STREAMS } from "./event-streams.ts";
import { KeptStudies } from "./kept-studies.ts";
import type { Answer, Asked, LabApi } from "./server.ts";
import { Shelf } from "./shelf.ts";
import { tellBug, TooMany, Trainer } from "./trainer.ts";

export interface LabApiOptions {
  readonly path: string;
  readonly workers: number;
  readonly data: string | undefined;
  readonly context: Context;
}

/** A report has its styles inside and runs nothing; as a page of nobody's it can ask this server for nothing. */
const REPORT_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "sandbox",
].join("; ");

/** Its id, what of it, and of which trial; empty where none is asked for. */
function studyAsked(path: string): [id: string, part: string, key: string] {
  const [, id = "", part = "", key = ""] =
    /^studies\/([0-9a-f]{64})(?:\/([\w-]+)(?:\/([0-9a-f]{64}))?)?$/.exec(path) ?? [];
  return [id, part, key];
}

export function labApi(options: LabApiOptions): LabApi & { close(): Promise<void> } {
  const { path, context } = options;
  const shelf = new Shelf();
  const kept = new KeptStudies(path, context, shelf);
  const streams = new EventStreams();
  const trainer = new Trainer({
    ...{ ...options, shelf },
    tell: (event) => {
      streams.tell(event);
    },
  });
  const token = randomBytes(18).toString("base64url");

  async function read(asked: string): Promise<Answer> {
    if (asked === "token") return json({ token });
    if (asked === "studies") return json({ store: path, ...(await kept.list()) } satisfies Listing);
    if (asked === "claims") return json(await kept.claims());
    if (asked === "events") {
      if (streams.isFull)
        return refusal(
          429,
          `${MOST_STREAMS} pages watch this server, which is the most; close one`,
        );
      return {
        type: "text/event-stream",
        stream: (response) => {
          streams.add(response, trainer.soFar());
        },
      };
    }
    const [id, part, key] = studyAsked(asked);
    if (id === "") return NOTHING;
    switch (part) {
      case "":
        return json(await kept.open(id));
      case "answer":
        return json(await kept.answer(id));
      case "rows":
        return json(await kept.rows(id, key));
      case "figures":
        return json(await kept.figures(id));
      case "trajectories":
        return { type: "text/csv; charset=utf-8", body: await kept.csv(id) };
      case "report":
        return {
          type: "text/html; charset=utf-8",
          body: await kept.report(id),
          headers: { "Content-Security-Policy": REPORT_POLICY },
        };
      default:
        return NOTHING;
    }
  }

  async function change(asked: string, text: string): Promise<Answer> {
    if (asked === "studies") return json({ id: await trainer.start(text) }, 202);
    const [id, part] = studyAsked(asked);
    if (id === "") return NOTHING;
    if (part === "go-on") return json({ id: await trainer.goOn(await kept.study(id)) }, 202);
    if (part !== "stop") return NOTHING;
    trainer.stop(id);
    return json({ id });
  }

  return {
    token,
    async answer({ method, path: asked, text }: Asked) {
      try {
        return await (method === "POST" ? change(asked, text) : read(asked));
      } catch (error) {
        if (error instanceof TooMany) return refusal(429, error.message);
        if (error instanceof InputError) return refusal(400, error.message);
        if (error instanceof WidthwiseError) return refusal(500, error.message);
        return refusal(500, tellBug(error, context.stderr));
      }
    },
    async close() {
      await trainer.close();
      streams.close();
    },
  };
}

const NOTHING = refusal(404, "there is no such thing to ask for");

function json(value: unknown, status = 200): Answer {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function refusal(status: number, why: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: why };
}
