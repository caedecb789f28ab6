/** What one provider process holds once: settings, client, journal, hooks. */
import { setMaxListeners } from "node:events";
import type { AccessRule } from "../genesys/access.js";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { loadSdk } from "../genesys/sdk.js";
import { machineTime } from "../genesys/time.js";
import { type Journal, openJournal } from "../journal.js";
import type { Context, Log } from "../resourceHandler.js";
import { hidingSecretsOf } from "../secrets.js";
import { journalPlaceOf } from "../settingPlaces.js";
import { clientOptions, readSettings, type Settings } from "../settings.js";
import { createStepsUnderWay, type StepsUnderWay } from "./interruption.js";
import { createLog } from "./log.js";
import { projectFolder } from "./projectFolder.js";
import { createStackState, type KindInState } from "./stackState.js";

/** What one provider process holds once, however many resources it serves; made at the first use. */
export interface Session {
  context: Context;
  steps: StepsUnderWay;
  /** Takes the stack's configuration. Neither waits nor throws: what is wrong is said by the first use. */
  configure(config: unknown): void;
}

/** What has to be known of a kind to serve it. */
interface ServedKind extends KindInState {
  access: readonly AccessRule[];
}

/**
 * @param environment where variables such as `GENESYSCLOUD_REGION` are looked up.
 * @param kinds the resources that it serves.
 */
export function createSession(
  environment: Readonly<Record<string, string | undefined>>,
  kinds: readonly ServedKind[],
): Session {
  let config: unknown;
  let settings: Settings | undefined;
  let client: GenesysClient | undefined;
  let log: ((urn?: string) => Log) | undefined;
  let journal: Journal | undefined;
  const access = kinds.flatMap((kind) => kind.access);
  const stop = new AbortController();
  const { signal } = stop;
  const folder = projectFolder(process.cwd());
  // Every request and every pause listens to it, and Node warns of more than ten.
  setMaxListeners(0, signal);
  const context: Context = {
    get settings() {
      settings ??= readSettings(
        config === undefined ? {} : everyKey(config),
        environment,
        environment.PULUMI_NODEJS_PROJECT,
      );
      return settings;
    },
    get client() {
      client ??= createClient({ ...clientOptions(this.settings), access }, machineTime, (line) =>
        this.log().info(line),
      );
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
      const auditLog = () => this.settings.auditLog.file;
      journal ??= openJournal(folder, () => journalPlaceOf(this.settings), this.log().warn, auditLog);
      return journal;
    },
    stack: createStackState(folder, kinds, () => loadAhead(context)),
    hide: (text) => hide(text),
  };
  const hide = hidingSecretsOf(context);
  const steps = createStepsUnderWay(stop, () => journal?.settle());
  const warnOnce = createWarnings(context);
  return {
    context,
    steps: {
      run: (what, step) =>
        steps.run(what, () => {
          warnOnce();
          return step();
        }),
    },
    configure: (given) => {
      config = given;
    },
  };
}

/**
 * Whoever asks for the stack's state is about to make or delete something, and then asks the platform: what that takes to
 * load is loaded while Pulumi's CLI is at work.
 */
function loadAhead(context: Context): void {
  try {
    if (context.settings.credentials !== undefined) loadSdk();
  } catch {
    // What is wrong is said by the first use.
  }
}

/**
 * What the settings are to be warned of, said once in a run: by the first step that changes something. The preview before
 * it is a process of its own, and would say the same.
 */
function createWarnings(context: Context): () => void {
  let isSaid = false;
  return () => {
    if (isSaid) return;
    isSaid = true;
    let warnings: readonly string[];
    try {
      ({ warnings } = context.settings);
    } catch {
      // That they cannot be used, the step itself says.
      return;
    }
    for (const warning of warnings) context.log().warn(warning);
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
