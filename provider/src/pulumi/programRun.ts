/** The run that a program is part of, as its own process knows it. */
import * as pulumi from "@pulumi/pulumi";

/** One run of a program. */
export interface ProgramRun {
  /** The same object as long as the run lasts: a process can serve several, one after the other or at once. */
  readonly key: object;
  /** It changes nothing. */
  readonly isPreview: boolean;
  /** Keys such as `genesyscloud:region`, secrets in plain. */
  readonly config: Readonly<Record<string, string>>;
  readonly project: string | undefined;
  /** The program is under test: its mocks answer instead of the platform. */
  readonly isMocked: boolean;
}

/** Stands for what runs without an engine, such as a script. */
const NO_ENGINE = {};

/** The run that the caller is part of. */
export function programRun(): ProgramRun {
  const monitor = pulumi.runtime.getMonitor() as object | undefined;
  return {
    key: monitor ?? NO_ENGINE,
    isPreview: pulumi.runtime.isDryRun(),
    config: pulumi.runtime.allConfig(),
    project: pulumi.runtime.getProject() || undefined,
    isMocked: monitor !== undefined && "mocks" in monitor,
  };
}
