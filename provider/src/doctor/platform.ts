import { gatewayAddress } from "../gateway.js";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import { getJob } from "../genesys/job.js";
import { getPage } from "../genesys/pages.js";
import type { StepBudget } from "../genesys/retry.js";
import { countdown, machineTime } from "../genesys/time.js";
import { ACCESS } from "../kinds.js";
import { hidingSecretsOf } from "../secrets.js";
import { clientOptions, type Settings, SettingsError } from "../settings.js";
import { about, type Finding, inOneLine } from "./finding.js";

/** How long the platform may take for all of it, in milliseconds. */
const PATIENCE_MS = 30_000;
/** A job that nobody has: being told that it does not exist takes the permission to look. */
const NO_JOB = "00000000-0000-0000-0000-000000000000";

type Probe = (client: GenesysClient, budget: StepBudget) => Promise<unknown>;

const list =
  (kind: string): Probe =>
  (client, budget) =>
    getPage(client, `/api/v2/eventbridge/${kind}`, {}, 1, budget);

/** What tells of each scope, at one call each; none changes anything. */
const PROBES: readonly { scope: string; probe: Probe }[] = [
  { scope: "eventbridge:source:read", probe: list("sources") },
  { scope: "eventbridge:topic:read", probe: list("topics") },
  { scope: "eventbridge:target:read", probe: list("targets") },
  { scope: "asyncapi:job:read", probe: (client, budget) => getJob(client, NO_JOB, budget) },
];

const LOGIN = "/oauth/token";

/** Whether Genesys Cloud can be reached, lets us in, and lets us look at what the provider looks at. */
export async function checkPlatform(settings: Settings): Promise<Finding[]> {
  const [place, credentials] = [about("Genesys Cloud"), about("credentials")];
  const scopes = PROBES.map(({ scope }) => about(`scope ${scope}`));
  const writing = about("scope eventbridge:source:write").skipped("not tried: that would take a change");
  const unknown = (why: string) => [...scopes.map((scope) => scope.skipped(why)), writing];

  let client: GenesysClient;
  try {
    // Once each: whoever asks what is wrong wants to know it now.
    client = createClient({ ...clientOptions({ ...settings, maxRetries: 0 }), access: ACCESS }, machineTime);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return [
      place.skipped("not asked without settings"),
      credentials.failed(inOneLine(error)),
      ...unknown("not asked without credentials"),
    ];
  }
  const left = countdown(machineTime.elapsed, PATIENCE_MS);
  const hide = hidingSecretsOf({ settings });
  const budget = { left, signal: new AbortController().signal, retryCount: 0, hide };
  const troubles = await Promise.all(PROBES.map(({ probe }) => troubleOf(probe(client, budget))));

  const silent = troubles.find((trouble) => trouble?.status === 0);
  if (silent !== undefined)
    return [
      place.failed(`${whereTo(settings)}: ${silent.message}`),
      credentials.skipped("not tried"),
      ...unknown("not asked"),
    ];
  const reached = place.ok(`${whereTo(settings)} answers`);
  const refused = troubles.find((trouble) => trouble?.path === LOGIN || trouble?.status === 401);
  if (refused !== undefined)
    return [reached, credentials.failed(refused.message), ...unknown("not asked without a login")];
  const accepted =
    "accessToken" in (settings.credentials ?? {}) ? "the access token is taken" : "the login succeeds";
  return [
    reached,
    credentials.ok(accepted),
    ...scopes.map((scope, index) => {
      const trouble = troubles[index];
      return trouble === undefined ? scope.ok("granted") : scope.failed(trouble.message);
    }),
    writing,
  ];
}

/** Why a probe tells of no permission; that something does not exist takes one. */
async function troubleOf(probe: Promise<unknown>): Promise<GenesysError | undefined> {
  try {
    await probe;
    return undefined;
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    return error.status === 404 ? undefined : error;
  }
}

const whereTo = ({ gateway, region }: Settings): string =>
  gateway === undefined ? `${region}` : gatewayAddress(gateway);
