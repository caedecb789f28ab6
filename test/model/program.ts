import { EVENT_BRIDGE_SOURCE_STUB } from "../../provider/src/stub.js";
import type { Registration } from "./support/command.js";
import type { StoredSource } from "./support/organisation.js";

/** What a program says of one source; small sets, so that edits meet each other. */
export interface SourceSpec {
  /** `auto` leaves it to the provider; the others are the resource's own two explicit names. */
  name: "auto" | "a" | "b";
  topic: number;
  /** Indices of targets, in order. */
  targets: number[];
  filters: number;
  status: "active" | "inactive" | "draft" | undefined;
  description: string | undefined;
  onConflict: "fail" | "adopt" | undefined;
  webhook: number | undefined;
  /** Whether a create gives up after 20 seconds. */
  impatient: boolean;
}

/** The program: its sources by the number of their resource. */
export type Program = ReadonlyMap<number, SourceSpec>;

export const RESOURCES = 4;
export const TOPICS = ["topic-conversation-start", "topic-audits", "topic-vip 100%/priority"];
export const TARGETS = ["target-crm", "target-data-lake", "target-eu/central 1"];
const FILTERS = [
  undefined,
  [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
  [
    { name: "long", conditions: [{ field: "seconds", operator: "greater_than", value: 90 }] },
    { name: "vip", action: "drop", conditions: [{ field: "vip", operator: "equals", value: true }] },
  ],
] as const;
/** What must never be seen by a person. */
export const WEBHOOK_PATHS = ["/hush-one-7d2e", "/hush-two-41bb"];

/** The URN in a stack of what has this name or URN. */
export const urnIn = (stack: string, named: string): string =>
  `urn:pulumi:${stack}::model::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::${named.split("::").at(-1)}`;
/** The number of a resource, whatever its stack is called and whatever its program calls it. */
export const resourceOf = (urn: string): number => Number(urn.at(-1));

/** What the program says of the resource that a step is about. */
export const specOf = (program: Program, urn: string): SourceSpec | undefined => program.get(resourceOf(urn));

/** The explicit name that a spec asks for, if it does. */
export const explicitName = (resource: number, name: SourceSpec["name"]): string | undefined =>
  name === "auto" ? undefined : `r${resource}-${name}`;

/** The resource that a source is called after: with an explicit name, or with an automatic one. */
export const resourceOfName = (name: string): number => Number(/^[rs](\d)-/.exec(name)?.[1]);

/** Whether a source has an automatic name. */
export const isAutomatic = ({ name }: { name: string }): boolean => /^[rs]\d-[0-9a-f]{7}$/.test(name);

export const STUB = { __provider: EVENT_BRIDGE_SOURCE_STUB };

/**
 * As the class of the package registers it.
 *
 * @param urns its own, and those that the option `aliases` names.
 */
export function registration(
  [urn = "", ...aliases]: readonly string[],
  spec: SourceSpec,
  webhooks: readonly string[],
): Registration {
  const resource = resourceOf(urn);
  const optional = {
    name: explicitName(resource, spec.name),
    filters: FILTERS[spec.filters],
    status: spec.status,
    description: spec.description,
    onConflict: spec.onConflict,
    webhookUrl: spec.webhook === undefined ? undefined : webhooks[spec.webhook],
    timeouts: { create: spec.impatient ? "20s" : "60s", update: "60s", delete: "90s" },
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    urn,
    aliases,
    inputs: {
      eventTopicId: TOPICS[spec.topic],
      targets: spec.targets.map((target) => ({ targetId: TARGETS[target] })),
      ...Object.fromEntries(given),
      __urn: urn,
      ...STUB,
    },
  };
}

/** What the organisation must hold for a spec; the name where it is explicit. */
export function asked(
  resource: number,
  spec: SourceSpec,
  webhooks: readonly string[],
): Partial<StoredSource> {
  const name = explicitName(resource, spec.name);
  return {
    ...(name === undefined ? {} : { name }),
    description: spec.description ?? "Managed by Pulumi",
    source_type: "eventbridge",
    event_topic_id: TOPICS[spec.topic] as string,
    filters: (FILTERS[spec.filters] ?? []).map((filter) => ({ action: "route", ...filter })),
    targets: spec.targets.map((target, index) => ({
      target_id: TARGETS[target] as string,
      priority: index + 1,
    })),
    status: spec.status ?? "active",
    webhook_url: spec.webhook === undefined ? null : (webhooks[spec.webhook] as string),
  };
}
