/** Whose notices `webhook redeliver` sends, where several stacks and projects share an outbox. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandError } from "../../../../provider/src/commands/failure.js";
import { webhookCommands } from "../../../../provider/src/commands/webhook.js";
import { openOutbox } from "../../../../provider/src/hooks/webhook/outbox.js";
import { seal } from "../../../../provider/src/hooks/webhook/sealed.js";
import { errorOf, SETTINGS } from "../support/context.js";

const place = vi.hoisted(() => ({ folder: "", project: "shop" as string | undefined }));
vi.mock("../../../../provider/src/commands/pulumiCli.js", () => ({
  folderOfProject: () => place.folder,
  projectName: async () => place.project,
}));
vi.mock("../../../../provider/src/commands/stackConfiguration.js", () => ({
  stackSettings: async () => SETTINGS,
  stackName: async ({ stack }: { stack?: string }) => stack ?? (place.project && "dev"),
}));
const sent = vi.hoisted(() => ({ ids: [] as string[] }));
vi.mock("../../../../provider/src/hooks/webhook/send.js", () => ({
  sendInOrder: async (_: unknown, slots: { id: string }[]) => {
    sent.ids.push(...slots.map(({ id }) => id));
    return [{}];
  },
}));

const urn = (stack: string, project: string) => `urn:pulumi:${stack}::${project}::some:type::vip`;
const SOURCES = [urn("dev", "shop"), urn("prod", "shop"), urn("dev", "bank"), "of 0.1.0"];

let said = "";
beforeEach(async () => {
  place.folder = mkdtempSync(join(tmpdir(), "webhook-"));
  place.project = "shop";
  sent.ids = [];
  said = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const outbox = openOutbox(join(place.folder, "audit_logs.outbox"), (message) =>
    expect.unreachable(message),
  );
  for (const [index, source] of SOURCES.entries()) {
    const facts = { id: `msg_${index}`, source, name: "vip", operation: "create" as const };
    const notice = { ...facts, timestamp: `2030-01-0${index + 1}T00:00:00.000Z`, contentType: "x", body: "" };
    await outbox.put({ ...notice, address: await seal("https://hooks.invalid", notice, SETTINGS) });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(place.folder, { recursive: true });
});

async function redeliver(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  webhookCommands(program);
  await program.parseAsync(["webhook", "redeliver", ...args], { from: "user" });
}

test("a stack of the same name in another project keeps its notices", async () => {
  await redeliver();
  expect(sent.ids.toSorted()).toEqual(["msg_0", "msg_3"]);
  expect(said).toContain("2 of other stacks or projects wait, too");
});

test("outside of a project all are sent", async () => {
  place.project = undefined;
  await redeliver();
  expect(sent.ids).toHaveLength(4);
});

test.each([
  ["msg_1", "prod", "shop"],
  ["msg_2", "dev", "bank"],
])(
  "%s, which is of stack %s of project %s, is not sent from here, and whose it is is said",
  async (id, stack, project) => {
    const error = await errorOf(redeliver("msg_0", id));
    expect(error).toBeInstanceOf(CommandError);
    expect(error.message).toContain(`${id} belongs to the stack ${stack} of the project ${project}`);
    expect(error.message).not.toContain("msg_0");
    expect(sent.ids).toEqual([]);
  },
);
