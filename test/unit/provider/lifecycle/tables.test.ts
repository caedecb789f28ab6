/** The lifecycle's decisions: every case has one, every row is needed, and none breaks the rules of ownership. */
import { describe, expect, test } from "vitest";
import { KEY, REPLACED } from "../../../../provider/src/lifecycle/autoKey.js";
import { LISTED } from "../../../../provider/src/lifecycle/belief.js";
import { BEGINNING, type Beginning, REPLY } from "../../../../provider/src/lifecycle/createTables.js";
import { JOB_END } from "../../../../provider/src/lifecycle/jobEnd.js";
import { IDENTITY, OWNERSHIP, type Owner } from "../../../../provider/src/lifecycle/ownership.js";
import { type NextPhase, PHASES } from "../../../../provider/src/lifecycle/record.js";
import { STANDING, type StandingVerdict } from "../../../../provider/src/lifecycle/standing.js";
import {
  combinations,
  decide,
  type Facts,
  rowOf,
  type Table,
} from "../../../../provider/src/lifecycle/table.js";
import { ABSENCE, BELONGING } from "../../../../provider/src/lifecycle/whereabouts.js";

const TABLES = {
  ...{ OWNERSHIP, IDENTITY, BEGINNING, REPLY, JOB_END, KEY, REPLACED, PHASES },
  ...{ BELONGING, ABSENCE, LISTED, STANDING },
} as unknown as Record<string, Table<Facts, unknown>>;

describe.each(Object.entries(TABLES))("table %s", (_, table) => {
  test("decides every combination", () => {
    for (const facts of combinations(table)) expect(rowOf(table, facts)).toBeDefined();
  });

  test("reaches every row", () => {
    const reached = new Set(combinations(table).map((facts) => rowOf(table, facts)));
    for (const row of table.rows) expect(reached, JSON.stringify(row)).toContain(row);
  });
});

