/** Which key an object gets, and which one it must avoid: observes what table F depends on. */
import type { Context } from "../resourceHandler.js";
import { isUnknown } from "../unknown.js";
import { derivedKey, isAutomatic, KEY, REPLACED } from "./autoKey.js";
import type { Properties } from "./inputs.js";
import type { Kind } from "./kind.js";
import { idOf } from "./record.js";
import { observeAndDecide } from "./table.js";

/** What the engine gives a check beside the program's arguments. */
export interface Asked {
  urn: string | undefined;
  importId: string | undefined;
  olds: Properties | undefined;
  /** The key that the program gives. */
  given: unknown;
}

/** The key of what is being replaced, as far as it is known. */
export async function keyReplaced(
  { key }: Kind,
  { journal, stack }: Context,
  { urn, importId, olds, given }: Asked,
  replaced: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const ofOlds = olds?.[key.field] as string | undefined;
  const earlier = urn === undefined ? undefined : replaced.get(urn);
  if (urn === undefined) return ofOlds;
  let inStack: string | undefined;
  let ofRecord: string | undefined;
  const whose = await observeAndDecide(REPLACED, {
    olds: ofOlds === undefined ? "none" : "given",
    earlier: earlier === undefined ? "no" : "yes",
    imports: importId === undefined ? "no" : "yes",
    program: given === undefined ? "leaves it out" : "gives it",
    stack: async () => {
      const known = await stack.lookUpKey(urn);
      inStack = known?.key;
      return known === undefined ? "none" : known.isLeaving ? "leaving" : "has it";
    },
    record: async () => {
      const record = await journal.find(urn);
      const isDone = record?.phase === "returned" || record?.phase === "stored";
      const id = isDone ? idOf(record) : undefined;
      if (record !== undefined && id !== undefined && (await stack.lookUpId(urn, id))) ofRecord = record.name;
      return ofRecord === undefined ? "none" : "of what the stack has";
    },
  });
  const keys = {
    "the olds'": ofOlds,
    "the earlier check's": earlier,
    "the stack's": inStack,
    "the record's": ofRecord,
    none: undefined,
  };
  return keys[whose];
}

/** The key that the object gets, or an unknown value in its place; `undefined` where the program gives it. */
export async function keyFor(
  kind: Kind,
  context: Context,
  { urn, olds, given }: Asked,
  parsed: Properties,
  replaced: string | undefined,
): Promise<unknown> {
  const ofOlds = olds?.[kind.key.field];
  const isAutomatic = olds?.__autonamed === true && ofOlds !== undefined && !isUnknown(ofOlds);
  const basis = kind.replacing.map((field) => parsed[field]);
  const unknown = basis.find(isUnknown);
  let begun: string | undefined;
  const which = await observeAndDecide(KEY, {
    program: given === undefined ? "leaves it out" : "gives it",
    olds: olds === undefined ? "none" : isAutomatic ? "automatic" : "chosen or unknown",
    begun: async () => {
      begun = await automaticKeyBegun(kind, context, urn);
      return begun === undefined ? "no" : "yes";
    },
    basis: unknown === undefined ? "known" : "unknown",
  });
  switch (which) {
    case "the program's":
      return undefined;
    case "the olds'":
      return ofOlds;
    case "what was begun":
      return begun;
    case "unknown":
      return unknown;
    case "derived":
      return derivedKey(kind, { urn: urn ?? "", inputs: basis, replaced });
  }
}

/** The automatic key under which an interrupted create of this resource has begun to make an object. */
async function automaticKeyBegun(
  kind: Kind,
  { journal, stack }: Context,
  urn: string | undefined,
): Promise<string | undefined> {
  const record = urn === undefined ? undefined : await journal.find(urn);
  if (urn === undefined || (record?.phase !== "posting" && record?.phase !== "accepted")) return undefined;
  if (!isAutomatic(kind, urn, record.name)) return undefined;
  const id = idOf(record);
  const known = await stack.lookUpKey(urn);
  const isKept =
    (known?.isLeaving === false && known.key === record.name) ||
    (id !== undefined && (await stack.lookUpId(urn, id)) === true);
  return isKept ? undefined : record.name;
}
