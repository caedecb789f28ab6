/** What the engine's commands are about, and what they leave: resources in a state, registrations, steps. */
import type { Properties } from "./providerProcess.js";

/** A resource as the stack's state has it. */
export interface ResourceState {
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Why its last step was not finished; the next `up` updates it whatever `diff` says. */
  initErrors?: string[];
  /** It has been replaced and is still to be deleted. */
  delete?: boolean;
  /** `pulumi state taint`: the next `up` replaces it, whatever `diff` says. */
  taint?: boolean;
  /** It was deleted to be replaced, and what replaces it has not been made. */
  pendingReplacement?: boolean;
}

/** A resource as a program registers it. */
export interface Registration {
  urn: string;
  inputs: Properties;
  /** What it was called before, by the option `aliases`. */
  aliases?: readonly string[];
  /** The option of that name. */
  deleteBeforeReplace?: boolean;
}

/** A step that was tried, or would be in a preview. */
export interface StepTaken {
  step: "same" | "create" | "update" | "replace" | "delete" | "read" | "check" | "diff" | "import";
  urn: string;
  /** What a person is shown when it failed. */
  error?: string;
}

/** What a command of the engine left. */
export interface Run {
  ok: boolean;
  steps: StepTaken[];
}

/** A command under way. */
export class Operation {
  readonly steps: StepTaken[] = [];
  failed = false;

  get result(): Run {
    return { ok: !this.failed, steps: this.steps };
  }

  /** @returns `undefined` when it failed, which is kept for the person watching. */
  async try<T>(step: StepTaken["step"], urn: string, take: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await take();
      if (step !== "check") this.steps.push({ step, urn });
      return result;
    } catch (error) {
      this.failed = true;
      this.steps.push({ step, urn, error: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }
}
