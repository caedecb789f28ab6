import { connect } from "node:net";

/** Where the engine listens, in the provider process that it has started; `undefined` anywhere else. */
export function engineAddress(): string | undefined {
  const address = process.argv.at(-1) ?? "";
  return /^[\w.[\]:-]+:\d+$/.test(address) ? address : undefined;
}

/** Whether this is the process in which the engine runs dynamic providers. */
export const isProviderProcess = (): boolean =>
  engineAddress() !== undefined && /\bdynamic-provider\b/.test(process.argv[1] ?? "");

/**
 * Tells when the engine is gone: a CLI that is killed says nothing to its provider, but its end of a connection is
 * closed by the system; and refused, where it was killed before this code was loaded.
 */
export function whenEngineIsGone(address: string, gone: () => void): void {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  const line = connect({ host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) });
  line.on("connect", () => line.on("close", gone));
  // Whatever else keeps it from coming about tells nothing.
  line.on("error", ({ code }: NodeJS.ErrnoException) => code === "ECONNREFUSED" && gone());
  line.resume().unref();
}
