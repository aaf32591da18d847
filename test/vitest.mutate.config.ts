import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The quickest tests first: most mutants fall to them. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["test/laws/**/*.test.ts"],
    exclude: ["test/laws/{attribution,canonical,email,quality,time}.test.ts"],
    setupFiles: ["test/brief.ts"],
    env: { MAKEGOOD_FEW: process.env.MAKEGOOD_FEW ?? "40" },
    sequence: { sequencer: QuickestFirst },
    testTimeout: 30_000,
    isolate: false,
  },
});
