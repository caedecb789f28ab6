/**
 * The list of a kind, as a look that many steps share: what they ask for together a page answers, where that takes fewer
 * calls (`worthPages.ts`). One for a kind and a process.
 *
 * A page never shows that an object is gone, and it answers for nothing that this process has written to. What it does not
 * show in whole is asked for by itself.
 */
import { GenesysError } from "../genesys/errors.js";
import type { Pace } from "../genesys/pace.js";
import type { StepBudget } from "../genesys/retry.js";
import { GLANCE_PATIENCE_MS, PAGE_KEPT_MS } from "../waits.js";
import { Entries, type Since, type Wanted } from "./entries.js";
import { gather } from "./gathering.js";
import type { KindApi, Shown } from "./kindApi.js";
import { ListLength } from "./listLength.js";
import { Round } from "./round.js";
import { arePagesWorthIt } from "./worthPages.js";

/**
 * What the list shows of an object: its entry; that a whole list does not have it; or nothing that counts, and it is to be
 * asked for by itself.
 */
export type Seen = { shown: Shown } | "not there" | "ask";

/** A step that waits for a page. */
interface Waiting {
  wanted: Wanted;
  since: Since;
  /** When it began to wait. */
  at: number;
  /** When a page must have been asked for, at the earliest. */
  from: number;
  budget: StepBudget;
  answer(seen: Seen): void;
}

/** Whether it is a glance that is taken again and again, together with others: only those who wait for jobs look so. */
const isSharedGlance = ({ wanted, since }: Pick<Waiting, "wanted" | "since">): boolean =>
  since === "now" && "key" in wanted;

export class Listing {
  private readonly waiting = new Set<Waiting>();
  private readonly entries = new Entries();
  private readonly written = new Set<string>();
  /** When objects were asked for, the earliest first. */
  private asked: { at: number; since: Since }[] = [];
  private round: Round | undefined;
  private readonly length = new ListLength();
  /** Deletions that are not answered yet. */
  private removing = 0;
  private isAtWork = false;
  private wasThere = false;
  /** Until then nothing is asked of it. */
  private closedUntil = 0;
  /** Until then it is known to be behind what addresses show. */
  private behindUntil = 0;

  /** @param pace tells whether calls are short, and how many jobs are waited for. */
  constructor(
    private readonly elapsed: () => number,
    private readonly api: (budget: StepBudget) => KindApi,
    private readonly pace: Pick<Pace, "worthOfALook" | "waiting">,
  ) {}

  /** Whether a page of it was answered: then the organisation has such a list. */
  get isThere(): boolean {
    return this.wasThere;
  }

  /** This process is about to write to an object. What a page has shown of it counts no more. */
  writes(id: string): void {
    this.written.add(id);
  }

  /**
   * Deletes an object. Whoever waits to see others gone waits for this one, too: one look then shows all of them.
   *
   * @param remove answers `missing` where there was none; otherwise the list gets shorter.
   */
  async removes<T>(id: string, remove: () => Promise<T>): Promise<T> {
    this.writes(id);
    this.removing += 1;
    try {
      const accepted = await remove();
      if (accepted !== "missing") this.length.oneLess();
      return accepted;
    } finally {
      this.removing -= 1;
    }
  }

  /** It has shown what an address of its own says is not so: for as long as lists may lag behind it is asked for nothing new. */
  isBehind(): void {
    this.behindUntil = this.elapsed() + PAGE_KEPT_MS;
  }

  /**
   * Looks for an object together with whoever else looks for one now. The first look in half a minute is a read of its own, since
   * it may stay the only one; while deletions are under way it shares a page. Never throws: what fails is to be asked for by itself.
   */
  look(id: string, since: Since, budget: StepBudget): Promise<Seen> {
    return this.lookFor({ id }, since, budget);
  }

  /** Looks for what bears a key, in the same way. A list may lag behind: that nothing does is no proof. */
  glance(key: string, since: number | "now", budget: StepBudget): Promise<Seen> {
    return this.lookFor({ key }, since, budget);
  }

  /** How many calls a glance takes now, at the most; `undefined` where the list cannot tell. Of a list that nobody has seen, one tells. */
  get callsOfAGlance(): number | undefined {
    return this.isClosed("now") ? undefined : Math.max(1, this.length.pages ?? 1);
  }

  private isClosed(since: Since): boolean {
    const until = since === "kept" ? this.closedUntil : Math.max(this.closedUntil, this.behindUntil);
    return this.elapsed() < until;
  }

  private lookFor(wanted: Wanted, since: Since, budget: StepBudget): Promise<Seen> {
    const at = this.elapsed();
    this.asked = this.asked.filter((each) => each.at >= at - PAGE_KEPT_MS);
    const mayBeAlone = this.asked.length === 0 && this.removing === 0 && !isSharedGlance({ wanted, since });
    this.asked.push({ at, since });
    if (mayBeAlone || this.isClosed(since)) return Promise.resolve("ask");
    const from = since === "kept" ? at - PAGE_KEPT_MS : since === "now" ? at : since;
    const known = this.known({ wanted, since, from });
    return known === undefined ? this.wait({ wanted, since, at, from, budget }) : Promise.resolve(known);
  }

