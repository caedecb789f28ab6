/** What comes of a POST: the sentences of table D, and what holds over all of them. */
import { describe, expect, test } from "vitest";
import { type Next, REPLY, type ReplyFacts } from "../../../../provider/src/lifecycle/createTables.js";
import { combinations, decide } from "../../../../provider/src/lifecycle/table.js";

/** The same rules, told another way: who changes a row changes a sentence here, too. */
describe("the sentences of table D:", () => {
  const SOMEBODYS = ["let go", "ours", "uncertain", "another's"];

  /** What is done about what bears the key; `undefined` where nothing does. */
  function aboutTheHolder({ reply, arrived, fits, policy, whose, isReplaced }: ReplyFacts): Next | undefined {
    const isSomebodys = SOMEBODYS.includes(whose);
    // What has just arrived is used, whoever else it could be.
    if (arrived === "yes" && isSomebodys) return "USE";
    if (whose === "the stack's") return "FAIL: in the stack";
    // What an earlier run has made is used, or makes room. The look before a POST leaves that to the program's word.
    if (whose === "ours" && fits === "no") return "DELETE, POST";
    if (whose === "ours" && reply !== "unsent") return "USE, made by an earlier run";
    if (policy === "adopt" && isSomebodys)
      return isReplaced === "yes"
        ? "FAIL: in the stack"
        : fits === "yes"
          ? "ADOPT"
          : "FAIL: cannot be adopted";
    if (whose === "uncertain") return "FAIL: conflict, uncertain";
    return isSomebodys ? "FAIL: conflict" : undefined;
  }

  /** What is done where nothing bears the key. */
  function withoutHolder({ reply, again }: ReplyFacts): Next {
    if (reply === "unsent" || reply === "unsure") return "POST";
    if (again === "yes") return "WAIT, POST";
    return reply === "lost" ? "FAIL: no answer" : "FAIL: conflict, not readable";
  }

  /** What the next run has to know. */
  function recordAfter(facts: ReplyFacts, next: Next): "kept" | "restored" | "accepted" {
    if (next === "USE" || next === "USE, made by an earlier run") return "accepted";
    // What was posted may be there, or is about to be posted.
    if (["POST", "WAIT, POST", "DELETE, POST", "FAIL: no answer"].includes(next)) return "kept";
    const isLost = facts.answerLost === "yes";
    if (next === "FAIL: refused" || next === "FAIL: conflict, not readable")
      return isLost ? "kept" : "restored";
    if (next === "FAIL: in the stack" && facts.whose === "the stack's")
      return facts.arrived === "yes" ? "kept" : "restored";
    return "restored";
  }

  test("what is done, and what becomes of the record", () => {
    for (const facts of combinations(REPLY)) {
      const next =
        facts.reply === "refused" ? "FAIL: refused" : (aboutTheHolder(facts) ?? withoutHolder(facts));
      expect(decide(REPLY, facts), JSON.stringify(facts)).toEqual({ next, record: recordAfter(facts, next) });
    }
  });
});

describe("whatever comes of a POST,", () => {
  const everything = combinations(REPLY).map((facts) => ({ facts, ...decide(REPLY, facts) }));
  const held = ({ whose }: ReplyFacts) => whose !== "nobody's";
  const where = (holds: (facts: ReplyFacts) => boolean) => everything.filter(({ facts }) => holds(facts));
  const USES = ["USE", "USE, made by an earlier run", "ADOPT"];

  test("only what is ours, and does not fit, is deleted", () => {
    const deleting = everything.filter(({ next }) => next === "DELETE, POST");
    expect(deleting.length).toBeGreaterThan(0);
    for (const { facts } of deleting) expect(facts).toMatchObject({ whose: "ours", fits: "no" });
  });

  test("what is in the stack is neither used nor adopted nor deleted", () => {
    for (const { facts, next } of where(({ whose, reply }) => whose === "the stack's" && reply !== "refused"))
      expect(next, JSON.stringify(facts)).toBe("FAIL: in the stack");
  });

  test("only what was asked for is adopted, and only where it fits and is not what is replaced", () => {
    const adopting = everything.filter(({ next }) => next === "ADOPT");
    expect(adopting.length).toBeGreaterThan(0);
    for (const { facts } of adopting)
      expect(facts).toMatchObject({ policy: "adopt", fits: "yes", isReplaced: "no" });
  });

  test("what is used is ours, what has just arrived, or adopted", () => {
    for (const { facts, next } of everything.filter((each) => USES.includes(each.next)))
      if (next === "USE") expect(facts.arrived).toBe("yes");
      else if (next !== "ADOPT") expect(facts.whose).toBe("ours");
  });

  test("nothing is posted while something bears the key, but for what makes room", () => {
    for (const { facts, next } of where(held))
      expect(["POST", "WAIT, POST"], JSON.stringify(facts)).not.toContain(next);
  });

  test("what is uncertain is not deleted, and is used only where it has just arrived or is to be adopted", () => {
    for (const { facts, next } of where(({ whose }) => whose === "uncertain")) {
      expect(next).not.toBe("DELETE, POST");
      if (USES.includes(next)) expect(facts.arrived === "yes" || facts.policy === "adopt").toBe(true);
    }
  });

  test("where an answer was lost, and nothing bears the key, the record is kept", () => {
    const lost = where((facts) => facts.answerLost === "yes" && !held(facts));
    for (const { facts, record } of lost) expect(record, JSON.stringify(facts)).toBe("kept");
  });

  test("a refusal changes nothing in the organisation", () => {
    for (const { next } of where(({ reply }) => reply === "refused")) expect(next).toBe("FAIL: refused");
  });

  test("what is another's is a conflict, unless it is to be adopted", () => {
    for (const { facts, next } of where(
      ({ whose, policy, reply, arrived }) =>
        (whose === "another's" || whose === "let go") &&
        policy === "fail" &&
        reply !== "refused" &&
        arrived === "no",
    ))
      expect(next, JSON.stringify(facts)).toBe("FAIL: conflict");
  });

  test("after a look that found nothing the POST is sent; after a lost answer only while there is time", () => {
    for (const { facts, next } of where((facts) => !held(facts))) {
      if (facts.reply === "unsent" || facts.reply === "unsure") expect(next).toBe("POST");
      if (facts.reply === "lost") expect(next).toBe(facts.again === "yes" ? "WAIT, POST" : "FAIL: no answer");
      if (facts.reply === "taken")
        expect(next).toBe(facts.again === "yes" ? "WAIT, POST" : "FAIL: conflict, not readable");
    }
  });
});