/** The same rules, told another way: who changes a row changes a sentence here, too. */
describe("each table says what its sentences say:", () => {
  test("ownership", () => {
    for (const facts of combinations(OWNERSHIP)) {
      const { inStack, record, name } = facts;
      const isProved = record !== "none" || name === "automatic";
      const isSurelyOutside = inStack === "no" || record === "posting" || record === "accepted";
      const expected: Owner =
        inStack === "yes"
          ? "the stack's"
          : record === "stored"
            ? "let go"
            : !isProved
              ? "another's"
              : isSurelyOutside
                ? "ours"
                : "uncertain";
      expect(decide(OWNERSHIP, facts), JSON.stringify(facts)).toBe(expected);
    }
  });

  test("belonging", () => {
    for (const facts of combinations(BELONGING)) {
      const { login, settings, organization, look } = facts;
      // What is as it was, or says nothing of it, is taken as it is.
      const isTaken = login === "the same" || (login === "not noted" && settings === "the stack's");
      // Its own word counts before what is found: ids are asked for where there is none.
      const isProved = organization === "unknown" ? look === "found" : organization === "the same";
      expect(decide(BELONGING, facts), JSON.stringify(facts)).toBe(isTaken || isProved ? "yes" : "no");
    }
  });

  test("absence", () => {
    for (const facts of combinations(ABSENCE)) {
      const { host, login, organization } = facts;
      const hasChanged = login === "other" || login === "a token is another";
      const isElsewhere = host === "another" || (hasChanged && organization === "another");
      const isDoubtful = login === "other" && organization === "unknown";
      const expected = isElsewhere ? "elsewhere" : isDoubtful ? "perhaps elsewhere" : "gone";
      expect(decide(ABSENCE, facts), JSON.stringify(facts)).toBe(expected);
    }
  });

  test("identity", () => {
    for (const facts of combinations(IDENTITY)) {
      const { evidence, id, token, key, made, content } = facts;
      const isInTime = made === "in the window";
      const bySuccess =
        evidence === "job succeeded" && (isInTime || (made !== "outside" && content === "equal"));
      const byContent = evidence === "unanswered, failed or vanished" && isInTime && content === "equal";
      const byWhatIsSeen = key === "equal" && (bySuccess || byContent);
      const byToken = token === "none" ? byWhatIsSeen : token === "equal";
      const expected = id === "unknown" ? byToken : id === "equal";
      expect(decide(IDENTITY, facts), JSON.stringify(facts)).toBe(expected ? "yes" : "no");
    }
  });

  test("what a list shows", () => {
    for (const facts of combinations(LISTED)) {
      const { version, content, shows } = facts;
      const isNews = version === "newer" && shows === "all";
      const isNoNews = version === "as known" && content === "as known";
      expect(decide(LISTED, facts), JSON.stringify(facts)).toBe(isNews || isNoNews ? "BELIEVE" : "ASK");
    }
  });

  test("where an object stands", () => {
    for (const facts of combinations(STANDING)) {
      const { shown, standing, failure, lasts } = facts;
      const isSure =
        lasts === "as long as reads lag" ||
        (shown === "it" && standing === "failed" && failure === "of the change");
      const isUnderWay = shown === "it" && standing === "on its way";
      const expected: StandingVerdict =
        shown === "it" && standing === "reached"
          ? "REACHED"
          : isUnderWay || !isSure
            ? "WAIT"
            : shown === "it"
              ? "FAIL"
              : "GONE";
      expect(decide(STANDING, facts), JSON.stringify(facts)).toBe(expected);
    }
  });

  test("how a create begins", () => {
    for (const facts of combinations(BEGINNING)) {
      const { record, key, isReplaced, look, inStack, mayArrive } = facts;
      const resumes =
        (record === "posting" && key === "another" && look === "it" && inStack !== "yes") ||
        (record === "accepted" && inStack !== "yes") ||
        (record === "returned" && isReplaced === "no" && inStack === "no");
      const setsAside = record === "posting" && key === "another" && mayArrive === "yes";
      const expected: Beginning = resumes ? "RESUME" : setsAside ? "SET ASIDE, POST" : "POST";
      expect(decide(BEGINNING, facts), JSON.stringify(facts)).toBe(expected);
    }
  });

  test("the key of an object", () => {
    for (const facts of combinations(KEY)) {
      const { program, olds, begun, basis } = facts;
      const fresh = basis === "unknown" ? "unknown" : "derived";
      const automatic =
        olds === "automatic" ? "the olds'" : olds === "none" && begun === "yes" ? "what was begun" : fresh;
      expect(decide(KEY, facts), JSON.stringify(facts)).toBe(
        program === "gives it" ? "the program's" : automatic,
      );
    }
  });

  test("the key to be avoided", () => {
    for (const facts of combinations(REPLACED)) {
      const { olds, earlier, imports, program, stack, record } = facts;
      const known = olds === "given" ? "the olds'" : earlier === "yes" ? "the earlier check's" : undefined;
      const ofStack =
        stack === "has it" || (stack === "leaving" && imports === "no") ? "the stack's" : undefined;
      const asked = imports === "yes" ? ofStack : program === "gives it" ? undefined : ofStack;
      const told =
        imports === "no" && program === "leaves it out" && record !== "none" ? "the record's" : "none";
      expect(decide(REPLACED, facts), JSON.stringify(facts)).toBe(known ?? asked ?? told);
    }
  });

  test("the phases of a record", () => {
    for (const facts of combinations(PHASES)) {
      const { event, phase, isIt, key, wasIt } = facts;
      const isMade = phase === "accepted" || phase === "returned";
      const expected: Record<typeof event, NextPhase> = {
        "about to POST": "posting",
        "answered or recognised": "accepted",
        "nothing came of it": phase === "accepted" && isIt === "yes" ? "posting" : "as it is",
        "a create returned": isMade
          ? isIt === "yes"
            ? "returned"
            : "as it is"
          : phase === "posting" && key === "another"
            ? "as it is"
            : "stored",
        "an update returned":
          isIt === "no" || phase === "none" || phase === "posting"
            ? "as it is"
            : phase === "accepted" && wasIt === "no"
              ? "returned"
              : "stored",
        "the state has it": phase === "returned" ? "stored" : "as it is",
        "the state has another": phase === "accepted" ? "as it is, warn" : "as it is",
        deleted: isIt === "yes" && phase !== "none" && phase !== "posting" ? "none" : "as it is",
        "deleted, another may be there":
          isIt === "yes" && phase !== "none" && phase !== "posting" ? "posting" : "as it is",
      };
      expect(decide(PHASES, facts), JSON.stringify(facts)).toBe(expected[event]);
    }
  });
});
