/** What a PUT of a configuration must be, by this server's own reading of the API. */
import { BodyChecks, type Fields } from "../bodyChecks.js";
import type { Variants } from "../variants.js";
import type { AvailableTopic, Configuration } from "./model.js";

/** The properties that name the partner event source: without one of them nothing can be sent. */
export const namingProperties = ["awsAccountId", "awsAccountRegion", "eventSourceSuffix"] as const;

type NamingProperty = (typeof namingProperties)[number];

const forms: Record<NamingProperty, [form: RegExp, says: string]> = {
  awsAccountId: [/^\d{12}$/, "must have 12 digits"],
  awsAccountRegion: [/^[a-z]{2,}(-[a-z]+)+-\d$/, "must be the code of an AWS region, such as eu-central-1"],
  eventSourceSuffix: [/^[A-Za-z0-9._-]{1,64}$/, "must have 1 to 64 of A-Z a-z 0-9 . - _"],
};

/** A configuration as it is sent, or a 400 that names every field that is not of its kind. */
export function checkedConfiguration(body: unknown): Configuration {
  const checks = new ConfigurationChecks();
  const configuration = checks.configuration(body);
  checks.refuseViolations("integrations");
  return configuration;
}

/** Refuses properties of an EventBridge source that are not as they must be. */
export function refuseWrongProperties(
  properties: Fields,
  present: Fields,
  topics: AvailableTopic[],
  variants: Variants,
): void {
  const checks = new PropertyChecks();
  if (variants.wrongProperties === "refused") checks.forms(properties);
  if (variants.fixedProperties === "refused") checks.unchanged(properties, present);
  checks.eventFilter(properties, topics, variants);
  checks.refuseViolations("integrations");
}

/** The naming properties that are missing, or of a wrong form. */
export function unusableProperties(properties: Fields): NamingProperty[] {
  return namingProperties.filter((name) => !isOfForm(name, properties[name]));
}

/** The naming properties that are missing. */
export function missingProperties(properties: Fields): NamingProperty[] {
  return namingProperties.filter((name) => properties[name] === undefined);
}

function isOfForm(name: NamingProperty, value: unknown): boolean {
  return typeof value === "string" && forms[name][0].test(value);
}

class ConfigurationChecks extends BodyChecks {
  configuration(body: unknown): Configuration {
    const fields = this.object(body, "body");
    return {
      name: this.filledText(fields.name, "name", "name.required"),
      version: this.version(fields.version),
      properties: this.object(fields.properties, "properties"),
      advanced: this.object(fields.advanced, "advanced"),
      notes: this.text(fields.notes, "notes", "notes.required"),
      credentials: this.object(fields.credentials, "credentials"),
    };
  }

  private version(value: unknown): number {
    if (Number.isInteger(value)) return value as number;
    this.violated("version", "version.required", "must be a whole number");
    return 0;
  }
}

class PropertyChecks extends BodyChecks {
  forms(properties: Fields): void {
    for (const name of namingProperties) {
      const value = properties[name];
      if (value !== undefined && !isOfForm(name, value)) {
        this.violated(name, `${name}.invalid`, forms[name][1]);
      }
    }
  }

  unchanged(properties: Fields, present: Fields): void {
    for (const name of namingProperties) {
      const before = present[name];
      if (before !== undefined && before !== properties[name]) {
        this.violated(name, `${name}.immutable`, "can't be changed");
      }
    }
  }

  eventFilter(properties: Fields, topics: AvailableTopic[], variants: Variants): void {
    if (properties.eventFilter === undefined) return;
    const ids = this.list(properties.eventFilter, "eventFilter");
    if (ids.length === 0 && variants.emptyEventFilter === "refused") {
      this.violated("eventFilter", "eventFilter.min", "must have at least one topic");
    }
    for (const id of ids) {
      if (typeof id !== "string") {
        this.violated("eventFilter", "eventFilter.type", "must have topic ids only");
      } else if (variants.topicsChecked) this.topic(id, topics);
    }
  }

  private topic(id: string, topics: AvailableTopic[]): void {
    const topic = topics.find((candidate) => candidate.id === id);
    if (!topic) {
      this.violated("eventFilter", "topic.unknown", `has the topic '${id}', which does not exist`);
    } else if (!topic.transports?.some((name) => name === "All" || name === "EventBridge")) {
      this.violated(
        "eventFilter",
        "topic.transport",
        `has the topic '${id}', which EventBridge does not take`,
      );
    }
  }
}
