import { setMaxListeners } from "node:events";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { machineTime } from "../genesys/time.js";
import { type Journal, openJournal } from "../journal.js";
import type { Context, Log } from "../resourceHandler.js";
import { hidingSecretsOf } from "../secrets.js";
import { clientOptions, hostOf, readSettings, type Settings } from "../settings.js";
import { createStepsUnderWay, type StepsUnderWay } from "./interruption.js";
import { createLog } from "./log.js";
import { projectFolder } from "./projectFolder.js";
import { createStackState } from "./stackState.js";

/** What one provider process holds once, however many resources it serves; made at the first use. */
export interface Session {
  context: Context;
  steps: StepsUnderWay;
  /** Takes the stack's configuration. Neither waits nor throws: what is wrong is said by the first use. */
  configure(config: unknown): void;
}

/** @param environment where variables such as `GENESYSCLOUD_REGION` are looked up. */
export function createSession(environment: Readonly<Record<string, string | undefined>>): Session {
  let config: unknown;
  let settings: Settings | undefined;
  let client: GenesysClient | undefined;
  let log: ((urn?: string) => Log) | undefined;
  let journal: Journal | undefined;
  const stop = new AbortController();
  const { signal } = stop;
  const folder = projectFolder(process.cwd());
  // Every request and every pause listens to it, and Node warns of more than ten.
  setMaxListeners(0, signal);
  const context: Context = {
    get settings() {
      settings ??= readSettings(config === undefined ? {} : everyKey(config), environment);
      return settings;
    },
    get client() {
      client ??= createClient(clientOptions(this.settings), machineTime, (line) => this.log().info(line));
      return client;
    },
    log(urn) {
      log ??= createLog(hide);
      return log(urn);
    },
    signal,
    ...machineTime,
    projectFolder: folder,
    get journal() {
      journal ??= openJournal(folder, () => hostOf(this.settings), this.log().warn);
      return journal;
    },
    stack: createStackState(folder),
    hide: (text) => hide(text),
  };
  const hide = hidingSecretsOf(context);
  return {
    context,
    steps: createStepsUnderWay(stop, () => journal?.settle()),
    configure: (given) => {
      config = given;
    },
  };
}

/** The engine's configuration object offers single keys only; finding a mistyped key takes all of them. */
function everyKey(config: unknown): Record<string, string> {
  const raw = (config as { rawConfig?: Record<string, string> } | null)?.rawConfig;
  if (typeof raw !== "object" || raw === null)
    throw new Error(
      "this release does not know how to read the configuration that this version of Pulumi hands over",
    );
  return raw;
}
