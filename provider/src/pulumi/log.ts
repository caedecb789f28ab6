import type { Log } from "../resourceHandler.js";
import { engineAddress } from "./engine.js";

/** Joins the lines of one stream; the engine's own messages have none. */
const STREAM = 7;

/**
 * Lines in the CLI's display, on the row of the resource they are about.
 *
 * The provider process is not connected to the engine's log by itself; the engine's address is its last
 * argument. Where there is none, lines go to standard error.
 */
export function createLog(): (urn?: string) => Log {
  const engine = connectToEngine();
  return (urn) => {
    if (engine === undefined) {
      const line = (severity: string) => (message: string) => console.error(`${severity}: ${message}`);
      return { info: line("info"), warn: line("warning"), status: () => {} };
    }
    const resource = urn === undefined ? undefined : { urn: { promise: async () => urn } };
    return {
      info: (message) => unheeded(engine.info(message, resource, STREAM)),
      warn: (message) => unheeded(engine.warn(message, resource, STREAM)),
      status: (message) => unheeded(engine.info(message, resource, STREAM, true)),
    };
  };
}

/** A line that the engine does not take any more, because it is closing, is no reason to fail. */
function unheeded(line: Promise<void>): void {
  line.catch(() => {});
}

interface EngineLog {
  info(message: string, resource?: object, streamId?: number, ephemeral?: boolean): Promise<void>;
  warn(message: string, resource?: object, streamId?: number, ephemeral?: boolean): Promise<void>;
}

function connectToEngine(): EngineLog | undefined {
  const address = engineAddress();
  if (address === undefined) return undefined;
  const { resetOptions } = require("@pulumi/pulumi/runtime/settings");
  const metadata = require("@pulumi/pulumi/metadata");
  resetOptions(metadata.getProject(), "stack", -1, address, "", false, "");
  return require("@pulumi/pulumi/log");
}
