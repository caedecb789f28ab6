/** What records and notices are told of a step that fails, as the handler of a kind lets it fail. */
import { expect, test } from "vitest";
import type { Outcome } from "../../../../provider/src/hooks/lifecycle.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import { errorOf, fakeContext, useVirtualTime } from "../support/context.js";
import { FakeOrganisation } from "../support/fakeOrganisation.js";
import { createSourceHandler, inputsWith, stateWith } from "../support/source.js";

useVirtualTime();

const SHORT = { timeouts: { create: "1m", update: "1m", delete: "1m" } };

/** Takes a step of the source `orders` in this organisation, and returns what hooks are told of it. */
async function toldOf(operation: "create" | "update" | "delete", organisation: FakeOrganisation) {
  const outcomes: Outcome[] = [];
  const record = async (_: unknown, __: unknown, outcome: Outcome) => void outcomes.push(outcome);
  const handler = withHooks(createSourceHandler(), [{ record }]);
  const { context } = fakeContext(organisation);
  const state = stateWith(SHORT);
  if (operation !== "create") organisation.addSource();
  await errorOf(
    operation === "create"
      ? handler.create(context, inputsWith(SHORT))
      : handler[operation](context, "src-1", state, inputsWith({ ...SHORT, description: "new" })),
  );
  const [{ failure, about, finalStatus } = {}] = outcomes;
  return { ...failure, jobId: about?.jobId, finalStatus };
}

const organisationWith = (more: Partial<FakeOrganisation> = {}) =>
  Object.assign(new FakeOrganisation(), { changeAnswer: "job" }, more);

test.each([
  {
    end: "failed",
    shows: { status: "failed", error: { code: "quota" } },
    told: { code: "job.failed", message: /was not made\. Job job-1 failed: quota\.$/, finalStatus: "failed" },
  },
  {
    end: "an unknown status",
    shows: { status: "paused" },
    told: {
      code: "job.unknown.status",
      message:
        /is not finished: Job job-1 is in the unknown status "paused".* No source of the name "orders" is there\./,
      finalStatus: "unfinished",
    },
  },
  {
    end: "not been seen to end",
    shows: { status: "running" },
    told: {
      code: "job.timeout",
      message: /is not finished: Job job-1 was not over after 1 min: its last status was running, asked /,
      finalStatus: "unfinished",
    },
  },
  {
    end: "vanished",
    shows: undefined,
    told: {
      code: "job.missing",
      message: /was not made\. Job job-1 is not known to Genesys Cloud \(any more\)\.$/,
      finalStatus: "failed",
    },
  },
])("of a create whose job has $end: its code, the job and why", async ({ shows, told }) => {
  const organisation = organisationWith({ endings: [shows ?? {}] });
  if (shows === undefined) organisation.fail(/^GET \/jobs\/job-1$/, 404, {}, Number.POSITIVE_INFINITY);
  expect(await toldOf("create", organisation)).toEqual({
    ...told,
    status: null,
    message: expect.stringMatching(told.message),
    jobId: "job-1",
  });
});

test.each(["update", "delete"] as const)(
  "of an %s whose job fails: its code, the job and why",
  async (operation) => {
    const organisation = organisationWith({ endings: [{ status: "failed", error: { code: "in.use" } }] });
    expect(await toldOf(operation, organisation)).toEqual({
      status: null,
      code: "job.failed",
      message: "Job job-1 failed: in.use.",
      jobId: "job-1",
      finalStatus: "failed",
    });
  },
);

test("of what a failed job has made and taken away again: that its job failed", async () => {
  const organisation = organisationWith({ endings: [{ status: "failed" }] });
  organisation.on(/^GET \/jobs\/job-1$/, () => {
    organisation.addSource({ date_created: new Date().toISOString() });
    setTimeout(() => organisation.sources.clear(), 1_000);
    return { status: 200, body: { job_id: "job-1", status: "failed" } };
  });
  expect(await toldOf("create", organisation)).toMatchObject({ code: "job.failed", jobId: "job-1" });
  // It was there when its job was over, and waited for until it had gone.
  expect(organisation.calls.filter((call) => call === "GET /sources/src-1").length).toBeGreaterThan(1);
});

test("of a refusal that is told in words of the provider's own: the platform's status and code", async () => {
  const organisation = organisationWith();
  organisation.addSource({ date_created: "2029-01-01T00:00:00Z" });
  const taken = await toldOf("create", organisation);
  expect(taken).toMatchObject({ status: 409, code: "name.already.exists", jobId: undefined });
  expect(taken.message).toContain("exists already: its id is src-1.");
});

test("of a POST of which nobody knows what has become: the status and code of its answer", async () => {
  const organisation = organisationWith()
    .fail(/^POST/, 504, {}, 99)
    .fail(/^GET \/sources/, 403, {}, 99);
  const unknown = await toldOf("create", organisation);
  expect(unknown).toMatchObject({ status: 504, code: "code.504" });
  expect(unknown.message).toMatch(/^whether .* was made is not known/);
});
