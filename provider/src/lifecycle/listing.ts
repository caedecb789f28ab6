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
import { sleep } from "../waitFor.js";
import {
  JOB_LONGEST_MS,
  PAGE_KEPT_MS,
  TOGETHER_LONGEST_MS,
  TOGETHER_QUIET_MS,
  TOLERATED_LATE_MS,
} from "../waits.js";
import type { KindApi, Shown, ShownPage } from "./kindApi.js";
import { Round } from "./round.js";
import { isWhole, leftOutByItself } from "./wholeEntries.js";
import { arePagesWorthIt } from "./worthPages.js";

/**
 * What the list shows of an object: its entry; that a whole list does not have it; or nothing that counts, and it is to be
 * asked for by itself.
 */
export type Seen = { shown: Shown } | "not there" | "ask";

/**
 * Since when a page counts: `kept`, one of the last half minute does, until this process writes to the object; `now`, only
 * one that is asked for from now on; a moment, only one that was asked for after it, by the clock that never jumps.
 */
export type Since = "kept" | "now" | number;

/** What is looked for: an object, or whatever bears a key. */
type Wanted = { id: string } | { key: string };

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

/** An entry of a page, where it shows all of the object, and when that page was asked for. */
interface Entry {
  shown: Shown | undefined;
  at: number;
}

export class Listing {
  private readonly waiting = new Set<Waiting>();
  private readonly entries = new Map<string, Entry>();
  /** The same by their keys. */
  private readonly named = new Map<string, Entry>();
  private readonly written = new Set<string>();
  /** When objects were asked for, the earliest first. */
  private asked: { at: number; since: Since }[] = [];
  private round: Round | undefined;
  /** How long the list was when that was seen last, but for what this process has deleted since. */
  private length: { objects: number; aPage: number } | undefined;
  private leftOut: readonly string[] | undefined;
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
      if (accepted !== "missing" && this.length !== undefined) this.length.objects -= 1;
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
   * Looks for an object together with whoever else looks for one now. Who is the first for half a minute asks by himself, at
   * once: he may be alone. Never throws: what fails is to be asked for by itself.
   */
  look(id: string, since: Since, budget: StepBudget): Promise<Seen> {
    return this.lookFor({ id }, since, budget);
  }

  /** Looks for what bears a key, in the same way. A list may lag behind: that nothing does is no proof. */
  glance(key: string, since: number, budget: StepBudget): Promise<Seen> {
    return this.lookFor({ key }, since, budget);
  }

  private lookFor(wanted: Wanted, since: Since, budget: StepBudget): Promise<Seen> {
    const at = this.elapsed();
    this.asked = this.asked.filter((each) => each.at >= at - PAGE_KEPT_MS);
    const isFirst = this.asked.length === 0;
    this.asked.push({ at, since });
    if (isFirst) return Promise.resolve("ask");
    const isClosed =
      at < (since === "kept" ? this.closedUntil : Math.max(this.closedUntil, this.behindUntil));
    if (isClosed) return Promise.resolve("ask");
    const from = since === "kept" ? at - PAGE_KEPT_MS : since === "now" ? at : since;
    const known = this.known({ wanted, since, from });
    return known === undefined ? this.wait({ wanted, since, at, from, budget }) : Promise.resolve(known);
  }

  /** What pages have shown so far; `undefined` where the next one may show it. */
  private known({ wanted, since, from }: Pick<Waiting, "wanted" | "since" | "from">): Seen | undefined {
    const isOfId = "id" in wanted;
    if (since === "kept" && isOfId && this.written.has(wanted.id)) return "ask";
    const entry = isOfId ? this.entries.get(wanted.id) : this.named.get(wanted.key);
    if (entry !== undefined && entry.at >= from)
      return entry.shown === undefined ? "ask" : { shown: entry.shown };
    const { round } = this;
    if (round === undefined || !round.isOver || round.begunAt < from) return undefined;
    if (!isOfId) return "not there";
    return round.isComplete && !round.has(wanted.id) ? "not there" : "ask";
  }

