import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));
const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include, environment: "node" as const, testTimeout: 60_000, setupFiles: ["test/seed.ts"], ...more },
});

export default defineConfig({
  root,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    projects: [
      project("laws", ["test/laws/**/*.test.ts", "test/tidy.test.ts"], { testTimeout: 180_000 }),
      project("shells", ["test/{ports,widget,extension,console,cli,corpus}/**/*.test.{ts,tsx}"]),
      project("stories", ["test/stories/**/*.test.ts"], { testTimeout: 120_000, hookTimeout: 60_000 }),
      project("year", ["test/simulate/**/*.test.ts"], { testTimeout: 300_000 }),
      project("browser", ["test/browser/**/*.test.ts"], {
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
        // A browser on a machine that everything else is tested on at once may be late; what fails twice is a fault.
        retry: process.env.CI ? 1 : 0,
      }),
    ],
  },
});
