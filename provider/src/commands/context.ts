/** What handlers get where a command calls them, in the place of an engine. */
import { setMaxListeners } from "node:events";
import { createClient, type GenesysClient } from "../genesys/client.js";
import { machineTime } from "../genesys/time.js";
import { openJournal } from "../journal.js";
import { ACCESS, KINDS } from "../kinds.js";
import { createStackState } from "../pulumi/stackState.js";
import type { Context, Log } from "../resourceHandler.js";
import { hidingSecretsOf } from "../secrets.js";
import { journalPlaceOf } from "../settingPlaces.js";
import { clientOptions, type Settings } from "../settings.js";
import { remark } from "./output.js";
import { folderOfProject } from "./pulumiCli.js";

const LOG: Log = { info: remark, warn: (message) => remark(`warning: ${message}`), status: () => {} };

/** What handlers need, outside of an engine. */
export function commandContext(settings: Settings): Context {
  const folder = folderOfProject();
  let client: GenesysClient | undefined;
  const { signal } = new AbortController();
  // Every request listens to it, and Node warns of more than ten.
  setMaxListeners(0, signal);
  return {
    settings,
    get client() {
      client ??= createClient({ ...clientOptions(settings), access: ACCESS }, machineTime, LOG.info);
      return client;
    },
    log: () => LOG,
    signal,
    ...machineTime,
    projectFolder: folder,
    journal: openJournal(
      folder,
      () => journalPlaceOf(settings),
      LOG.warn,
      () => settings.auditLog.file,
    ),
    stack: createStackState(folder, KINDS),
    hide: hidingSecretsOf({ settings }),
  };
}
