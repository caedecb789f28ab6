/** The commands about notices: `webhook list`, `redeliver`, `discard` and `test`. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { machineTime } from "../genesys/time.js";
import {
  type Outbox,
  openOutbox,
  outboxFolder,
  type Slot,
  type StoredNotice,
} from "../hooks/webhook/outbox.js";
import { type Sending, sendInOrder } from "../hooks/webhook/send.js";
import { AUDIT_FILE, readAuditTargets } from "../settings.js";
import { REDELIVER_MS } from "../waits.js";
import { CommandError } from "./failure.js";
import { isOf, type Owner, refuseOthers } from "./noticeOwner.js";
import { print, printJson, printTable, remark } from "./output.js";
import { folderOfProject, projectName, type StackOptions } from "./pulumiCli.js";
import { configuredValue, stackName, stackSettings } from "./stackConfiguration.js";
import { webhookTestCommand } from "./webhookTest.js";

/** `webhook list|redeliver|discard|test`. */
export function webhookCommands(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("notices that were not delivered yet, and a trial one");

  webhook
    .command("list")
    .description("list the notices that wait in the outbox, oldest first")
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", LIST_EXAMPLES)
    .action(list);

  webhook
    .command("redeliver")
    .description(
      "send the stack's notices that wait, exactly as they were, in order per resource; exits 1 when one still waits",
    )
    .argument("[id...]", "only these (default: all)")
    .option("--force", "also what the receiver answered with 410, and what release 0.1.0 wrote")
    .option("--stack <name>", "the stack that is meant (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(redeliver);

  webhook
    .command("discard")
    .description("take notices out of the outbox that nobody is to get any more")
    .argument("<id...>", "see list")
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .action(discard);

  webhookTestCommand(webhook);
}

const LIST_EXAMPLES = `
Examples:
  $ genesyscloud-eventbridge webhook list
  $ genesyscloud-eventbridge webhook list --json | jq '.[].trouble'`;

const EXAMPLES = `
The addresses are encrypted with the stack's secrets, so run it where its configuration can be read.

Examples:
  $ genesyscloud-eventbridge webhook redeliver
  $ genesyscloud-eventbridge webhook redeliver msg_4f1c… --stack production`;

interface WebhookOptions extends StackOptions {
  json?: boolean;
}

interface Waiting {
  slot: Slot;
  notice: StoredNotice;
}

async function list(options: WebhookOptions): Promise<void> {
  const waiting = await whatWaits(await outboxOf(options));
  if (options.json) printJson(waiting.map(({ notice }) => shown(notice)));
  else if (waiting.length === 0) print("nothing waits");
  else
    printTable(
      ["ID", "SINCE", "NAME", "OPERATION", "TROUBLE"],
      waiting.map(({ notice: { id, timestamp, name, operation, trouble } }) => [
        id,
        timestamp,
        name,
        operation,
        trouble ?? "not tried yet",
      ]),
    );
}

/** What may be seen of a notice: everything but its address, which is a secret. */
const shown = ({ address: _, ...notice }: StoredNotice) => notice;

async function redeliver(ids: string[], options: WebhookOptions & { force?: boolean }): Promise<void> {
  const settings = await stackSettings(options);
  const outbox = openedAt(settings.auditLog.file);
  const waiting = await chosen(outbox, ids);
  const owner: Owner = { stack: await stackName(options), project: await projectName() };
  if (ids.length > 0)
    refuseOthers(
      waiting.map(({ notice }) => notice),
      owner,
    );
  const [ours, others] = [true, false].map((wanted) =>
    waiting.filter(({ notice }) => isOf(notice, owner) === wanted),
  ) as [Waiting[], Waiting[]];
  const { signal } = new AbortController();
  const unavailable = new Map<string, string>();
  const results: { notice: StoredNotice; trouble?: string }[] = [];
  for (const source of new Set(ours.map(({ slot }) => slot.source))) {
    const ofOne = ours.filter(({ slot }) => slot.source === source);
    for (const { slot, notice } of ofOne) {
      const sending: Sending = {
        settings,
        signal,
        unavailable,
        until: machineTime.elapsed() + REDELIVER_MS,
        again: (_, refusal) => refusal === "refused" || options.force === true,
        evenUnbound: options.force === true,
      };
      const [{ trouble } = {}] = await sendInOrder(outbox, [slot], sending);
      results.push({ notice, trouble });
      if (!options.json) sayResult(notice, trouble);
    }
  }
  if (options.json)
    printJson(
      results.map(({ notice: { id }, trouble = null }) => ({ id, delivered: trouble === null, trouble })),
    );
  else if (results.length === 0) print("nothing waits");
  if (others.length > 0)
    remark(
      `${others.length} of other stacks or projects wait, too: name such a stack with --stack, in its project, to send its notices`,
    );
  if (results.some(({ trouble }) => trouble !== undefined)) process.exitCode = 1;
}

function sayResult({ id, name, operation }: StoredNotice, trouble: string | undefined): void {
  const what = `${id}  ${operation} of ${name}`;
  if (trouble === undefined) print(`delivered  ${what}`);
  else remark(`waits      ${what}: ${trouble}`);
}

async function discard(ids: string[], options: WebhookOptions): Promise<void> {
  const outbox = await outboxOf(options);
  const waiting = await chosen(outbox, ids);
  for (const { slot } of waiting) await outbox.remove(slot);
  if (options.json) printJson(waiting.map(({ notice: { id } }) => ({ id, discarded: true })));
  else
    for (const { notice } of waiting) print(`discarded  ${notice.id}  ${notice.operation} of ${notice.name}`);
}

/** The outbox beside the audit log of the stack. */
async function outboxOf(options: StackOptions): Promise<Outbox> {
  const key = "genesyscloud:auditLog";
  return openedAt(readAuditTargets({ [key]: await configuredValue(options, key) }, process.env).file);
}

const openedAt = (auditLog = AUDIT_FILE): Outbox =>
  openOutbox(resolve(folderOfProject(), outboxFolder(auditLog)), remark);

/** What waits, or of that only these. @throws CommandError where nothing waits under one of the ids. */
async function chosen(outbox: Outbox, ids: string[]): Promise<Waiting[]> {
  const waiting = await whatWaits(outbox);
  const unknown = ids.filter((id) => !waiting.some(({ notice }) => notice.id === id));
  if (unknown.length > 0)
    throw new CommandError(
      `nothing waits under ${unknown.join(", ")}: see "genesyscloud-eventbridge webhook list"`,
    );
  return waiting.filter(({ notice }) => ids.length === 0 || ids.includes(notice.id));
}

async function whatWaits(outbox: Outbox): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const slot of await outbox.waiting()) {
    const notice = await outbox.read(slot);
    if (notice !== undefined) waiting.push({ slot, notice });
  }
  return waiting;
}
