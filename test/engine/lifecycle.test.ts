/** The plain life of a resource, each story for both kinds. */
import { expect, test } from "vitest";
import { begin, defaultOutputs, idsIn, programOf } from "./support/life.js";
import { nightly } from "./support/nightly.js";
import { fails, succeeds } from "./support/stack.js";
import { type Fields, SUBJECTS, type Subject } from "./support/subjects/index.js";

test.for(SUBJECTS)(
  "$resource: it is created as asked, a second preview asks nothing, what is no difference calls nothing, and destroy leaves nothing",
  async (subject) => {
    const { organisation, stack, write, objects, only } = await begin(subject, { args: subject.full.args });

    await succeeds(stack.up());
    const calls = (await organisation.calls()).map((call) =>
      call.replace(/[0-9a-f-]{36}/, "…").replace(/\?\S*/, ""),
    );
    expect(calls.toSorted()).toEqual(subject.createCalls.toSorted());
    const made = await only();
    expect(made.fields).toEqual({ ...subject.defaults, ...subject.full.fields });
    const [resource] = await stack.resources();
    expect(resource?.id).toBe(made.id);
    expect(resource?.outputs).toMatchObject({
      ...defaultOutputs(subject),
      ...subject.full.fields,
      [subject.idOutput]: made.id,
      version: made.version,
      retryCount: 0,
    });

    // What reaches the state is a permanent contract: constant, short, no path and nothing of this machine.
    const stub = `exports.handler=()=>require("pulumi-genesyscloud-eventbridge/runtime").${subject.entry}`;
    expect([resource?.inputs.__provider, resource?.outputs.__provider]).toEqual([stub, stub]);

    await organisation.forgetCalls();
    await succeeds(stack.preview("--expect-no-changes"));
    await write({ ...subject.full.args, ...subject.reordered });
    await succeeds(stack.preview("--expect-no-changes"));
    await write({ ...subject.full.args, timeouts: { delete: "2m" } });
    await succeeds(stack.up());
    expect(await organisation.calls()).toEqual([]);
    expect((await stack.resources())[0]?.outputs.timeouts).toEqual({ delete: "2m" });

    await succeeds(stack.destroy());
    expect(await objects()).toEqual([]);
    expect(await stack.resources()).toEqual([]);
  },
);

test.for(SUBJECTS)(
  "$resource: each mutable field is updated in place, under the same id, and removed from the program it is the default",
  async (subject) => {
    const { organisation, stack, objects } = await begin(subject);
    const fields = Object.entries(subject.mutable);
    // A resource for each field, called by it.
    const upWith = async (argsOf: (field: string, value: unknown) => Fields) => {
      const made = fields.map(([field, value]) => [
        field,
        { args: { ...subject.minimal, ...argsOf(field, value) } },
      ]);
      await stack.program(programOf(subject, Object.fromEntries(made)));
      return succeeds(stack.up());
    };
    const seen = async () => {
      const ids = await idsIn(stack);
      const there = await objects();
      expect(there).toHaveLength(fields.length);
      return fields.map(([field]) => there.find(({ id }) => id === ids.get(field)));
    };

    await upWith(() => ({}));
    const before = await seen();
    await organisation.forgetCalls();
    expect(await upWith((field, value) => ({ [field]: value }))).toContain(`${fields.length} updated`);
    const changed = await seen();
    for (const [index, [field, value]] of fields.entries())
      expect(changed[index], field).toMatchObject({ id: before[index]?.id, fields: { [field]: value } });
    const changes = (await organisation.calls()).filter((call) => !call.startsWith("GET"));
    expect(changes, changes.join("\n")).toHaveLength(fields.length);

    await upWith(() => ({}));
    for (const [index, each] of (await seen()).entries())
      expect(each?.fields).toEqual({
        ...before[index]?.fields,
        // Where it is the key another one is derived, so that it can stand beside that of before.
        name: expect.stringMatching(new RegExp(`^${fields[index]?.[0]}-[0-9a-f]{7}$`)),
      });
  },
);

