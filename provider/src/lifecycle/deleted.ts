/** The objects of a kind that this process has deleted, or wanted to and found gone: a list that lags behind may still show them. */
import type { GenesysClient } from "../genesys/client.js";

/** One for a kind: two kinds may count their ids alike. */
export class Deleted {
  private readonly ids = new WeakMap<GenesysClient, Set<string>>();

  /** It is gone, or its deletion has gone through. */
  note(client: GenesysClient, id: string): void {
    this.ids.set(client, (this.ids.get(client) ?? new Set()).add(id));
  }

  has(client: GenesysClient, id: string): boolean {
    return this.ids.get(client)?.has(id) ?? false;
  }
}
