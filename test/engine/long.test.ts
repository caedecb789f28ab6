/** A run that takes longer than any other story: what goes quiet for two minutes is closed by Go's gRPC server. */
import { expect } from "vitest";
import { begin } from "./support/life.js";
import { nightly } from "./support/nightly.js";
import { succeeds } from "./support/stack.js";
import { SUBJECTS, type Subject } from "./support/subjects/index.js";

const JOB_MS = 135_000;

nightly("a create whose job takes more than two minutes goes on to its end", async () => {
  const [source] = SUBJECTS as [Subject];
  const { stack, only, changes } = await begin(source, { jobDurationMs: JOB_MS });
  await succeeds(stack.up());
  expect((await changes()).filter((call) => call.startsWith("POST"))).toHaveLength(1);
  expect((await stack.resources()).map(({ id }) => id)).toEqual([(await only()).id]);
});
