/** What is done to names and states without a provider: `pulumi state taint`, `state move`, `stack rename`, aliases. */
import type { Knowledge } from "./knowledge.js";
import type { StateEdit } from "./schedule.js";
import { liveIn } from "./stacks.js";
import type { Truth } from "./support/organisation.js";

/** @param say is told what was done. */
export function editState(
  edit: StateEdit,
  knowledge: Knowledge,
  truth: Truth,
  say: (line: string) => void,
): void {
  const { stacks, program } = knowledge;
  if (edit.edit === "rename stack") {
    stacks.first.rename();
    const all = [...program.keys()].filter((resource) => stacks.of(resource) === stacks.first);
    knowledge.calledOtherwise(all, truth);
    say(`  pulumi stack rename ${stacks.first.name}`);
    return;
  }
  const live = liveIn(stacks.state);
  const resource = live[edit.pick % Math.max(live.length, 1)];
  if (resource === undefined) return;
  switch (edit.edit) {
    case "taint": {
      const found = stacks.find(resource);
      if (found !== undefined) found.taint = true;
      say(`  pulumi state taint ${found?.urn}`);
      return;
    }
    case "alias":
      stacks.callOtherwise(resource);
      say(`  r${resource} is called ${stacks.urn(resource)}`);
      break;
    case "move": {
      const isMoved = stacks.move(resource);
      say(
        `  pulumi state move: r${resource} is ${isMoved ? "moved to" : "refused, and stays in"} ${stacks.of(resource).name}`,
      );
      if (!isMoved) return;
    }
  }
  knowledge.calledOtherwise([resource], truth);
}
