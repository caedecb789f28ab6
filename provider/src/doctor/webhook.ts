/** What doctor says of the webhook: its address and its signature, neither of which is shown. */
import { AddressRefusedError, resolvePublic } from "../hooks/webhook/address.js";
import type { Settings } from "../settings.js";
import { about, type Finding } from "./finding.js";

/** Whether notices can go to the configured address, and can be told from anybody's. The address is not shown. */
export async function checkWebhook(settings: Settings): Promise<Finding[]> {
  const [address, signature] = [about("webhook address"), about("webhook signature")];
  const { webhookUrl, webhookSecrets } = settings;
  const signed =
    webhookSecrets.length > 0
      ? signature.ok(webhookSecrets.length === 1 ? "one secret" : `${webhookSecrets.length} secrets`)
      : webhookUrl === undefined
        ? signature.skipped("no secret; notices of resources with an address of their own are not signed")
        : signature.warning(
            "notices are not signed: pulumi config set --secret genesyscloud:webhookSecret, to whsec_ and base64",
          );
  if (webhookUrl === undefined)
    return [address.skipped("none by default; resources can have one of their own"), signed];
  const url = new URL(webhookUrl);
  try {
    await resolvePublic(url, settings.webhookAllowPrivate);
  } catch (error) {
    if (error instanceof AddressRefusedError) return [address.failed(error.message), signed];
    const { code } = error as NodeJS.ErrnoException;
    return [address.failed(`its host is not found (${code}): check genesyscloud:webhookUrl`), signed];
  }
  if (url.protocol === "http:" && !settings.webhookAllowPrivate)
    return [address.warning("notices go out unencrypted: use an https address"), signed];
  return [address.ok("its host is found"), signed];
}