test.for(SUBJECTS)(
  "$resource: each identity field replaces it, the new one first where it can stand beside the old one, else the old one goes first",
  async (subject) => {
    const { organisation, stack, objects } = await begin(subject);
    const upWith = async (when: "before" | "after") => {
      const made = subject.replacing.map((change, index) => [
        `r${index}`,
        { args: { ...subject.minimal, ...change[when] } },
      ]);
      await stack.program(programOf(subject, Object.fromEntries(made)));
    };
    const idsOf = async () => {
      const ids = await idsIn(stack);
      return subject.replacing.map((_, index) => String(ids.get(`r${index}`)));
    };
    await upWith("before");
    await succeeds(stack.up());
    const before = await idsOf();

    await upWith("after");
    const { output } = await stack.preview("--diff");
    for (const field of Object.keys(subject.replacing.at(-1)?.after ?? {}))
      if (field !== subject.key.field) expect(output).toMatch(new RegExp(`${field} *: ".*" => ".*"`));
    await organisation.forgetCalls();
    expect(await succeeds(stack.up())).toContain(`${subject.replacing.length} replaced`);

    const after = await objects();
    expect(after.map(({ id }) => id).toSorted()).toEqual((await idsOf()).toSorted());
    expect(after).toHaveLength(before.length);
    expect(before.filter((id) => after.some((each) => each.id === id))).toEqual([]);
    for (const { after: fields } of subject.replacing)
      expect(after).toContainEqual(expect.objectContaining({ fields: expect.objectContaining(fields) }));
    // What can be made first goes at the end; any other before the last POST, for which it makes room.
    const calls = (await organisation.calls()).filter((call) => /^(POST|DELETE)/.test(call));
    const lastPost = calls.findLastIndex((call) => call.startsWith("POST"));
    const deleted = subject.replacing.map((_, index) =>
      calls.findIndex((call) => call.includes(String(before[index]))),
    );
    expect(
      deleted.map((at) => at > lastPost),
      calls.join("\n"),
    ).toEqual(subject.replacing.map((_, index) => index === 0));
  },
);

test.for(SUBJECTS)(
  "$resource: a change behind Pulumi's back is shown exactly and repaired",
  async (subject) => {
    const { stack, only, edit } = await begin(subject);
    const { field, initial } = subject.text;
    await succeeds(stack.up());
    const { id } = await only();
    await edit(id, { [field]: "edited in the console" });

    await succeeds(stack.refresh());
    const preview = await stack.preview("--diff");
    // The CLI shows a text that becomes empty as one that goes.
    const shown = initial === "" ? "" : ` => "${initial}"`;
    expect(preview.output).toMatch(new RegExp(`[~-] ${field} *: "edited in the console"${shown}\n`));
    expect(preview.output.match(/^ +[~+-] \w+ *: /gm), preview.output).toHaveLength(1);
    await succeeds(stack.up());
    expect(await only()).toMatchObject({ id, fields: { [field]: initial } });

    await succeeds(stack.refresh("--expect-no-changes"));
    await succeeds(stack.preview("--expect-no-changes"));
  },
);

test.for(SUBJECTS)(
  "$resource: deleted behind Pulumi's back it is dropped by refresh, made again by up under the same key, and destroyed though it is gone",
  async (subject) => {
    const { stack, only, remove, objects } = await begin(subject);
    await succeeds(stack.up());
    const first = await only();
    await remove(first.id);

    await succeeds(stack.refresh());
    expect(await stack.resources()).toEqual([]);
    await succeeds(stack.up());
    const second = await only();
    expect(second.fields).toEqual(first.fields);
    await remove(second.id);
    await succeeds(stack.destroy());
    expect(await objects()).toEqual([]);
  },
);

