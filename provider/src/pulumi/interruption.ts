/** What becomes of steps when the engine, or the system, ends the process. */
import { writeSync } from "node:fs";
import { LAST_WORK_MS } from "../waits.js";
import { engineAddress, isProviderProcess, whenEngineIsGone } from "./engine.js";

/** The steps of a process that are under way. */
export interface StepsUnderWay {
  /** Runs a step as one of them. @param what names it, such as `create of "orders"`. */
  run<T>(what: string, step: () => Promise<T>): Promise<T>;
}

/**
 * What becomes of steps when the process has to end.
 *
 * - The engine sends SIGINT after every command, and at the second Ctrl-C; it discards what steps still return. The
 *   journal has every job by then: what is left running is said in one line, and the process ends at once.
 * - A CLI that was killed sends nothing. Then nothing new is started, what waits for a job stops waiting, and a request
 *   in flight is answered, so that the journal learns of its job, before the process ends.
 *
 * @param stop ends every pause and keeps requests from being sent.
 * @param atEnd what is to be done, at once, when the engine ends a process in which nothing is under way: by then it
 *   has taken in whatever was returned to it.
 */
export function createStepsUnderWay(stop: AbortController, atEnd: () => void): StepsUnderWay {
  const underWay = new Set<{ what: string }>();
  const endWhenIdle = () => {
    if (stop.signal.aborted && underWay.size === 0) process.exit(0);
  };

  if (isProviderProcess()) {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        if (underWay.size > 0) sayLeftRunning([...underWay].map(({ what }) => what));
        else atEnd();
        process.exit(0);
      });
    whenEngineIsGone(engineAddress() ?? "", () => {
      stop.abort();
      setTimeout(() => process.exit(0), LAST_WORK_MS).unref();
      endWhenIdle();
    });
  }

  return {
    run: async (what, step) => {
      if (stop.signal.aborted) throw new Error("The Pulumi CLI is gone: nothing new is started.");
      const entry = { what };
      underWay.add(entry);
      try {
        return await step();
      } finally {
        underWay.delete(entry);
        // After the engine, were it there, has been answered.
        if (stop.signal.aborted) setImmediate(endWhenIdle);
      }
    },
  };
}

/** How many steps are named; the others are counted. */
const NAMED = 5;

function sayLeftRunning(steps: string[]): void {
  const others = steps.length > NAMED ? ` and ${steps.length - NAMED} more` : "";
  const line = `interrupted: left running were ${steps.slice(0, NAMED).join(", ")}${others}; run "pulumi up", which goes on with what they have begun, also before a "pulumi destroy"\n`;
  try {
    writeSync(2, line);
  } catch {
    // Nobody listens any more.
  }
}
