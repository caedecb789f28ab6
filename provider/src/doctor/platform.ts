/** Whether Genesys Cloud can be reached, lets us in, offers what the provider keeps, and lets us work with it. */
import { gatewayAddress } from "../gateway.js";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { countdown, machineTime } from "../genesys/time.js";
import { ACCESS, KINDS } from "../kinds.js";
import { hidingSecretsOf } from "../secrets.js";
import { clientOptions, type Settings, SettingsError } from "../settings.js";
import { DOCTOR_PATIENCE_MS } from "../waits.js";
import { about, type Finding, inOneLine } from "./finding.js";
import { findingsOf, isSilent, lookAt } from "./offer.js";
import { readRights } from "./rights.js";

const LOGIN = "/oauth/token";

/**
 * A login and some ten reads; nothing is changed.
 *
 * @param providers the explicit providers that the stack has: it may do without credentials of its own.
 */
export async function checkPlatform(
  settings: Settings,
  providers: readonly string[] = [],
): Promise<Finding[]> {
  const [place, credentials] = [about("Genesys Cloud"), about("credentials")];
  const unknown = (why: string) => KINDS.map(({ label }) => about(`${label}s`).skipped(why));

  let client: GenesysClient;
  try {
    // Once each: whoever asks what is wrong wants to know it now.
    client = createClient({ ...clientOptions({ ...settings, maxRetries: 0 }), access: ACCESS }, machineTime);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const lacking = inOneLine(error);
    const alone = `the stack's own settings are not complete, which none of its providers needs: ${lacking}`;
    return [
      place.skipped("not asked without settings"),
      providers.length > 0 ? credentials.skipped(alone) : credentials.failed(lacking),
      ...unknown("not asked without credentials"),
    ];
  }
  const left = countdown(machineTime.elapsed, DOCTOR_PATIENCE_MS);
  const hide = hidingSecretsOf({ settings });
  const budget = { left, signal: new AbortController().signal, retryCount: 0, hide };
  const [rights, ...looked] = await Promise.all([
    readRights(client, budget),
    ...KINDS.map((kind) => lookAt(kind, client, budget)),
  ]);
  const troubles = looked.flatMap(({ rules }) => rules.map(({ trouble }) => trouble));
  const silent = troubles.find(isSilent);
  if (silent !== undefined && troubles.every(isSilent))
    return [
      place.failed(`${whereTo(settings)}: ${silent.message}`),
      credentials.skipped("not tried"),
      ...unknown("not asked"),
    ];
  const reached = place.ok(`${whereTo(settings)} answers`);
  const refused = troubles.find(
    (trouble) => !isSilent(trouble) && (trouble?.path === LOGIN || trouble?.status === 401),
  );
  if (refused !== undefined)
    return [reached, credentials.failed(refused.message), ...unknown("not asked without a login")];
  const accepted =
    "accessToken" in (settings.credentials ?? {}) ? "the access token is taken" : "the login succeeds";
  return [
    reached,
    credentials.ok(accepted),
    ...looked.flatMap((each) =>
      findingsOf(
        each,
        looked.filter((other) => other !== each),
        rights,
      ),
    ),
  ];
}

const whereTo = ({ gateway, region }: Settings): string =>
  gateway === undefined ? `${region}` : gatewayAddress(gateway);
