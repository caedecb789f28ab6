/** The commands about the audit log: `audit verify`, `show`, `repair` and `rotate`. */
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { parseDuration } from "../duration.js";
import { repairLog, rotateLog } from "../hooks/audit/maintenance.js";
import { type AuditRecord, type Head, parseHead, sayHead } from "../hooks/audit/record.js";
import { verifyLog } from "../hooks/audit/verify.js";
import { idIn } from "../hooks/words.js";
import { resourceName } from "../lifecycle/autoKey.js";
import { readAuditTargets } from "../settings.js";
import { remarkColours, resultColours } from "./colours.js";
import { CommandError } from "./failure.js";
import { print, printJson, printTable, remark } from "./output.js";
import { folderOfProject, type StackOptions } from "./pulumiCli.js";
import { configuredValue } from "./stackConfiguration.js";

/** `audit verify|show|repair|rotate`. */
export function auditCommands(program: Command): void {
  const audit = program.command("audit").description("the audit log: is it intact, and what does it say");

  audit
    .command("verify")
    .description("check that no record was edited, removed, inserted or moved; exits 1 when one was")
    .argument("[file]", "the log (default: the one that the stack's configuration names)")
    .option(
      "--head <seq:hash>",
      "a head kept elsewhere, such as a resource's output auditHead; may be repeated",
      heads,
    )
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", VERIFY_EXAMPLES)
    .action(verify);

  audit
    .command("show")
    .description("list the records")
    .argument("[file]", "the log (default: the one that the stack's configuration names)")
    .option(
      "--resource <text>",
      "only those of the resource with this name (in the program or the organisation), id or URN",
    )
    .option(
      "--since <time>",
      "only from that time on: 2030-01-31, 2030-01-31T12:00Z, or 12h for twelve hours ago",
      time,
    )
    .option("--until <time>", "only up to that time", time)
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "the records as they are, in a list")
    .addHelpText("after", SHOW_EXAMPLES)
    .action(show);

  audit
    .command("repair")
    .description("set a torn last line aside, turn back line ends; no record is changed")
    .argument("[file]", "the log (default: the one that the stack's configuration names)")
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", REPAIR_EXAMPLES)
    .action(repair);

  audit
    .command("rotate")
    .description(
      "move the log away, together with its head; a new one, which names it, begins with the next step",
    )
    .argument("[file]", "the log (default: the one that the stack's configuration names)")
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .action(rotate);
}

const VERIFY_EXAMPLES = `
Examples:
  $ genesyscloud-eventbridge audit verify
  $ genesyscloud-eventbridge audit verify --head "$(pulumi stack output auditHead)"`;

const SHOW_EXAMPLES = `
Examples:
  $ genesyscloud-eventbridge audit show --resource vip-conversations-3fa9c21 --since 24h
  $ genesyscloud-eventbridge audit show --json | jq '.[] | select(.error)'`;

const REPAIR_EXAMPLES = `
Examples:
  $ genesyscloud-eventbridge audit repair
  $ genesyscloud-eventbridge audit repair old/audit_logs.jsonl`;

interface AuditOptions extends StackOptions {
  json?: boolean;
}

async function verify(file: string | undefined, options: AuditOptions & { head?: Head[] }): Promise<void> {
  const path = await logFile(file, options);
  const { count, head, finding, warnings, earlier } = await verifyLog(path, options.head, () => false);
  if (options.json)
    printJson({
      file: path,
      ok: finding === undefined,
      records: count,
      head: sayHead(head),
      finding: finding ?? null,
      warnings,
      earlier,
    });
  else if (finding === undefined)
    print(`${path}: ${sayVerdict(warnings)}, ${count} records, head ${sayHead(head)}`);
  else
    remark(
      `${path}: ${remarkColours.red(finding.damage)}: ${finding.message}\n${WHAT_TO_DO[finding.damage] ?? ""}`.trimEnd(),
    );
  if (!options.json)
    for (const file of earlier) if (finding === undefined) remark(`the earlier log ${file} is intact, too`);
  if (!options.json) for (const warning of warnings) remark(`${remarkColours.yellow("warning")}: ${warning}`);
  if (finding !== undefined) process.exitCode = 1;
}

/** What may be missing without a trace does not let a log pass for intact. */
const sayVerdict = (warnings: readonly string[]): string =>
  warnings.length === 0 ? "intact" : "no damage found, but it may not be whole";

