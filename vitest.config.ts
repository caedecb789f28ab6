import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** For how long an event is awaited that comes at once on a quiet machine. */
const PATIENCE = { timeout: 20_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // None of them waits for long. A busy machine does.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: PATIENCE },
        },
        // The examples import the package by its name; here they get its sources, which need no build.
        resolve: {
          alias: { "pulumi-genesyscloud-eventbridge": join(import.meta.dirname, "provider/src/index.ts") },
        },
      },
      {
        test: {
          name: "client",
          include: ["test/client/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: PATIENCE },
        },
      },
      {
        test: {
          name: "process",
          include: ["test/process/**/*.test.ts"],
          testTimeout: 120_000,
          // Alone: they start more processes than there are cores.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: "test/engine/support/globalSetup.ts",
          // One story takes several runs of the CLI, of two to five seconds each on two cores. A busy machine takes ten times
          // as long, and is no failure: what hangs ends all the same.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // One more than the cores it is meant for: many stories wait for a job or a clock, which takes no core.
          maxWorkers: 3,
          // After the others: they would compete for the same two cores.
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "model",
          include: ["test/model/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          // Alone: its clock runs fast, and what slows the machine down looks like a slow platform.
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
