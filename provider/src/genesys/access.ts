/** What an OAuth client must be given to send a request. The kinds of resource know; errors say it. */

/** What the calls under a path take. */
export interface AccessRule {
  /** How the paths begin, such as `/api/v2/eventbridge/sources`; the first rule that fits counts. */
  path: string;
  /** The scope or permission of a GET; absent where every client may send it. */
  read?: string;
  /** Those of the other requests; default: as for a GET. */
  write?: readonly string[];
  /** What these are called. */
  word: RightWord;
  /** Where it is granted, as a person finds it in Genesys Cloud. */
  where: string;
  /** The role that a client needs besides, in words; absent where the permission is a part of one. */
  role?: string;
  /** What else must be so, in words that continue "make sure that". */
  besides?: string;
  /** What a 404 says that answers this very path: what is found there is empty at the least, or the API is not offered. */
  absent?: string;
  /** What tells by a GET whether it may be read, where the path itself cannot be asked. */
  probe?: { path: string; pathParams: Record<string, string> };
}

/** What a right is called. */
export type RightWord = "scope" | "permission";

/** What one request takes. */
export interface Access {
  /** In words, such as `the scope eventbridge:source:read (Admin > …)`. */
  grant?: string;
  role?: string;
  besides?: string;
  /** What a 404 says. */
  absent?: string;
}

/** What a request takes, where one of the rules tells. */
export function accessFor(
  rules: readonly AccessRule[],
  { method, path }: { method: string; path: string },
): Access | undefined {
  const rule = rules.find((each) => path.startsWith(each.path));
  if (rule === undefined) return undefined;
  const { read, write, word, where, role, besides } = rule;
  const rights = method === "GET" || write === undefined ? read : eitherOf(write);
  return {
    ...(rights === undefined ? {} : { grant: `the ${word} ${rights} (${where})` }),
    role,
    besides,
    ...(path === rule.path ? { absent: rule.absent } : {}),
  };
}

const eitherOf = (names: readonly string[]): string => names.join(", ").replace(/, (?=[^,]*$)/, " or ");

/** What to do about a client that is not let in. */
export const adviceFor401 = (access: Access | undefined): string =>
  access?.grant === undefined
    ? "Check the credentials."
    : `Check the credentials, and that the OAuth client has ${access.grant}.`;

/** What to do about a client that may not do this. */
export function adviceFor403(access: Access | undefined): string {
  if (access?.grant === undefined) return "Give the OAuth client the roles and scopes that this takes.";
  const { grant, role, besides } = access;
  const given = role === undefined ? grant : `${role} and ${grant}`;
  return `Give the OAuth client ${given}${besides === undefined ? "" : `, and make sure that ${besides}`}.`;
}
