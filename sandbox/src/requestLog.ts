/** One request as it arrived and was answered. */
export interface LoggedRequest {
  method: string;
  /** Path and query, as sent. */
  path: string;
  /** The route it met, such as `/api/v2/eventbridge/sources/{source_id}`. */
  route?: string;
  /** Null until answered, and for good where the connection was cut or left hanging. */
  status: number | null;
  at: string;
  /** The first digits of the token's hash, or null without a token. */
  token: string | null;
}

const mostKept = 100_000;

/** Every request outside the control plane, in order of arrival. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): LoggedRequest {
    this.entries.push(entry);
    if (this.entries.length > mostKept) this.entries.shift();
    return entry;
  }

  list(): LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
