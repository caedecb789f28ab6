/**
 * The stacks of one project folder, which share its journal, audit log and outbox: what each is called, in which of them
 * a resource is, and under which name its program registers it.
 */
import { resourceOf, urnIn } from "./program.js";
import type { ResourceState } from "./support/command.js";
import { Engine } from "./support/engine.js";

/** A stack, with what the engine keeps of it. */
export class Stack {
  readonly engine = new Engine();
  private renamed = false;

  constructor(private readonly firstName: string) {}

  get name(): string {
    return this.renamed ? `${this.firstName}-renamed` : this.firstName;
  }

  /** `pulumi stack rename`: every URN of the state is another; what the provider wrote into the state stays. Again: back. */
  rename(): void {
    this.renamed = !this.renamed;
    this.engine.state = this.engine.state.map((each) => ({ ...each, urn: urnIn(this.name, each.urn) }));
    this.engine.creating = new Set([...this.engine.creating].map((urn) => urnIn(this.name, urn)));
  }
}

/** What the program calls a resource at first, and after it was given another name. */
const LETTERS = ["r", "s"] as const;

export class Stacks {
  readonly first: Stack;
  readonly second = new Stack("second");
  readonly all: readonly Stack[];
  private readonly inSecond = new Set<number>();
  /** Resources that the program calls by their second name, and how often each was called otherwise before. */
  private readonly names = new Map<number, number>();

  /** @param inSecond the resources that begin in the second stack. */
  constructor(inSecond: readonly number[] = [], firstName = "model") {
    this.first = new Stack(firstName);
    this.all = [this.first, this.second];
    for (const resource of inSecond) this.inSecond.add(resource);
  }

  /** The stack whose program has a resource. */
  of(resource: number): Stack {
    return this.inSecond.has(resource) ? this.second : this.first;
  }

  /** What the program calls a resource. */
  urn(resource: number): string {
    return this.urns(resource)[0] as string;
  }

  /** The same, and behind it what it says with the option `aliases`: what it has called it before. */
  urns(resource: number): string[] {
    const times = this.names.get(resource) ?? 0;
    const letters = LETTERS.map((_, index) => LETTERS[(times + index) % LETTERS.length]);
    const known = letters.slice(0, times + 1);
    return known.map((letter) => urnIn(this.of(resource).name, `${letter}${resource}`));
  }

  /** The state of a resource that is not merely waiting to be deleted. */
  find(resource: number): ResourceState | undefined {
    return this.of(resource).engine.find(...this.urns(resource));
  }

  /** The states of all stacks. */
  get state(): ResourceState[] {
    return this.all.flatMap(({ engine }) => engine.state);
  }

  /** What the other stacks have. */
  stateBeside(stack: Stack): ResourceState[] {
    return this.all.filter((each) => each !== stack).flatMap(({ engine }) => engine.state);
  }

  /** The program calls a resource by its other name, and says so with the option `aliases`. */
  callOtherwise(resource: number): void {
    this.names.set(resource, (this.names.get(resource) ?? 0) + 1);
  }

  /**
   * `pulumi state move`, and its program moves along. What waits to be deleted under the same URN is moved, too.
   *
   * @returns whether it could be moved: not where the other stack still has something of that URN.
   */
  move(resource: number): boolean {
    const from = this.of(resource);
    const to = from === this.first ? this.second : this.first;
    const urn = this.find(resource)?.urn;
    if (urn === undefined) return false;
    const moved = urnIn(to.name, urn);
    if (to.engine.state.some((each) => each.urn === moved)) return false;
    const leaving = from.engine.state.filter((each) => each.urn === urn);
    from.engine.state = from.engine.state.filter((each) => each.urn !== urn);
    to.engine.state.push(...leaving.map((each) => ({ ...each, urn: moved })));
    if (to === this.second) this.inSecond.add(resource);
    else this.inSecond.delete(resource);
    return true;
  }
}

/** The resources of a state, by their numbers, that are not merely waiting to be deleted. */
export const liveIn = (state: readonly ResourceState[]): number[] =>
  state.filter((each) => !each.delete).map(({ urn }) => resourceOf(urn));
