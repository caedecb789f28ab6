/** Lines in the CLI's display, on the row of the resource that they are about. */
import type { Hide } from "../masking.js";
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";
import type { Log } from "../resourceHandler.js";
import { engineAddress } from "./engine.js";

/** Joins the lines of one stream; the engine's own messages have none. */
const STREAM = 7;

/**
 * Lines in the CLI's display, on the row of the resource they are about: one line each, whatever is in it. A line that
 * cannot be written is no reason to fail, and is left out.
 *
 * The provider process is not connected to the engine's log by itself; the engine's address is its last
 * argument. Where there is none, lines go to standard error.
 *
 * @param hide takes out of them what must not be shown.
 */
export function createLog(hide: Hide): (urn?: string) => Log {
  const engine = connectToEngine();
  return (urn) => {
    const resource = urn === undefined ? undefined : { urn: { promise: async () => urn } };
    const line = (write: (text: string) => unknown) => (message: string) => {
      try {
        Promise.resolve(write(printable(hide(messageOf(message))))).catch(() => {});
      } catch {
        // The engine is closing, or nobody listens any more.
      }
    };
    if (engine === undefined)
      return {
        info: line((text) => console.error(`info: ${text}`)),
        warn: line((text) => console.error(`warning: ${text}`)),
        status: () => {},
      };
    return {
      info: line((text) => engine.info(text, resource, STREAM)),
      warn: line((text) => engine.warn(text, resource, STREAM)),
      status: line((text) => engine.info(text, resource, STREAM, true)),
    };
  };
}

interface EngineLog {
  info(message: string, resource?: object, streamId?: number, ephemeral?: boolean): Promise<void>;
  warn(message: string, resource?: object, streamId?: number, ephemeral?: boolean): Promise<void>;
}

function connectToEngine(): EngineLog | undefined {
  const address = engineAddress();
  if (address === undefined) return undefined;
  try {
    const { resetOptions } = require("@pulumi/pulumi/runtime/settings");
    const metadata = require("@pulumi/pulumi/metadata");
    resetOptions(metadata.getProject(), "stack", -1, address, "", false, "");
    return require("@pulumi/pulumi/log");
  } catch {
    return undefined;
  }
}
