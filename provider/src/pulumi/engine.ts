/** Where the engine is, and when it is gone. */
import { connect } from "node:http2";

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
 *
 * The connection speaks HTTP/2, as gRPC does: one that says nothing the engine's server closes after two minutes, and a run
 * that takes longer would be taken for one without an engine.
 */
export function whenEngineIsGone(address: string, gone: () => void): void {
  const line = connect(`http://${address}`);
  line.on("connect", () => line.on("close", gone));
  // Whatever else keeps it from coming about tells nothing.
  line.on("error", (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED" && gone());
  line.unref();
}