  private wait(about: Omit<Waiting, "answer">): Promise<Seen> {
    return new Promise((resolve) => {
      // Half of what a step has is for asking by itself.
      const timer = setTimeout(() => one.answer("ask"), about.budget.left() / 2);
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
    await this.gather();
    while (this.waiting.size > 0) {
      const round = this.roundFor();
      const served = [...this.waiting].filter(({ from }) => from <= round.begunAt);
      if (this.isWorthIt(served.length, round)) await this.turnPage(round);
      else for (const { answer } of served) answer("ask");
    }
    this.isAtWork = false;
  }

  /** Waits until all is there that is asked for at once, and where calls are short for what is likely to come soon. */
  private async gather(): Promise<void> {
    const begun = this.elapsed();
    const lasts = (ms: number) => this.elapsed() - begun < ms;
    let before = 0;
    const isComing = () =>
      (before < this.waiting.size && lasts(TOGETHER_LONGEST_MS)) ||
      (this.removing > 0 && lasts(TOLERATED_LATE_MS)) ||
      this.isWorthWaiting();
    while (isComing()) {
      before = this.waiting.size;
      await sleep(TOGETHER_QUIET_MS);
    }
  }

  /**
   * Whether more are to come, and all who wait have waited together for less than the pages are worth: who waits longer for
   * others costs more than he saves.
   */
  private isWorthWaiting(): boolean {
    const worth = this.pace.worthOfALook();
    const all = [...this.waiting];
    if (worth === undefined || all.some(({ since }) => since === "kept")) return false;
    const glancing = all.filter(({ wanted }) => "key" in wanted).length;
    const toCome = Math.max(0, this.pace.waiting() - glancing);
    const { pages } = this;
    if (toCome === 0 || !arePagesWorthIt({ waiting: all.length, toCome, asked: 0, pages })) return false;
    const waits = all.map(({ at }) => this.elapsed() - at);
    const together = waits.reduce((sum, each) => sum + each, 0);
    return together < worth * (pages ?? 1) && Math.max(...waits) < JOB_LONGEST_MS;
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
    // What asks for a new page each time has no use of this one; how long the list is both learn from it.
    const { pages } = this;
    const toCome = this.asked.filter((each) => each.since === "kept" || pages === undefined).length;
    return arePagesWorthIt({ waiting, toCome, asked, pages });
  }

  /** How many pages it has, where that was seen. */
  private get pages(): number | undefined {
    return this.length && Math.ceil(this.length.objects / this.length.aPage);
  }

  /** Asks for the next page, within the step of whoever has the most time, and answers all that it shows. */
  private async turnPage(round: Round): Promise<void> {
    let at = this.elapsed();
    const [asker] = [...this.waiting].toSorted((one, other) => other.budget.left() - one.budget.left());
    // Whoever comes while the rate limit holds it back has the use of it, too.
    const onSend = () => {
      at = this.elapsed();
      if (round.asked === 0) round.begunAt = at;
    };
    const api = this.api(Object.create((asker as Waiting).budget, { onSend: { value: onSend } }));
    try {
      for await (const page of api.pages(undefined, round.next)) {
        const sentAt = at;
        this.wasThere = true;
        await this.take(page, sentAt, api);
        round.take(page);
        this.learnLength(page);
        break;
      }
    } catch (error) {
      const isForGood = error instanceof GenesysError && error.status === 403;
      this.close(isForGood ? Number.POSITIVE_INFINITY : at + PAGE_KEPT_MS);
    }
    // What does not tell how much there is can show of nothing that it is not there.
    if (round.isOver && !round.tells) this.isBehind();
    for (const one of [...this.waiting]) {
      const seen = this.known(one);
      if (seen !== undefined) one.answer(seen);
    }
  }

  private learnLength({ ids, total, pages }: ShownPage): void {
    if (pages === undefined) return;
    const aPage = Math.max(1, ids.length);
    // Of the last page the length says nothing.
    if (this.length === undefined || pages === 1) this.length = { objects: total ?? pages * aPage, aPage };
    else this.length.objects = total ?? pages * this.length.aPage;
  }

  /** Whoever waits asks by himself. */
  private close(until: number): void {
    this.closedUntil = until;
    for (const { answer } of [...this.waiting]) answer("ask");
  }

  private async take({ shown }: ShownPage, at: number, api: KindApi): Promise<void> {
    const isAsked = ({ id, name }: Shown) =>
      [...this.waiting].some(({ wanted }) => ("id" in wanted ? wanted.id === id : wanted.key === name));
    this.leftOut ??= await this.learn(shown.filter(isAsked), api);
    const whole = shown.filter((each) => isWhole(each, this.leftOut ?? []));
    for (const each of shown)
      if (each.id !== undefined) {
        const entry = { shown: whole.includes(each) ? each : undefined, at };
        this.entries.set(each.id, entry);
        this.named.set(each.name, entry);
      }
    // It shows parts alone: every object would be asked for all the same.
    if (shown.length > 0 && whole.length === 0 && this.leftOut !== undefined)
      this.close(Number.POSITIVE_INFINITY);
  }

  /** What objects leave out because it is empty, once one is met in part. */
  private async learn(asked: readonly Shown[], api: KindApi): Promise<readonly string[] | undefined> {
    const isNeeded = asked.some(({ lacks }) => lacks.length > 0);
    return isNeeded ? leftOutByItself(asked, api) : undefined;
  }
}
