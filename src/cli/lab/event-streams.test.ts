// That a stream shows that it is there, and that a page which does not keep up with its stream is let go.

import type { ServerResponse } from "node:http";
import { expect, test, vi } from "vitest";
import { EventStreams, MOST_STREAMS } from "./event-streams.ts";

test("a page for which more than 32 MB wait loses its stream, and others keep theirs", () => {
  const streams = new EventStreams();
  const told: string[] = [];
  const page = (name: string, writableLength: number) =>
    ({
      writableLength,
      req: { socket: { on: () => undefined } },
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

test("of streams that are asked for at once as many are open as may be", () => {
  const streams = new EventStreams();
  let [told, ended] = [0, 0];
  const page = () =>
    ({
      req: { socket: { on: () => undefined } },
      write: () => told++,
      destroy: () => ended++,
      end: () => undefined,
    }) as unknown as ServerResponse;
  for (let asked = 0; asked < MOST_STREAMS + 3; asked++) streams.add(page(), []);
  streams.tell({ kind: "underway", studies: [] });
  expect({ told, ended }).toEqual({ told: MOST_STREAMS, ended: 3 });
  streams.close();
});

test("a stream without events shows every quarter of a minute that it is there, until all are ended", () => {
  vi.useFakeTimers();
  try {
    const streams = new EventStreams();
    const told: string[] = [];
    const page = {
      ...{ req: { socket: { on: () => undefined } }, write: (text: string) => told.push(text) },
      end: () => told.push("the end"),
    } as unknown as ServerResponse;
    streams.add(page, [{ kind: "underway", studies: [] }]);
    vi.advanceTimersByTime(31_000);
    streams.close();
    vi.advanceTimersByTime(31_000);
    expect(told).toEqual([
      'data: {"kind":"underway","studies":[]}\n\n',
      ":\n\n",
      ":\n\n",
      "the end",
    ]);
  } finally {
    vi.useRealTimers();
  }
});
