// That a page which does not keep up with its stream is let go.

import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { EventStreams } from "./event-streams.ts";

test("a page for which more than 32 MB wait loses its stream, and others keep theirs", () => {
  const streams = new EventStreams();
  const told: string[] = [];
  const page = (name: string, writableLength: number) =>
    ({
      writableLength,
      on: () => undefined,
      write: () => told.push(`${name} is told`),
      destroy: () => told.push(`${name} is let go`),
      end: () => undefined,
    }) as unknown as ServerResponse;
  streams.add(page("quick", 0), []);
  streams.add(page("slow", 32e6 + 1), []);
  streams.tell({ kind: "underway", studies: [] });
  expect(told).toEqual(["quick is told", "slow is let go"]);
  streams.close();
});
