/** What the checks of every request body share: they go on after a fault, so that one answer names all of them. */
import { PlatformError } from "./platformError.js";

export type Fields = Record<string, unknown>;

/** One broken constraint: where, which, and what is allowed. */
export interface Violation {
  field: string;
  constraint: string;
  message: string;
  limit?: number;
}

/** Reads values of a body; what is not as it must be becomes a violation, and a value that the reader can go on with. */
export class BodyChecks {
  readonly violations: Violation[] = [];

  /** 400 that names every broken constraint; nothing where none is. */
  refuseViolations(namespace: string): void {
    const [first] = this.violations;
    if (!first) return;
    throw new PlatformError(400, {
      code: first.constraint,
      message: first.message,
      messageWithParams: first.message.replace(`'${first.field}'`, "'{field}'"),
      messageParams: { field: first.field },
      details: this.violations.map(({ field, constraint, message }) => ({
        errorCode: constraint,
        fieldName: field,
        message,
      })),
      ...(first.limit !== undefined && {
        limit: { key: first.constraint, namespace, value: first.limit },
      }),
    });
  }

  protected oneOf(value: unknown, allowed: string[], field: string): string {
    if (typeof value === "string" && allowed.includes(value)) return value;
    const constraint = `${field.replace(/^.*\./, "")}.unknown`;
    this.violated(field, constraint, `is '${value}', must be one of ${allowed.join(", ")}`);
    return "";
  }

  protected filledText(value: unknown, field: string, constraint: string): string {
    if (typeof value === "string" && value !== "") return value;
    this.violated(field, constraint, "must be a string that is not empty");
    return "";
  }

  protected text(value: unknown, field: string, constraint = `${field}.type`): string {
    if (typeof value === "string") return value;
    this.violated(field, constraint, "must be a string");
    return "";
  }

  protected list(value: unknown, field: string): unknown[] {
    if (Array.isArray(value)) return value;
    this.violated(field, "list.type", "must be a list");
    return [];
  }

  protected object(value: unknown, field: string): Fields {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    this.violated(field, "object.type", "must be an object");
    return {};
  }

  protected violated(field: string, constraint: string, what: string, limit?: number): void {
    this.violations.push({ field, constraint, message: `The field '${field}' ${what}.`, limit });
  }
}
