import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Tests that mock a module, change what V8 computes by flags, or have a helper with hooks of a file's own; and those that take long. */
const ALONE = [
  "test/**/*.test.ts",
  "src/{kernel,records}/**/*.test.ts",
  "src/pool/{node/*,tile-race}.test.ts",
  "src/cli/{selection,output/output-folder,commands/store/*}.test.ts",
  "src/data/files/room.node.test.ts",
  "src/random/parts.test.ts",
];

/** What takes long is not begun last, by one worker while the other one is idle. */
class AloneFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isAlone = ({ project }: TestSpecification) => project.config.isolate;
    return [...sorted.filter(isAlone), ...sorted.filter((file) => !isAlone(file))];
  }
}

export default defineConfig({
  test: {
    // Vitest leaves a core to itself, which of two is one too many.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: AloneFirst },
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // In processes that they share: to start one takes longer than most of these.
      {
        extends: true,
        test: { name: "together", include: ["src/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
    ],
  },
});
