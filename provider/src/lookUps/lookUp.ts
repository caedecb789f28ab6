/** Answers look-ups: each asks the platform once a run, and says what is wrong in one line. */
import { setMaxListeners } from "node:events";
import * as pulumi from "@pulumi/pulumi";
import { INTEGRATION_ACCESS } from "../eventBridgeIntegration/access.js";
import { matchingTopics, topicsOf } from "../eventBridgeIntegration/topics.js";
import { SOURCE_ACCESS } from "../eventBridgeSource/access.js";
import {
  describe,
  everyListed,
  type Listed,
  type Wanted,
  type Word,
} from "../eventBridgeSource/catalogue.js";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { countdown, machineTime } from "../genesys/time.js";
import { LONGEST } from "../limits.js";
import { messageOf } from "../messageOf.js";
import { didYouMean } from "../nearest.js";
import { printable } from "../printable.js";
import type { ProgramRun } from "../pulumi/programRun.js";
import { hidingSecretsOf } from "../secrets.js";
import { clientOptions, readSettings } from "../settings.js";
import { FUNCTION_PATIENCE_MS } from "../waits.js";
import type { AvailableTopic } from "./args.js";

export type LookUpName = "getEventBridgeTopic" | "getEventBridgeTarget" | "getAvailableTopics";

/** What was asked for, or why there is none. */
export type Answer = { result: object } | { error: string };

/** What a look-up needs of its run. */
interface Asking {
  client: GenesysClient;
  hide(text: string): string;
  /** Reads a list, once. */
  list(word: Word): Promise<readonly Listed[]>;
}

/** What is known of each run: whoever asks, and the answers that were given or are under way. */
interface Known {
  asking: Asking;
  answers: Map<string, Promise<Answer>>;
}

const runs = new WeakMap<object, Known>();

const LOOK_UPS: Readonly<Record<LookUpName, (asking: Asking, args: unknown) => Promise<object>>> = {
  getEventBridgeTopic: async (asking, args) => one("topic", wantedIn(args), asking),
  getEventBridgeTarget: async (asking, args) => one("target", wantedIn(args), asking),
  getAvailableTopics: async ({ client }, args) => {
    const { transport = "EventBridge", matching } = textsIn(args, ["transport", "matching"]);
    const topics = await topicsOf(client, aBudget());
    const ids = matchingTopics(topics, transport, matching);
    return { ids, topics: ids.map((id): AvailableTopic => topicOf(id, topics.get(id))) };
  },
};

/** Said instead of an answer, in a preview without credentials. */
export const SAY_UNKNOWN =
  "no credentials for Genesys Cloud are configured: it is not looked up, and unknown in this preview";

/** Whether nothing can be asked, because nobody has said how to log in. */
export function isWithoutCredentials({ config, project }: ProgramRun): boolean {
  try {
    return readSettings(config, process.env, project).credentials === undefined;
  } catch {
    // What is wrong with the settings is said by the look-up.
    return false;
  }
}

/** Answers a look-up; equal ones of a run share one answer. Never throws. */
export async function lookUp(run: ProgramRun, name: LookUpName, args: unknown): Promise<Answer> {
  let hide = (text: string): string => text;
  try {
    const known = runs.get(run.key) ?? { asking: askingIn(run), answers: new Map<string, Promise<Answer>>() };
    runs.set(run.key, known);
    ({ hide } = known.asking);
    const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined);
    const question = JSON.stringify([name, given.toSorted()]);
    const answer =
      known.answers.get(question) ??
      LOOK_UPS[name](known.asking, args).then(
        (result) => ({ result }),
        (error) => ({ error: said(name, hide, error) }),
      );
    known.answers.set(question, answer);
    return await answer;
  } catch (error) {
    return { error: said(name, hide, error) };
  }
}

const said = (name: LookUpName, hide: (text: string) => string, error: unknown): string =>
  `${name}: ${printable(hide(messageOf(error)), LONGEST.message)}`;

function askingIn({ config, project }: ProgramRun): Asking {
  const settings = readSettings(config, process.env, project);
  const hide = hidingSecretsOf({ settings });
  const tell = (line: string) => void pulumi.log.info(printable(hide(line)));
  const access = [...SOURCE_ACCESS, ...INTEGRATION_ACCESS];
  const client = createClient({ ...clientOptions(settings), access }, machineTime, tell);
  const lists = new Map<Word, Promise<readonly Listed[]>>();
  return {
    client,
    hide,
    list: (word) => {
      const list = lists.get(word) ?? everyListed(word, client, aBudget());
      lists.set(word, list);
      return list;
    },
  };
}

function aBudget() {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return { left: countdown(machineTime.elapsed, FUNCTION_PATIENCE_MS), signal, retryCount: 0 };
}

const one = (word: Word, wanted: Wanted, { client, list }: Asking) =>
  describe(word, wanted, { client, budget: aBudget(), list: () => list(word) });

/** @throws Error that says what is allowed. */
function wantedIn(args: unknown): Wanted {
  const { name, id } = textsIn(args, ["name", "id"]);
  if (name !== undefined && id === undefined) return { name };
  if (id !== undefined && name === undefined) return { id };
  throw new Error("give either the name or the id of the one that is meant");
}

/** Arguments that are texts; `undefined` is as good as left out. @throws Error that names what is not allowed. */
function textsIn<Key extends string>(args: unknown, keys: readonly Key[]): Partial<Record<Key, string>> {
  if (typeof args !== "object" || args === null) throw new Error(`takes an object of ${keys.join(" or ")}`);
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    if (!keys.includes(key as Key))
      throw new Error(`${key} is not an argument${didYouMean(key, keys)}: allowed are ${keys.join(" and ")}`);
    if (typeof value !== "string" || value === "") throw new Error(`${key} must be a text that is not empty`);
  }
  return Object.fromEntries(given) as Partial<Record<Key, string>>;
}

function topicOf(
  id: string,
  { visibility, transports }: { visibility?: string; transports?: readonly string[] } = {},
): AvailableTopic {
  return {
    id,
    ...(visibility === undefined ? {} : { visibility }),
    ...(transports === undefined ? {} : { transports: [...transports] }),
  };
}
