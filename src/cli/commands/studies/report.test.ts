// A kept study's report again, without training.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, stage } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";
import { update, plan } from "../../../../test/support/updates.ts";
import { study } from "../../../../test/support/studies.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import type { Provenance } from "../../../report/provenance.ts";
import type { Effects } from "../../effects.ts";

describe("report", () => {
  const asked = { ...study({ widths: [2], seeds: [3], passes: 8 }), name: "mine" };

  async function reportStage(passes: number) {
    const file = join(await temporaryFolder(), "store.db");
    await writeFile(file, "");
    const store = new MemoryStore();
    const dataset = { name: "noise", digest: "ab".repeat(32), train_examples: 2500 };
    const [planned] = plan(8).trials;
    const specification = JSON.stringify(asked);
    await store.plan({
      id: "1d".repeat(32),
      name: "mine",
      specification,
      dataset,
      trials: [planned],
    });
    await store.commit(update(0, passes));
    return { on: stage({ openStore: () => Promise.resolve(store) }), store, file };
  }

  test("draws what is kept, with where it came from, and trains nothing", async () => {
    const { on, store, file } = await reportStage(8);
    const kept = { versions: {}, seconds: {}, command: "widthwise run x", dataset: {} };
    await store.describe("1d".repeat(32), JSON.stringify(kept));
    const { code, out, calls } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(0);
    expect(out()).toContain("report: runs/mine/report.html");
    expect([calls.replaced, calls.data, calls.workers]).toEqual([[["summary.json"]], [], []]);
    expect(calls.steps).toEqual(["mortal", "rendered", "listening", "replaced"]);
    await cli(["report", "mine", "--size", "slide", "--store", file], on);
    expect(calls.sizes).toEqual(["paper", "slide"]);
  });

  test("says what is missing", async () => {
    const { on, file } = await reportStage(7);
    const { code, err } = await cli(["report", "1d1d", "--store", file], on);
    expect([code, err()]).toEqual([
      1,
      "study mine: its answer needs trials that are not kept as far as it asks (width 2 seed 3); run it to have them trained\n",
    ]);
  });

  test("of what the library has run says that its origin is not known", async () => {
    const { on, store, file } = await reportStage(8);
    await store.finish("1d".repeat(32), "ab".repeat(32));
    const said: Provenance[] = [];
    const renderReport: Effects["renderReport"] = (_, provenance) => {
      said.push(provenance);
      return Promise.resolve(new Map([["report.md", ""]]));
    };
    const one = { ...on, ...stage({ ...on.context.effects, renderReport }) };
    expect((await cli(["report", "mine", "--store", file], one)).code).toBe(0);
    expect(said).toMatchObject([
      {
        versions: { widthwise: "not known: another program ran it with the library" },
        seconds: {},
        dataset: { name: "noise", origin: "a place that is not known" },
      },
    ]);
  });

  test("of several studies of a name takes one with an answer, and says which", async () => {
    const { on, store, file } = await reportStage(8);
    await store.finish("1d".repeat(32), "ab".repeat(32));
    const kept = await store.study("1d".repeat(32));
    if (kept !== null) await store.plan({ ...kept, id: "2e".repeat(32), trials: plan(99).trials });
    const { code, err } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(0);
    expect(err()).toMatch(
      /^study mine 1d1d1d1d1d1d, planned .* UTC, of 2 of that name; name another one by its id \(wi/,
    );
  });

  test("of a study that was trained and not answered sends to run", async () => {
    const { on, file } = await reportStage(8);
    const { code, err } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(1);
    expect(err()).toMatch(/^study mine: it has not been answered yet; run it/);
  });
});
