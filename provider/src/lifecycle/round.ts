/** A list that is being read, page after page, and whether it was the same from its first page to its last. */
import type { Place } from "../genesys/pages.js";
import type { ShownPage } from "./kindApi.js";

export class Round {
  /** Pages that were read. */
  asked = 0;
  /** Where it goes on. */
  next: Place | undefined;
  isOver = false;
  private readonly ids = new Set<string>();
  private readonly totals = new Set<number | undefined>();

  /** @param begun in milliseconds, by the clock that never jumps. */
  constructor(private begun: number) {}

  /** When its first page was asked for. */
  get begunAt(): number {
    return this.begun;
  }

  /** A page is sent for; the rate limit may have held it back until now. */
  sent(at: number): void {
    if (this.asked === 0) this.begun = at;
  }

  /** A page was read. */
  take({ ids, total, next }: ShownPage): void {
    this.asked += 1;
    this.next = next;
    this.isOver = next === undefined;
    this.totals.add(total);
    for (const id of ids) this.ids.add(id);
  }

  /** Whether any page has shown an object, however much of it. */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Whether it has as many objects as each page has said: a list that changes between two pages can hide one. */
  get isSteady(): boolean {
    const [total = this.ids.size, ...others] = this.totals;
    return others.length === 0 && total === this.ids.size;
  }

  /** Whether every page has said how many objects there are. */
  get tells(): boolean {
    return !this.totals.has(undefined);
  }

  /** Whether it is known to have shown every object. */
  get isComplete(): boolean {
    return this.isOver && this.isSteady && this.tells;
  }
}
