/** Whether an organisation offers a kind, what the OAuth client may do with it, and what else it takes. */
import type { AccessRule } from "../genesys/access.js";
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError, isNotFound } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";
import type { Kind } from "../lifecycle/kind.js";
import type { SetUp } from "../lifecycle/setUp.js";
import { about, type Finding } from "./finding.js";
import type { Rights } from "./rights.js";

/** Answers about one kind: for each of its rules what kept its GET from being answered, if anything did. */
export interface Looked {
  kind: Kind;
  rules: readonly { rule: AccessRule; trouble: GenesysError | undefined }[];
  setUp: Finding | undefined;
}

/** What is there to be read tells by a call each. Nothing is changed. */
export async function lookAt(kind: Kind, client: GenesysClient, budget: StepBudget): Promise<Looked> {
  const setUp = kind.setUp && lookAtSetUp(kind.setUp, client, budget);
  const rules = kind.access
    .filter(({ read }) => read !== undefined)
    .map(async (rule) => ({ rule, trouble: await troubleOf(rule, client, budget) }));
  return { kind, rules: await Promise.all(rules), setUp: await setUp };
}

const ONE_PAGE = { pageSize: 25, pageNumber: 1 };

async function troubleOf(
  { path, probe }: AccessRule,
  client: GenesysClient,
  budget: StepBudget,
): Promise<GenesysError | undefined> {
  const request = probe === undefined ? { path, query: ONE_PAGE } : probe;
  try {
    await client.send({ method: "GET", ...request }, budget);
    return undefined;
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    // Being told that one thing does not exist takes the right to look for it.
    return probe !== undefined && isNotFound(error) ? undefined : error;
  }
}

async function lookAtSetUp(
  { check, look }: SetUp,
  client: GenesysClient,
  budget: StepBudget,
): Promise<Finding> {
  const found = await look(client, budget).catch((error: unknown) => {
    if (!(error instanceof GenesysError)) throw error;
    return { doubt: error.message };
  });
  if ("ok" in found) return about(check).ok(found.ok);
  return "wrong" in found ? about(check).failed(found.wrong) : about(check).warning(found.doubt);
}

/** Whether an organisation has the kind: of one that it does not offer no list exists. */
const isOffered = ({ rules }: Looked): boolean =>
  rules.some(({ rule, trouble }) => rule.probe === undefined && !isNotFound(trouble));

/** Whether a call was not answered: that tells nothing of what it asks for. */
export const isSilent = (trouble: GenesysError | undefined): boolean => trouble?.status === 0;

/** Whether the client may look at any of it. */
const isOpen = ({ rules }: Looked): boolean => rules.some(({ trouble }) => trouble === undefined);

/** What is to be said of a kind. @param others the other kinds: what can be used instead is no failure. */
export function findingsOf(looked: Looked, others: readonly Looked[], rights: Rights): Finding[] {
  const { kind, rules, setUp } = looked;
  const whole = about(`${kind.label}s`);
  const absent = rules[0]?.rule.absent ?? "this organisation does not offer them";
  if (!isOffered(looked)) return [others.some(isOffered) ? whole.skipped(absent) : whole.failed(absent)];
  // Whoever keeps objects of another kind alone needs no right for this one.
  const isNeeded = isOpen(looked) || !others.some(isOpen);
  const readings = rules.map(({ rule, trouble }) => {
    const right = about(`${rule.word} ${rule.read}`);
    return trouble === undefined
      ? right.ok("granted")
      : right[isNeeded ? "failed" : "warning"](trouble.message);
  });
  const writings = rules.flatMap(({ rule }) =>
    (rule.write ?? []).map((name) => writing(rule, name, rights, isNeeded)),
  );
  const className = kind.inPrograms.className;
  return [
    rules.every(({ rule, trouble }) => rule.probe !== undefined || isSilent(trouble))
      ? whole.skipped("no call on them was answered: whether this organisation offers them is not told")
      : whole.ok(`this organisation offers them: use ${className}`),
    ...readings,
    ...writings,
    ...(setUp ? [setUp] : []),
  ];
}

/** A right to change something is not tried. */
function writing({ word, where }: AccessRule, name: string, rights: Rights, isNeeded: boolean): Finding {
  const right = about(`${word} ${name}`);
  const isGranted = rights(word, name);
  if (isGranted === undefined)
    return right.skipped("not tried: that would take a change, and the platform does not tell");
  if (isGranted) return right.ok("granted");
  const missing = `missing: add it (${where})`;
  // Whether scopes bind a client that logs in by itself is nowhere said.
  return word === "scope" || !isNeeded ? right.warning(missing) : right.failed(missing);
}
