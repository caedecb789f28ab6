import { resolve } from "node:path";
import type { Command } from "commander";
import { openOutbox, outboxFolder, type Slot, type StoredNotice } from "../hooks/webhook/outbox.js";
import { type Sent, sendInOrder } from "../hooks/webhook/send.js";
import { AUDIT_FILE, readAuditTargets, readSettings } from "../settings.js";
import { CommandError } from "./failure.js";
import { print, printJson, printTable, remark } from "./output.js";
import { folderOfProject, type StackOptions } from "./pulumiCli.js";
import { stackConfiguration } from "./stackConfiguration.js";

/** How long the notices of one source are tried, in milliseconds: somebody is waiting, but on purpose. */
const BUDGET_MS = 60_000;

/** `webhook list|redeliver`. */
export function webhookCommands(program: Command): void {
  const webhook = program.command("webhook").description("notices that were not delivered yet");

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
      "send what waits, exactly as it was, in order per source; exits 1 when something still waits",
    )
    .argument("[id...]", "only these (default: all)")
    .option("--force", "also what the receiver answered with 410")
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(redeliver);
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
  const { file = AUDIT_FILE } = readAuditTargets(await stackConfiguration(options, false), process.env);
  const waiting = await whatWaits(file);
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
  const settings = readSettings(await stackConfiguration(options, true), process.env);
  const waiting = await whatWaits(settings.auditLog.file ?? AUDIT_FILE);
  const unknown = ids.filter((id) => !waiting.some(({ notice }) => notice.id === id));
  if (unknown.length > 0)
    throw new CommandError(
      `nothing waits under ${unknown.join(", ")}: see "genesyscloud-eventbridge webhook list"`,
    );
  const wanted = waiting.filter(({ notice }) => ids.length === 0 || ids.includes(notice.id));
  const outbox = outboxFor(settings.auditLog.file ?? AUDIT_FILE);
  const { signal } = new AbortController();
  const results: (Sent & { notice: StoredNotice })[] = [];
  for (const source of new Set(wanted.map(({ slot }) => slot.source))) {
    const ofOne = wanted.filter(({ slot }) => slot.source === source);
    const slots = ofOne.map(({ slot }) => slot);
    const sent = await sendInOrder(
      outbox,
      slots,
      { settings, signal, budgetMs: BUDGET_MS },
      { even: options.force },
    );
    for (const [index, { notice }] of ofOne.entries()) {
      const result = { ...(sent[index] as Sent), notice };
      results.push(result);
      if (options.json) continue;
      const { id, name, operation } = notice;
      if (result.trouble === undefined) print(`delivered  ${id}  ${operation} of ${name}`);
      else remark(`waits      ${id}  ${operation} of ${name}: ${result.trouble}`);
    }
  }
  if (options.json)
    printJson(
      results.map(({ notice, trouble }) => ({
        id: notice.id,
        delivered: trouble === undefined,
        trouble: trouble ?? null,
      })),
    );
  else if (results.length === 0) print("nothing waits");
  if (results.some(({ trouble }) => trouble !== undefined)) process.exitCode = 1;
}

const outboxFor = (auditLog: string) => openOutbox(resolve(folderOfProject(), outboxFolder(auditLog)));

async function whatWaits(auditLog: string): Promise<Waiting[]> {
  const outbox = outboxFor(auditLog);
  const waiting: Waiting[] = [];
  for (const slot of await outbox.waiting()) {
    const notice = await outbox.read(slot);
    if (notice !== undefined) waiting.push({ slot, notice });
  }
  return waiting;
}