const EVIDENCE =
  "Keep the file as evidence, together with its .head file: moved away, a new log begins with the next step.";
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  edited: EVIDENCE,
  removed: EVIDENCE,
  reordered: EVIDENCE,
  inserted: EVIDENCE,
  rewritten: EVIDENCE,
  torn: 'That happens when a process is killed while it writes: the next step puts it right, or "genesyscloud-eventbridge audit repair".',
};

interface ShowOptions extends AuditOptions {
  resource?: string;
  since?: number;
  until?: number;
}

async function show(file: string | undefined, options: ShowOptions): Promise<void> {
  const path = await logFile(file, options);
  const {
    records: wanted,
    finding,
    hidesRecords,
  } = await verifyLog(path, [], (record) => matches(record, options));
  if (finding?.damage === "missing") throw new CommandError(`${path}: ${finding.message}`);
  if (options.json) printJson(wanted);
  else if (wanted.length === 0) remark("no records");
  else printTable(COLUMNS, wanted.map(row));
  if (finding === undefined) return;
  remark(`${path}: ${hidesRecords ? "what follows is not shown: " : ""}${finding.message}`);
  process.exitCode = 1;
}

const matches = (record: AuditRecord, { resource, since, until }: ShowOptions): boolean =>
  (resource === undefined || namesOf(record).includes(resource)) &&
  (since === undefined || Date.parse(record.timestamp) >= since) &&
  (until === undefined || Date.parse(record.timestamp) <= until);

/** All that the resource of a record goes by: in the program it has another name than in the organisation. */
const namesOf = (record: AuditRecord): unknown[] => [
  record.name,
  idIn(record),
  record.urn,
  ...(typeof record.urn === "string" ? [resourceName(record.urn)] : []),
];

const COLUMNS = ["SEQ", "TIME", "EVENT", "NAME", "ID", "STATUS", "SECONDS", "RETRIES", "ERROR"];

const row = (record: AuditRecord): string[] => [
  String(record.seq),
  record.timestamp,
  record.event_type.replace(/^eventbridge_/, ""),
  record.name,
  idIn(record) ?? "-",
  record.final_status ?? "-",
  record.latency_seconds === null ? "-" : String(record.latency_seconds),
  record.retry_count === null ? "-" : String(record.retry_count),
  record.error === undefined
    ? ""
    : resultColours.red(`${record.error.status ?? ""} ${record.error.code}`.trim()),
];

async function repair(file: string | undefined, options: AuditOptions): Promise<void> {
  const path = await logFile(file, options);
  const done = await repairLog(path);
  const { finding } = await verifyLog(path, [], () => false);
  if (options.json) printJson({ file: path, repaired: done !== undefined, finding: finding ?? null });
  else print(done ?? `${path}: nothing to repair`);
  if (finding === undefined) return;
  if (!options.json)
    remark(
      `${path}: ${remarkColours.red(finding.damage)}: ${finding.message}\nThat cannot be repaired. ${EVIDENCE}`,
    );
  process.exitCode = 1;
}

async function rotate(file: string | undefined, options: AuditOptions): Promise<void> {
  const path = await logFile(file, options);
  const away = await rotateLog(path, remark);
  if (options.json) printJson({ file: path, movedTo: away });
  else print(`${path}: moved to ${away}`);
}

/**
 * The log that is meant: the one given, or the one of the project. Where its configuration cannot be read, another file
 * must not pass for it.
 */
async function logFile(given: string | undefined, options: StackOptions): Promise<string> {
  if (given !== undefined) return resolve(given);
  const key = "genesyscloud:auditLog";
  const configured = await configuredValue(options, key).catch((error: unknown) => {
    throw error instanceof CommandError
      ? new CommandError(`${error.message}\nName the log itself to do without: audit verify FILE.`)
      : error;
  });
  const { file } = readAuditTargets({ [key]: configured }, process.env);
  if (file === undefined) throw new CommandError("genesyscloud:auditLog is off: there is no audit log");
  return resolve(folderOfProject(), file);
}

function heads(text: string, before: Head[] = []): Head[] {
  const head = parseHead(text);
  if (head === undefined) throw new InvalidArgumentError('it must be such as "12:" and 64 hex digits.');
  return [...before, head];
}

function time(text: string): number {
  const ago = parseDuration(text);
  const isDate = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text);
  const at = ago === undefined ? (isDate ? Date.parse(text) : Number.NaN) : Date.now() - ago;
  if (Number.isNaN(at))
    throw new InvalidArgumentError("it must be such as 2030-01-31, 2030-01-31T12:00Z or 12h.");
  return at;
}
