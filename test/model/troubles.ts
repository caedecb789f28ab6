/** Brings about an operation's troubles: faults, kills, failed jobs, withdrawn rights, and other hands meanwhile. */
import { setTimeout as delay } from "node:timers/promises";
import type { FaultRule } from "genesyscloud-sandbox";
import type { ByHand, ReceiverTrouble, Trouble } from "./schedule.js";
import type { Lane } from "./support/lane.js";
import type { ProviderProcess } from "./support/providerProcess.js";

/** How often the watcher looks whether its request has come, in real milliseconds. */
const WATCH_MS = 2;
/** How long a request is held while something happens meanwhile, in real milliseconds. */
const HELD_MS = 15;

const PERMISSIONS = ["add", "delete", "edit", "view"].map((action) => `integrations:integration:${action}`);
const SCOPES = [
  "eventbridge:source:write",
  "eventbridge:source:read",
  "eventbridge:topic:read",
  "eventbridge:target:read",
  "asyncapi:job:read",
];

/** What became of an operation's troubles. */
export interface TroublesMet {
  killed: boolean;
  /** Whether somebody changed something by hand during the operation. */
  meddled: boolean;
  faults: (FaultRule & { hits: number })[];
  /** Whether a job, or a change of state, had one of the outcomes that were laid out for it. */
  outcomeStruck: boolean;
}

/**
 * Lays out an operation's troubles and acts at their moments.
 *
 * @param byHand does what a person does in the organisation.
 * @returns takes the troubles away, and tells what became of them.
 */
export async function beginTroubles(
  lane: Lane,
  provider: ProviderProcess,
  trouble: Trouble,
  byHand: (act: ByHand) => Promise<void>,
): Promise<() => Promise<TroublesMet>> {
  const { organisation, receiver } = lane;
  const { kill, meanwhile, jobs, states, withdrawn } = trouble;
  const api = { path: "^/api/" };
  const moments: FaultRule[] = [
    ...(kill ? [{ match: api, skip: kill.at, action: { kind: "hang" as const, after: kill.after } }] : []),
    ...(meanwhile
      ? [{ match: api, skip: meanwhile.at, action: { kind: "delay" as const, ms: HELD_MS } }]
      : []),
  ];
  const rules = [...moments, ...trouble.faults];
  if (rules.length > 0) await organisation.faults(rules);
  for (const job of jobs) await organisation.nextJob(job);
  for (const state of states) await organisation.nextState(state);
  const outcomes = jobs.length + states.length;
  if (withdrawn !== undefined)
    await organisation.settings({
      scopes: SCOPES.includes(withdrawn) ? SCOPES.filter((scope) => scope !== withdrawn) : null,
      permissions: PERMISSIONS.filter((permission) => permission !== withdrawn),
    });
  if (trouble.receiver !== undefined) receiver.behave(...behaviours(trouble.receiver));
  await organisation.forgetRequests();
  const watcher = watch(lane, provider, trouble, byHand);

  return async () => {
    const seen = await watcher.stop();
    const faults = (await organisation.hits()).slice(moments.length);
    if (rules.length > 0) await organisation.clearFaults();
    if (withdrawn !== undefined) await organisation.settings({ scopes: null, permissions: null });
    receiver.behave(204);
    const left = outcomes === 0 ? 0 : await organisation.outcomesLeft();
    if (outcomes > 0) await organisation.clearOutcomes();
    // What a killed provider had on its way arrives before anybody looks.
    if (seen.killed) await delay(WATCH_MS);
    return { ...seen, faults, outcomeStruck: left < outcomes };
  };
}

function behaviours({ does, times }: ReceiverTrouble) {
  const one =
    does === "reset"
      ? (response: { destroy(): void }) => response.destroy()
      : does === "hang"
        ? () => {}
        : does;
  return times === "always" ? [one] : [...Array.from({ length: times }, () => one), 204];
}

/** Acts when a certain request is under way. */
function watch(
  { organisation }: Lane,
  provider: ProviderProcess,
  { kill, meanwhile }: Trouble,
  byHand: (act: ByHand) => Promise<void>,
) {
  let over = kill === undefined && meanwhile === undefined;
  const seen = { killed: false, meddled: false };
  const look = async () => {
    let due = meanwhile !== undefined;
    while (!over && !seen.killed) {
      const hits = await organisation.hits();
      if (kill !== undefined && (hits[0]?.hits ?? 0) > 0) {
        seen.killed = true;
        await provider.kill();
      } else if (due && meanwhile !== undefined && (hits[kill ? 1 : 0]?.hits ?? 0) > 0) {
        due = false;
        if (meanwhile.act.by === "revoke") await organisation.revokeTokens();
        else {
          seen.meddled = true;
          await byHand(meanwhile.act);
        }
      } else await delay(WATCH_MS);
    }
  };
  const watching = look();
  return {
    stop: async () => {
      over = true;
      await watching;
      return seen;
    },
  };
}
