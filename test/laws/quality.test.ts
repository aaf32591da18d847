import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checks,
  type Grade,
  type GradeVerdict,
  grade,
  type LeadEvidence,
  leadKey,
  type QualityTerms,
  reasonCodes,
} from "../../shared/judge/quality.ts";
import { isRole, rolesList } from "../../shared/judge/roles.ts";

interface Vector {
  readonly name: string;
  readonly evidence: LeadEvidence;
  readonly terms: QualityTerms;
  readonly expect: {
    readonly verdict: GradeVerdict;
    readonly score: number;
    readonly reasons: readonly (readonly [string, number])[];
  };
}
const vectors: { readonly grade: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("../vectors/quality.json", import.meta.url), "utf8"),
);

const at = Date.UTC(2026, 0, 1);
const lead = (email: string, more: Partial<LeadEvidence> = {}): LeadEvidence => ({ fields: { email }, at, ...more });
const badness: Record<GradeVerdict, number> = { accept: 0, retry: 1, review: 2, reject: 3 };
const noBetter = (faulty: Grade, sound: Grade): boolean =>
  faulty.score <= sound.score && badness[faulty.verdict] >= badness[sound.verdict];

const goodEmail = fc.stringMatching(/^zq[a-z]{3,10}@[a-z]{3,10}\.(com|de|jp)$/);
const email = fc.oneof(
  goodEmail,
  fc.constantFrom(
    "info@zqcompany.com",
    '"zqodd"@zqodd.com',
    "zqnumber@[192.0.2.1]",
    "zqbroken@",
    "zq..dots@zq.com",
    "",
  ),
);
const fields = fc
  .record({ email, name: fc.constantFrom("", " ", "Ann"), phone: fc.constantFrom("", "12") })
  .map((all): Readonly<Record<string, string>> => all);
const evidence: fc.Arbitrary<LeadEvidence> = fc.record(
  {
    fields,
    at: fc.integer({ min: 0, max: 4e12 }),
    duplicateOf: fc.constant("cnv_1"),
    rejectedBefore: fc.boolean(),
    robot: fc.boolean(),
  },
  { requiredKeys: ["fields", "at"] },
);
const terms: fc.Arbitrary<QualityTerms> = fc.record(
  {
    minScore: fc.integer({ min: 0, max: 100 }),
    require: fc.uniqueArray(fc.constantFrom("email", "name", "phone", "company")),
    duplicateDays: fc.integer({ min: 1, max: 365 }),
  },
  { requiredKeys: [] },
);

describe("a lead's grade", () => {
  test.each(vectors.grade)("$name", ({ evidence: given, terms: demanded, expect: expected }) => {
    const { verdict, score, reasons } = grade(given, demanded);
    expect({ verdict, score, reasons: reasons.map(({ code, weight }) => [code, weight]) }).toEqual(expected);
  });

  test("a missing field is named", () => {
    const { reasons } = grade(lead("ann@example.com"), { require: ["email", "company", "phone"] });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]?.because).toContain("company, phone");
    expect(reasons[0]?.because).not.toContain("email");
  });

  test("a duplicate names the conversion it repeats, and only if that is one of our own ids", () => {
    const named = grade(lead("ann@example.com", { duplicateOf: "cnv_00000000000000000001" }), { duplicateDays: 90 });
    expect(named.reasons[0]?.because).toMatch(/cnv_00000000000000000001.*90 days/);
    const foreign = grade(lead("ann@example.com", { duplicateOf: "ann@example.com" }));
    expect(foreign.verdict).toBe("reject");
    expect(JSON.stringify(foreign)).not.toContain("ann@");
  });

  test("a score under the minimum says both numbers", () => {
    const { reasons } = grade(lead("info@example.com", { robot: true }), { minScore: 60 });
    expect(reasons.at(-1)).toMatchObject({ code: "below-minimum-score", because: expect.stringMatching(/40.*60/) });
  });

  test("a role account names the edition of the list it was found in", () => {
    expect(grade(lead("sales@example.com")).reasons).toEqual([expect.objectContaining({ list: rolesList })]);
  });

  test("not knowing whether it was a robot is no reason, and neither is knowing it was none", () => {
    expect(grade(lead("ann@example.com"))).toEqual(grade(lead("ann@example.com", { robot: false })));
    expect(grade(lead("ann@example.com", { robot: undefined })).verdict).toBe("accept");
  });
});

