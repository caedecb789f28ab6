/** Explicit providers of a stack: doctor goes by the stack's own settings, and these have others. */
import { PROVIDER_NAME_KEY } from "../settingOrigin.js";
import { about, type Finding } from "./finding.js";

/** As much of a resource in a state as is of interest here. */
interface InState {
  type: string;
  inputs?: Record<string, unknown>;
}

/** The names of the `GenesysCloudProvider`s among a stack's resources. */
export const providersAmong = (resources: readonly InState[]): string[] =>
  resources
    .filter(({ type }) => type === "pulumi:providers:pulumi-nodejs")
    .flatMap(({ inputs }) => {
      const name = inputs?.[PROVIDER_NAME_KEY];
      return typeof name === "string" ? [name] : [];
    });

/** That they are not looked at, and how one is; nothing where there is none. */
export const checkProviders = (names: readonly string[]): Finding[] =>
  names.length === 0
    ? []
    : [
        about("providers").skipped(
          `${names.join(", ")}: what is looked at are the stack's own settings; to look at one of these, set its region, or gateway, and its credentials in the environment, and run doctor in a folder without a project`,
        ),
      ];
