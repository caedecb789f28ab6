/** Where schedules are lived: an organisation, a project, a receiver and a provider's process, all on one fast clock. */
import { fileURLToPath } from "node:url";
import { openReceiver } from "../../support/receiver.js";
import { WEBHOOK_PATHS } from "../program.js";
import { startFastClock } from "./clock.js";
import { startOrganisation } from "./organisation.js";
import { makeProjectFolder } from "./projectFolder.js";
import { ProviderProcess } from "./providerProcess.js";

/**
 * How much faster than real time a lane's clock runs. The provider waits half a second before its first look at a job
 * and up to 30 for reads to catch up; a request takes about half a second at this speed.
 */
const CLOCK_FACTOR = 250;
export const MAX_RETRIES = 3;
const REQUEST_TIMEOUT = "30s";
/** The libraries in a process remember a little of every provider that was loaded. */
const MOST_LOADS = 150;

/** What must never be seen by a person. */
export const CLIENT_SECRET = "hush-client-secret-9f1c";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * One organisation, and a provider process that is connected to it. Schedules run in a lane one after the other;
 * lanes run at the same time.
 *
 * A process's configuration is fixed, and the engine starts a process for every command. `provider()` hands out a
 * provider as good as new: its modules are loaded and configured anew, so it remembers no token, no look-up, no name
 * and no adoption of an earlier command. A process that was killed, or is to be another, is really started.
 */
export async function openLane() {
  const clock = startFastClock(CLOCK_FACTOR);
  const organisation = await startOrganisation(clock, CLIENT_SECRET);
  const project = await makeProjectFolder();
  const receiver = await openReceiver();
  let running: ProviderProcess | undefined;
  let loads = 0;

  const start = () => {
    loads = 0;
    return ProviderProcess.start({
      cwd: project.folder,
      // The platform's SDK looks for a configuration in the home folder when it is loaded.
      env: { ...clock.env(), ...project.env, HOME: project.folder, PATH: project.path },
      clock,
      preload: [file("fastClock.cjs"), file("disk.cjs"), file("freshModules.cjs")],
      config: {
        "genesyscloud:gateway": organisation.url,
        "genesyscloud:oauthClientId": "sandbox-client",
        "genesyscloud:oauthClientSecret": CLIENT_SECRET,
        "genesyscloud:maxRetries": String(MAX_RETRIES),
        "genesyscloud:requestTimeout": REQUEST_TIMEOUT,
        "genesyscloud:webhookAllowPrivate": "true",
      },
    });
  };

  return {
    clock,
    organisation,
    project,
    receiver,
    /** Addresses of webhooks that a program can ask for. */
    webhooks: WEBHOOK_PATHS.map((path) => new URL(path, receiver.url).href),
    /** A provider that remembers nothing. @param another whether it must be a new process */
    async provider(another = false): Promise<ProviderProcess> {
      if (running !== undefined && running.ended === undefined && (another || ++loads > MOST_LOADS))
        await running.close();
      if (running === undefined || running.ended !== undefined) running = await start();
      else await running.tell("fresh");
      return running;
    },
    async close(): Promise<void> {
      if (running?.ended === undefined) await running?.close();
      receiver.close();
      await organisation.close();
      clock.stop();
      await project.remove();
    },
  };
}

export type Lane = Awaited<ReturnType<typeof openLane>>;
