/**
 * Whose organisation an object is in: what a state keeps of it, and tables I and J. A region has many organisations, so
 * that its host tells little; a hash of the credentials tells that nothing has changed, without a call. Credentials can
 * change and lead to the same organisation all the same: then its id decides, or whether the object is to be found.
 */
import type { Context } from "../resourceHandler.js";
import { hostOf, loginPrint } from "../settingPlaces.js";
import type { CommonOutputs, Properties } from "./inputs.js";
import type { Kind } from "./kind.js";
import { knownOrganization } from "./organization.js";
import type { Table } from "./table.js";

/** What a state keeps of where its object is. */
export type Whereabouts = Pick<CommonOutputs, "__host" | "__through" | "__inOrganization">;

/** Where an object is that a step of this context has just made or changed. */
export function whereabouts(context: Context): Whereabouts {
  const { settings } = context;
  const all = {
    __host: hostOf(settings),
    __through: loginPrint(settings),
    // Of integrations it is known anyway.
    __inOrganization: settings.provider === undefined ? undefined : knownOrganization(context.client),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * What a state is to bear once its object was found, through whatever credentials. A state of a release that did not note them
 * stays as it is, unless an explicit provider was given.
 */
export function seenThrough(known: Whereabouts, { settings }: Context): Whereabouts {
  const here = loginPrint(settings);
  const isToSay = known.__through !== undefined || settings.provider !== undefined;
  return here !== undefined && isToSay ? { __through: here } : {};
}

/** The organisation that a state says its object to be in. */
export const organizationIn = (kind: Kind, state: Properties & Whereabouts): string | undefined =>
  state.__inOrganization ?? kind.organizationIn?.(state);

/** The credentials that a state was made or changed through last, beside those of the settings. */
export type SameLogin = "the same" | "other" | "a token is another" | "not noted";

/** How the two stand. */
export function sameLogin(there: string | undefined, here: string | undefined): SameLogin {
  if (there === undefined || here === undefined) return "not noted";
  if (there === here) return "the same";
  return [there, here].some((each) => each.startsWith("token:")) ? "a token is another" : "other";
}

/** Whether the organisation that a state names is that of the settings; `unknown` where either is not told. */
export type SameOrganization = "the same" | "another" | "unknown";

/** What it depends on whether a resource may stay as it is. */
export type BelongingFacts = {
  login: SameLogin;
  /** Whose settings they are: those of a stack, or of a provider that may be one of several. */
  settings: "the stack's" | "a provider's";
  organization: SameOrganization;
  /** Whether the object is to be found through them. */
  look: "found" | "not found";
};

/** Table I: is what the state tells of in the organisation of the provider that the program gives it? */
export const BELONGING: Table<BelongingFacts, "yes" | "no"> = {
  columns: {
    login: ["the same", "other", "a token is another", "not noted"],
    settings: ["the stack's", "a provider's"],
    organization: ["the same", "another", "unknown"],
    look: ["found", "not found"],
  },
  rows: [
    { when: { login: "the same" }, verdict: "yes" },
    // As it was before a state said so: the host alone counts.
    { when: { login: "not noted", settings: "the stack's" }, verdict: "yes" },
    { when: { organization: "the same" }, verdict: "yes" },
    { when: { organization: "another" }, verdict: "no" },
    { when: { look: "found" }, verdict: "yes" },
    { when: {}, verdict: "no" },
  ],
};

/** What it depends on whether what is not found is gone. */
export type AbsenceFacts = {
  /** The host that the state names, beside that of the settings. */
  host: "the same" | "another" | "not noted";
  login: SameLogin;
  organization: SameOrganization;
};

/** Table J: the platform answers 404. Is it gone, or is it elsewhere? */
export const ABSENCE: Table<AbsenceFacts, "gone" | "elsewhere" | "perhaps elsewhere"> = {
  columns: {
    host: ["the same", "another", "not noted"],
    login: ["the same", "other", "a token is another", "not noted"],
    organization: ["the same", "another", "unknown"],
  },
  rows: [
    { when: { host: "another" }, verdict: "elsewhere" },
    { when: { login: ["the same", "not noted"] }, verdict: "gone" },
    { when: { organization: "the same" }, verdict: "gone" },
    { when: { organization: "another" }, verdict: "elsewhere" },
    { when: { login: "other" }, verdict: "perhaps elsewhere" },
    // Tokens change with every login: that another is used says nothing.
    { when: {}, verdict: "gone" },
  ],
};
