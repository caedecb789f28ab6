/** `webhook test`: sends a trial notice to the configured address, and shows what the receiver says. */
import type { Command } from "commander";
import { told } from "../genesys/answer.js";
import { machineTime } from "../genesys/time.js";
import { tryOut } from "../hooks/webhook/deliver.js";
import { trialNotice } from "../hooks/webhook/notice.js";
import { message } from "../hooks/webhook/send.js";
import { LONGEST } from "../limits.js";
import { hidingSecretsOf } from "../secrets.js";
import { NOTICE_ATTEMPT_MS } from "../waits.js";
import { CommandError } from "./failure.js";
import { print, printJson, remark } from "./output.js";
import type { StackOptions } from "./pulumiCli.js";
import { stackSettings } from "./stackConfiguration.js";

/** `webhook test` */
export function webhookTestCommand(webhook: Command): void {
  webhook
    .command("test")
    .description(
      "send a trial notice to the stack's address, and show what the receiver says; exits 1 unless it took it",
    )
    .option("--stack <name>", "the stack whose configuration counts (default: the selected one)")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(test);
}

const EXAMPLES = `
The notice is signed, and sent once, as those of steps are; its type is eventbridge.test, and it is in
no audit log and no outbox. The address is genesyscloud:webhookUrl, or EXTERNAL_WEBHOOK_URL.

Examples:
  $ genesyscloud-eventbridge webhook test
  $ genesyscloud-eventbridge webhook test --stack production --json`;

async function test(options: StackOptions & { json?: boolean }): Promise<void> {
  const settings = await stackSettings(options);
  const { webhookUrl, webhookSecrets, webhookAllowPrivate, webhookFormat } = settings;
  if (webhookUrl === undefined)
    throw new CommandError(
      "no address is configured: pulumi config set --secret genesyscloud:webhookUrl, or set EXTERNAL_WEBHOOK_URL",
    );
  const notice = trialNotice(machineTime.now(), webhookFormat);
  const begun = machineTime.elapsed();
  const { answer, trouble } = await tryOut(webhookUrl, message(notice, settings), {
    allowPrivate: webhookAllowPrivate,
    timeoutMs: NOTICE_ATTEMPT_MS,
    readBytes: LONGEST.looked,
  });
  const seconds = (machineTime.elapsed() - begun) / 1_000;
  const said = told((answer?.text ?? "").trim(), LONGEST.quote, hidingSecretsOf({ settings }));
  if (trouble !== undefined) process.exitCode = 1;
  if (options.json)
    return printJson({
      id: notice.id,
      signatures: webhookSecrets.length,
      status: answer?.status ?? null,
      said: said === "" ? null : said,
      seconds,
      delivered: trouble === undefined,
      trouble: trouble ?? null,
    });
  const count = webhookSecrets.length;
  const signed = count === 0 ? "unsigned" : `signed with ${count} secret${count === 1 ? "" : "s"}`;
  print(`sent       ${notice.id}, ${signed}`);
  const result = `after ${seconds} s${said === "" ? "" : `: ${said}`}`;
  if (trouble === undefined) print(`delivered  the receiver answered ${answer?.status} ${result}`);
  else remark(`refused    ${trouble}, ${result}`);
}