  /** What pages have shown so far; `undefined` where the next one may show it. */
  private known({ wanted, since, from }: Pick<Waiting, "wanted" | "since" | "from">): Seen | undefined {
    if (since === "kept" && "id" in wanted && this.written.has(wanted.id)) return "ask";
    const entry = this.entries.find(wanted);
    if (entry !== undefined && entry.at >= from)
      return entry.shown === undefined ? "ask" : { shown: entry.shown };
    const { round } = this;
    if (round === undefined || !round.isOver || round.begunAt < from) return undefined;
    if ("key" in wanted) return "not there";
    return round.isComplete && !round.has(wanted.id) ? "not there" : "ask";
  }

  private wait(about: Omit<Waiting, "answer">): Promise<Seen> {
    return new Promise((resolve) => {
      const isShared = isSharedGlance(about);
      // Half of what a step has is for asking by itself.
      const patience = Math.min(
        about.budget.left() / 2,
        isShared ? GLANCE_PATIENCE_MS : Number.POSITIVE_INFINITY,
      );
      const giveUp = () => (isShared ? this.close(this.elapsed() + PAGE_KEPT_MS) : one.answer("ask"));
      const timer = setTimeout(giveUp, patience);
      const one: Waiting = {
        ...about,
        answer: (seen) => {
          clearTimeout(timer);
          this.waiting.delete(one);
          resolve(seen);
        },
      };
      this.waiting.add(one);
      if (!this.isAtWork) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isAtWork = true;
    await gather(
      {
        waiting: () => [...this.waiting],
        removing: () => this.removing,
        pages: () => this.length.pages,
      },
      this.pace,
      this.elapsed,
    );
    while (this.waiting.size > 0) {
      const round = this.roundFor();
      const served = [...this.waiting].filter(({ from }) => from <= round.begunAt);
      if (this.isWorthIt(served.length, round)) await this.turnPage(round);
      else for (const { answer } of served) answer("ask");
    }
    this.isAtWork = false;
  }

  /** The round that is under way, as long as it serves anybody; or the next one. */
  private roundFor(): Round {
    const { round } = this;
    const serves = round && [...this.waiting].some(({ from }) => from <= round.begunAt);
    if (round !== undefined && serves && !round.isOver) return round;
    this.round = new Round(this.elapsed());
    return this.round;
  }

  private isWorthIt(waiting: number, { asked }: Round): boolean {
    const { pages } = this.length;
    // Shared glances were found worth their calls (`sharedLook.ts`). Where the length of the list is not known, one page tells it.
    if (asked === 0 && [...this.waiting].some(isSharedGlance)) return true;
    // Who wants a page that was asked for since has no use of this one, but learns from it how long the list is.
    const toCome = this.asked.filter((each) => each.since === "kept" || pages === undefined).length;
    return arePagesWorthIt({ waiting, toCome, asked, pages });
  }

  /** Asks for the next page, within the step of whoever has the most time, and answers all that it shows. */
  private async turnPage(round: Round): Promise<void> {
    let at = this.elapsed();
    let isAnswered = false;
    const [asker] = [...this.waiting].toSorted((one, other) => other.budget.left() - one.budget.left());
    // Whoever comes while the rate limit holds it back has the use of it, too.
    const onSend = () => {
      if (isAnswered) return;
      at = this.elapsed();
      round.sent(at);
    };
    const api = this.api(Object.create((asker as Waiting).budget, { onSend: { value: onSend } }));
    try {
      for await (const page of api.pages(undefined, round.next)) {
        this.wasThere = true;
        isAnswered = true;
        const wanted = [...this.waiting].map((each) => each.wanted);
        const isOfUse = await this.entries.take(page.shown, at, wanted, api);
        // It shows parts alone: every object would be asked for all the same.
        if (!isOfUse) this.close(Number.POSITIVE_INFINITY);
        round.take(page);
        this.length.learn(page);
        break;
      }
    } catch (error) {
      const isForGood = error instanceof GenesysError && error.status === 403;
      this.close(isForGood ? Number.POSITIVE_INFINITY : this.elapsed() + PAGE_KEPT_MS);
    }
    // What does not tell how much there is can show of nothing that it is not there.
    if (round.isOver && !round.tells) this.isBehind();
    for (const one of [...this.waiting]) {
      const seen = this.known(one);
      if (seen !== undefined) one.answer(seen);
    }
  }

  /** Whoever waits asks by himself. */
  private close(until: number): void {
    this.closedUntil = until;
    for (const { answer } of [...this.waiting]) answer("ask");
  }
}