test.for(SUBJECTS)(
  "behaviour 11, $resource: previews of creates, an update, a replacement and a deletion change nothing",
  async (subject) => {
    const { organisation, stack, objects } = await begin(subject);
    const program = (more: Record<string, Fields>) => {
      const made = Object.entries(more).map(([name, args]) => [
        name,
        { args: { ...subject.minimal, ...args } },
      ]);
      return stack.program(programOf(subject, Object.fromEntries(made)));
    };
    const [replacing] = subject.replacing;
    await program({ changed: {}, replaced: replacing?.before ?? {}, gone: {} });
    expect((await stack.preview()).output).toContain("4 to create");
    await succeeds(stack.up());
    const before = await objects();
    expect(before).toHaveLength(3);
    await organisation.forgetCalls();
    await program({ changed: { [subject.text.field]: "another" }, replaced: replacing?.after ?? {} });
    const { output } = await stack.preview();
    for (const shown of ["1 to update", "1 to replace", "1 to delete"]) expect(output).toContain(shown);
    expect((await organisation.calls()).filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(await objects()).toEqual(before);
  },
);

test.for(SUBJECTS)(
  "behaviour 15, $resource: destroy ends when it can no longer be read, however far reads lag behind",
  async (subject) => {
    const { organisation, stack, spoil, only } = await begin(subject);
    await succeeds(stack.up());
    const { id } = await only();
    const [stored] = (await organisation.everything())[subject.collection];
    await organisation.forgetCalls();
    await spoil(subject.read, { kind: "answer", status: 200, body: stored }, 3);
    await succeeds(stack.destroy());
    const calls = (await organisation.calls()).filter((call) => call.includes(id));
    expect(calls.map((call) => call.replace(/ .*(?= )/, ""))).toEqual([
      expect.stringMatching(/^DELETE 20/),
      "GET 200",
      "GET 200",
      "GET 200",
      "GET 404",
    ]);
  },
);

test.for(SUBJECTS)(
  "behaviour 13, $resource: 401, 403 and 5xx on a read keep the state and show the error",
  async (subject) => {
    const { stack, spoil, objects } = await begin(subject);
    await stack.config({ "genesyscloud:maxRetries": "1" });
    const statuses = [401, 403, 500, 503];
    const made = statuses.map((status) => [`s${status}`, { args: subject.minimal }]);
    await stack.program(programOf(subject, Object.fromEntries(made)));
    await succeeds(stack.up());
    const resources = await stack.resources();
    for (const [index, status] of statuses.entries())
      await spoil(
        { method: "GET", path: String(resources[index]?.id) },
        { kind: "answer", status, headers: { "Retry-After": "0" } },
        "always",
      );
    const output = await fails(stack.refresh());
    for (const status of statuses) expect(output).toContain(`was answered ${status}`);
    expect(output).toContain(subject.readRight);
    expect(output).not.toMatch(/^\s+at .*\(/m);
    expect((await stack.resources()).map(({ id }) => id)).toEqual(resources.map(({ id }) => id));
    expect(await objects()).toHaveLength(statuses.length);
    await succeeds(stack.preview("--expect-no-changes"));
  },
);

// Counted in test/client/pages.test.ts, too.
nightly(
  "thirty are refreshed by one read and a page, and deleted with few calls more than the deletions",
  async () => {
    const subject = SUBJECTS[0] as Subject;
    const { organisation, stack, objects } = await begin(subject);
    const names = Array.from({ length: 30 }, (_, index) => `r${index}`);
    const made = Object.fromEntries(names.map((name) => [name, { args: subject.minimal }]));
    await stack.program(programOf(subject, made));
    await succeeds(stack.up());

    await organisation.forgetCalls();
    expect(await succeeds(stack.refresh())).toContain("31 unchanged");
    expect((await organisation.calls()).length).toBeLessThanOrEqual(3);

    await organisation.forgetCalls();
    await succeeds(stack.destroy());
    const calls = await organisation.calls();
    expect(calls.filter((call) => call.startsWith("DELETE"))).toHaveLength(30);
    expect(calls.length - 30).toBeLessThanOrEqual(12);
    expect(await objects()).toEqual([]);
  },
);
