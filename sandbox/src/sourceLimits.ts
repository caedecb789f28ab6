/** The limits of the EventBridge API, and the refusal of a body that breaks them. */
import { BodyChecks } from "./bodyChecks.js";
import type { Condition, Filter, SourceBody, TargetReference } from "./model.js";

const mostFilters = 5;
const mostConditions = 10;
const longestName = 256;
const operators = ["equals", "contains", "greater_than"];
const statuses = ["draft", "active", "inactive"];

/**
 * The source a request body describes, or a 400 that names every broken constraint.
 * @param assumedLimits whether the limits count that the contract only assumes
 */
export function checkedSource(body: unknown, assumedLimits: boolean): SourceBody {
  const checks = new SourceChecks(assumedLimits);
  const source = checks.source(body);
  checks.refuseViolations("eventbridge");
  return source;
}

class SourceChecks extends BodyChecks {
  constructor(private readonly assumedLimits: boolean) {
    super();
  }

  source(body: unknown): SourceBody {
    const fields = this.object(body, "body");
    return {
      name: this.name(fields.name),
      description: this.text(fields.description ?? "", "description"),
      source_type: this.sourceType(fields.source_type),
      event_topic_id: this.filledText(fields.event_topic_id, "event_topic_id", "topic.required"),
      filters: this.filters(fields.filters ?? []),
      targets: this.targets(fields.targets ?? []),
      status: this.oneOf(fields.status ?? "draft", statuses, "status"),
      webhook_url: fields.webhook_url == null ? null : this.text(fields.webhook_url, "webhook_url"),
    };
  }

  private name(value: unknown): string {
    const name = this.text(value, "name", "name.required");
    const outside = typeof value === "string" && (name.length < 1 || name.length > longestName);
    if (this.assumedLimits && outside) {
      this.violated("name", "name.length", `must have 1 to ${longestName} characters`, longestName);
    }
    return name;
  }

  private sourceType(value: unknown): string {
    if (value !== "eventbridge") this.violated("source_type", "source_type.unknown", 'must be "eventbridge"');
    return "eventbridge";
  }

  private filters(value: unknown): Filter[] {
    const entries = this.list(value, "filters");
    if (entries.length > mostFilters) {
      this.violated(
        "filters",
        "filters.max",
        `has ${entries.length} filters, at most ${mostFilters} are allowed`,
        mostFilters,
      );
    }
    const filters = entries.map((entry, index) => this.filter(entry, `filters[${index}]`));
    if (this.assumedLimits) {
      this.distinct(filters, ({ name }) => name, "filters", "name", "filters.name.duplicate");
    }
    return filters;
  }

  private filter(value: unknown, at: string): Filter {
    const fields = this.object(value, at);
    const conditions = this.list(fields.conditions ?? [], `${at}.conditions`);
    if (conditions.length > mostConditions) {
      this.violated(
        `${at}.conditions`,
        "conditions.max",
        `has ${conditions.length} conditions, at most ${mostConditions} are allowed`,
        mostConditions,
      );
    }
    return {
      name: this.assumedLimits
        ? this.filledText(fields.name, `${at}.name`, "filters.name.required")
        : this.text(fields.name ?? "", `${at}.name`),
      conditions: conditions.map((entry, index) => this.condition(entry, `${at}.conditions[${index}]`)),
      action: this.filledText(fields.action ?? "route", `${at}.action`, "filters.action.required"),
    };
  }

  private condition(value: unknown, at: string): Condition {
    const fields = this.object(value, at);
    const operator = this.oneOf(fields.operator, operators, `${at}.operator`);
    return {
      field: this.filledText(fields.field, `${at}.field`, "conditions.field.required"),
      operator,
      value: this.conditionValue(fields.value, operator, `${at}.value`),
    };
  }

  private conditionValue(value: unknown, operator: string, field: string): Condition["value"] {
    if (this.assumedLimits && !["string", "number", "boolean"].includes(typeof value)) {
      this.violated(field, "conditions.value.type", "must be a string, a number or a boolean");
    } else if (this.assumedLimits && operator === "greater_than" && typeof value !== "number") {
      this.violated(field, "conditions.value.type", "must be a number for the operator greater_than");
    }
    return value as Condition["value"];
  }

  private targets(value: unknown): TargetReference[] {
    const targets = this.list(value, "targets").map((entry, index) => {
      const fields = this.object(entry, `targets[${index}]`);
      return {
        target_id: this.filledText(fields.target_id, `targets[${index}].target_id`, "targets.id.required"),
        priority: fields.priority as number,
      };
    });
    if (this.assumedLimits) {
      if (targets.length === 0) this.violated("targets", "targets.min", "must name at least one target", 1);
      this.distinct(targets, ({ target_id }) => target_id, "targets", "target_id", "targets.id.duplicate");
    }
    const priorities = new Set(targets.map(({ priority }) => priority));
    if (!targets.every((_, index) => priorities.has(index + 1))) {
      const message = `must have as priorities the sequential integers from 1 to ${targets.length}`;
      this.violated("targets", "targets.priority.sequence", message);
    }
    return targets;
  }

  private distinct<T>(
    entries: T[],
    key: (entry: T) => string,
    list: string,
    field: string,
    constraint: string,
  ) {
    const seen = new Set<string>();
    entries.forEach((entry, index) => {
      const value = key(entry);
      if (seen.has(value)) this.violated(`${list}[${index}].${field}`, constraint, `repeats '${value}'`);
      seen.add(value);
    });
  }
}
