/** What the organisation makes of a source's fields before it keeps them, where a switch says that it does. */
import type { SourceBody } from "./model.js";
import type { Variants } from "./variants.js";

type Change = (body: SourceBody) => SourceBody;

const eachText =
  (change: (text: string) => string): Change =>
  (body) => ({ ...body, name: change(body.name), description: change(body.description) });

const changes: Record<Exclude<Variants["keeps"], "asSent" | "all">, Change> = {
  trimmed: eachText((text) => text.trim()),
  lowerCase: eachText((text) => text.toLowerCase()),
  filtersSorted: (body) => ({
    ...body,
    filters: body.filters.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }),
  numbersAsText: (body) => ({
    ...body,
    filters: body.filters.map((filter) => ({
      ...filter,
      conditions: filter.conditions.map((condition) => ({ ...condition, value: String(condition.value) })),
    })),
  }),
  webhookNormalised: (body) => ({
    ...body,
    webhook_url:
      body.webhook_url !== null && URL.canParse(body.webhook_url)
        ? new URL(body.webhook_url).href
        : body.webhook_url,
  }),
};

/** The form in which a source is kept. */
export function keptForm(body: SourceBody, keeps: Variants["keeps"]): SourceBody {
  if (keeps === "asSent") return body;
  if (keeps !== "all") return changes[keeps](body);
  return Object.values(changes).reduce((changed, change) => change(changed), body);
}
