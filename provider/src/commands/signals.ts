/** Work that is brought to its end, or taken back, although the process is asked to end meanwhile. */

/** What asks a process to end: Ctrl-C, a CI system or a container that stops, a terminal that is closed. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a process was asked. */
export interface Asked {
  /** The signal that came first; `undefined` while none has. */
  first(): NodeJS.Signals | undefined;
  /** Calls somebody at every signal, until what is returned is called. */
  each(listener: (signal: NodeJS.Signals) => void): () => void;
}

/**
 * Runs something to its end, whatever asks the process to end meanwhile.
 *
 * @param run learns of it, and stops early of its own accord.
 */
export async function toItsEnd<T>(run: (asked: Asked) => Promise<T>): Promise<T> {
  let first: NodeJS.Signals | undefined;
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const listen = (signal: NodeJS.Signals) => {
    first ??= signal;
    for (const each of listeners) each(signal);
  };
  for (const signal of ENDING) process.on(signal, listen);
  try {
    return await run({
      first: () => first,
      each: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
  } finally {
    for (const signal of ENDING) process.off(signal, listen);
  }
}