describe("laws of grading", () => {
  test("the same evidence always gets the same grade, and is left as it was", () => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const before = structuredClone({ given, demanded });
        const first = grade(given, demanded);
        expect(grade(structuredClone(given), structuredClone(demanded))).toEqual(first);
        expect({ given, demanded }).toEqual(before);
      }),
    );
  });

  test("neither the moment nor a field nobody asks for matters", () => {
    fc.assert(
      fc.property(evidence, terms, fc.string(), (given, demanded, note) => {
        const other = { ...given, at: given.at + 1, fields: { ...given.fields, note } };
        expect(grade(other, demanded)).toEqual(grade(given, demanded));
      }),
    );
  });

  test("the order of fields never matters", () => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const turned = { ...given, fields: Object.fromEntries(Object.entries(given.fields).reverse()) };
        expect(grade(turned, demanded)).toEqual(grade(given, demanded));
      }),
    );
  });

  test("the score is 100 less every weight, never below 0, and the verdict follows from the reasons", () => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const { score, verdict, reasons } = grade(given, demanded);
        const weights = reasons.reduce((sum, { weight }) => sum + weight, 0);
        expect(score).toBe(Math.max(0, 100 - weights));
        expect(verdict === "accept").toBe(reasons.length === 0);
        if (score < (demanded.minScore ?? 0)) expect(verdict).toBe("reject");
        for (const { code } of reasons) expect(reasonCodes).toContain(code);
      }),
    );
  });

  const faults: Readonly<
    Record<string, (given: LeadEvidence, demanded: QualityTerms) => [LeadEvidence, QualityTerms]>
  > = {
    "being a duplicate": (given, demanded) => [{ ...given, duplicateOf: "cnv_2" }, demanded],
    "having been rejected before": (given, demanded) => [{ ...given, rejectedBefore: true }, demanded],
    "coming from a robot": (given, demanded) => [{ ...given, robot: true }, demanded],
    "a broken e-mail": (given, demanded) => [{ ...given, fields: { ...given.fields, email: "zqbroken" } }, demanded],
    "one more required field, left empty": (given, demanded) => [
      given,
      { ...demanded, require: [...(demanded.require ?? []), "budget"] },
    ],
    "a blank where the terms require something": (given, demanded) => [
      { ...given, fields: { ...given.fields, name: " " } },
      { ...demanded, require: [...(demanded.require ?? []), "name"] },
    ],
    "a higher minimum": (given, demanded) => [given, { ...demanded, minScore: 100 }],
  };
  test.each(Object.keys(faults))("%s never raises the score or mends the verdict", (name) => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const [worse, stricter] = faults[name]!(given, demanded);
        expect(noBetter(grade(worse, stricter), grade(given, demanded))).toBe(true);
      }),
    );
  });

  test("from a good e-mail to a role account, to an odd one, to a broken one, each is no better", () => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const withEmail = (it: string) => grade({ ...given, fields: { ...given.fields, email: it } }, demanded);
        const grades = ["zqann@zq.com", "info@zq.com", '"info"@zq.com', "info@"].map(withEmail);
        for (const [index, it] of grades.slice(1).entries()) expect(noBetter(it, grades[index]!)).toBe(true);
      }),
    );
  });

  test("no reason ever contains the e-mail or any part of it", () => {
    fc.assert(
      fc.property(evidence, terms, (given, demanded) => {
        const said = JSON.stringify(grade(given, demanded)).toLowerCase();
        expect(said).not.toContain("zq");
        expect(said).not.toContain("192.0.2.1");
      }),
    );
  });

  test("each check alone explains itself, and finds a fault some lead has and some lead has not", () => {
    const faulty: Readonly<Record<keyof typeof checks, [LeadEvidence, QualityTerms]>> = {
      syntax: [lead("ann@"), {}],
      oddSyntax: [lead("ann@localhost"), {}],
      required: [lead("ann@example.com"), { require: ["phone"] }],
      duplicate: [lead("ann@example.com", { duplicateOf: "cnv_1" }), {}],
      again: [lead("ann@example.com", { rejectedBefore: true }), {}],
      role: [lead("support@example.com"), {}],
      robot: [lead("ann@example.com", { robot: true }), {}],
    };
    for (const [name, check] of Object.entries(checks)) {
      expect(`${check.title}: ${check.says}`).toMatch(/^[A-Z].+: [A-Z].+\.$/);
      const [given, demanded] = faulty[name as keyof typeof checks];
      expect(check.run(given, demanded)?.weight).toBeGreaterThan(0);
      expect(check.run(lead("ann@example.com"), {})).toBeUndefined();
      expect(grade(given, demanded).verdict).toBe(check.asks);
    }
  });
});

describe("what makes two leads one person", () => {
  test("spellings of one mailbox share a key", () => {
    expect(leadKey(lead(" J.Doe+a@gmail.com "))).toBe(leadKey(lead("jdoe@GoogleMail.com")));
  });

  test("a lead without a readable e-mail has no key, so it is nobody's duplicate", () => {
    for (const text of ["", "  ", "ann@", "ann"]) expect(leadKey(lead(text))).toBeUndefined();
    expect(leadKey({ fields: {}, at })).toBeUndefined();
  });
});

describe("role names", () => {
  test("jobs and machines are roles, in several languages", () => {
    for (const name of ["info", "sales", "noreply", "customerservice", "kontakt", "ventas", "postmaster", "hr"])
      expect([name, isRole(name)]).toEqual([name, true]);
  });

  test("people are not, even when their names begin like a role", () => {
    for (const name of ["ann", "helena", "salesh", "infante", "mariateam", "press1", "", "constructor"])
      expect([name, isRole(name)]).toEqual([name, false]);
  });
});
