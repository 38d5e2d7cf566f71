// What the doctor tells of a machine that is well, and of one that is not.

import { describe, expect, test } from "vitest";
import { cli, stage } from "../../../../test/cli/fakes.ts";
import { InputError, WidthwiseError } from "../../../base/errors.ts";
import type { Effects } from "../../effects.ts";
import { nodeAdvice } from "../../machine.ts";

describe("doctor", () => {
  test("tells what there is, aligned, and that all is well", async () => {
    const { code, out, err, calls } = await cli(["doctor"]);
    expect([code, err()]).toEqual([0, ""]);
    const rows = out().split("\n");
    expect(rows).toContain(
      `Node        ${process.versions.node} on ${process.platform} ${process.arch}`,
    );
    expect(rows).toContain("SIMD        256-bit (revectorized): self-test passed");
    expect(rows).toContain("kernel      built, and runs");
    expect(rows).toContain(
      "speed       10.0 GMAC/s training, 20.0 GMAC/s evaluation (width 512, one core)",
    );
    expect(rows).toContain("data set    a made-up place");
    expect(rows).toContain("cache       /a/cache (can be written)");
    expect(rows).toContain("all is well");
    expect(calls.calibrations).toMatchObject([{ workers: 1, shapes: [{ hidden: [512] }] }]);
  });

  test("says what a newer Node would gain, and so does a run", async () => {
    const advice = "Node 24 is faster";
    const on = stage({ nodeAdvice: () => advice });
    expect((await cli(["doctor"], on)).out()).toContain(`\n            ${advice}\n`);
    expect((await cli(["run", "homework"], stage({ nodeAdvice: () => advice }))).err()).toContain(
      `${advice}\n`,
    );
    expect(nodeAdvice("20.20.2", "x64")).toMatch(/^Node 24, .* as Node 20, with the same bits$/);
    expect([nodeAdvice("24.0.0", "x64"), nodeAdvice("20.20.2", "arm64")]).toEqual([null, null]);
  });

  test("--json has the same, for programs", async () => {
    const { out } = await cli(["doctor", "--json"]);
    expect(JSON.parse(out())).toMatchObject({
      simd: true,
      revectorized: true,
      revectorized_because: "self-test passed",
      kernel: true,
      dataset: { found: true, where: "a made-up place" },
      cache: { directory: "/a/cache", writable: true },
      problems: [],
    });
  });

  test("a data set that is not here yet is looked for without fetching, and no fault", async () => {
    const asked: (boolean | undefined)[] = [];
    const on = stage({
      loadDataset(_, { fetchMissing }) {
        asked.push(fetchMissing);
        return Promise.reject(new WidthwiseError("found nowhere"));
      },
    });
    expect((await cli(["doctor"], on)).code).toBe(0);
    expect(on.out()).toContain("data set    not here yet; run widthwise data\n");
    expect(asked).toEqual([false]);
  });

  const broken: [string, Partial<Effects>, string, string][] = [
    [
      "no kernel",
      {
        calibrate: () =>
          Promise.reject(new WidthwiseError("the kernel is missing: run `npm run build`")),
      },
      "the kernel is missing: run `npm run build`\n",
      "kernel      does not run\n",
    ],
    [
      "no SIMD",
      { hasSimd: () => false },
      "WebAssembly has no SIMD here, and the kernel needs it: use a Node of version 20.19 or later on x86-64 or arm64\n",
      "SIMD        none\n",
    ],
    [
      "bad files where the user said",
      { loadDataset: () => Promise.reject(new InputError("--data here: bad")) },
      "--data here: bad\n",
      "data set    not usable\n",
    ],
  ];
  test.each(broken)("%s is told, with what to do", async (_, changes, sentence, row) => {
    const { code, out, err } = await cli(["doctor"], stage(changes));
    expect([code, err()]).toEqual([1, sentence]);
    expect(out()).toContain(row);
    expect(out()).toContain("something is broken:");
  });
});
