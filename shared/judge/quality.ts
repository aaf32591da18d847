import { type Email, normaliseEmail, parseEmail, plainName } from "./email.ts";
import { isRole, rolesList } from "./roles.ts";

/** What is known of a lead when it is graded. `fields` are its answers as given, by name: `email`, `name`, `phone`, … */
export interface LeadEvidence {
  readonly fields: Readonly<Record<string, string>>;
  /** When the lead was recorded, ms since 1970 UTC. */
  readonly at: number;
  /** The conversion id of an earlier lead with the same `leadKey`, inside the terms' `duplicateDays`. */
  readonly duplicateOf?: string | undefined;
  /** True when the brand rejected an earlier lead of the same person, inside the terms' `duplicateDays`. */
  readonly rejectedBefore?: boolean | undefined;
  /** True when a machine seems to have sent it; leave it out when nobody knows. */
  readonly robot?: boolean | undefined;
}

/** What the signed terms demand of a lead: DOMAIN §2 `quality`. */
export interface QualityTerms {
  readonly minScore?: number | undefined;
  readonly require?: readonly string[] | undefined;
  readonly duplicateDays?: number | undefined;
}

/** `accept` counts, `review` waits for the brand, `reject` does not count, `retry` waits for a check that could not run. */
export type GradeVerdict = "accept" | "review" | "reject" | "retry";

/** Every code a reason can have, in the order reasons are listed. */
export const reasonCodes = [
  "invalid-email",
  "odd-email",
  "missing-field",
  "duplicate",
  "rejected-before",
  "role-account",
  "robot",
  "below-minimum-score",
] as const;

/** Why a lead lost points or was refused: a closed list, so that reasons can be counted and appealed. */
export type ReasonCode = (typeof reasonCodes)[number];

/** One fault: the points it takes off, a sentence that holds no personal data, and the edition of the list it relied on. */
export interface Reason {
  readonly code: ReasonCode;
  readonly weight: number;
  readonly because: string;
  readonly list?: string | undefined;
}

/** What the checks say of a lead: a score of 0 to 100 (100 less every weight), and each reason. */
export interface Grade {
  readonly verdict: GradeVerdict;
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** One check: its name for people, what it demands, what a fault leads to, and the check itself. Pure. */
export interface Check {
  readonly title: string;
  readonly says: string;
  readonly asks: "reject" | "review";
  run(evidence: LeadEvidence, terms: QualityTerms): Reason | undefined;
}

const PERFECT = 100;

/** An answer without the blanks around it; nothing when it was not given or is blank. Inherited names are no answers. */
const given = ({ fields }: LeadEvidence, name: string): string | undefined => {
  const text = Object.hasOwn(fields, name) ? fields[name]?.trim() : undefined;
  return text === "" ? undefined : text;
};

const emailOf = (evidence: LeadEvidence): Email | undefined => {
  const text = given(evidence, "email");
  return text === undefined ? undefined : parseEmail(text);
};

/** Is the e-mail of a lead that of a job or a machine, such as info@, which many people read? False without a readable one. */
export const isOffice = (evidence: LeadEvidence): boolean => {
  const email = emailOf(evidence);
  return email?.ok === true && isRole(plainName(email));
};

/**
 * What two leads of one person have in common: their normalised e-mail. Nothing when there is no readable e-mail, and
 * then no lead is a duplicate of it. Personal data: hash it with a secret before it is stored.
 */
export const leadKey = (evidence: LeadEvidence): string | undefined => {
  const email = emailOf(evidence);
  return email?.ok ? normaliseEmail(email) : undefined;
};

const syntax: Check = {
  title: "E-mail syntax",
  says: "An e-mail, when given, must be written as mail servers can read it.",
  asks: "reject",
  run: (evidence) => {
    const email = emailOf(evidence);
    if (email === undefined || email.ok) return undefined;
    return { code: "invalid-email", weight: 100, because: `The e-mail is not an address. ${email.because}` };
  },
};

const oddSyntax: Check = {
  title: "Odd e-mail",
  says: "A legal e-mail in a form that real people hardly ever have is looked at by the brand.",
  asks: "review",
  run: (evidence) => {
    const email = emailOf(evidence);
    if (!email?.ok || email.verdict !== "risky") return undefined;
    return { code: "odd-email", weight: 20, because: `The e-mail is legal but odd. ${email.because}` };
  },
};

const required: Check = {
  title: "Required fields",
  says: "Every field the terms require must be filled in.",
  asks: "reject",
  run: (evidence, { require = [] }) => {
    const missing = require.filter((name) => given(evidence, name) === undefined);
    if (missing.length === 0) return undefined;
    return {
      code: "missing-field",
      weight: 100,
      because: `The terms require a field left empty: ${missing.join(", ")}.`,
    };
  },
};

const earlier = (id: string): string => (/^cnv_[0-9a-z]+$/.test(id) ? `, ${id},` : "");

const duplicate: Check = {
  title: "Duplicate",
  says: "A person counts once within the days the terms name; what came to nothing stands in nobody's way.",
  asks: "reject",
  run: ({ duplicateOf }, { duplicateDays }) => {
    if (duplicateOf === undefined) return undefined;
    const when = duplicateDays === undefined ? "" : ` within ${duplicateDays} days`;
    const because = `An earlier lead${earlier(duplicateOf)} had the same e-mail${when}.`;
    return { code: "duplicate", weight: 100, because };
  },
};

const again: Check = {
  title: "Rejected before",
  says: "A lead of somebody whose earlier one the brand rejected is looked at by the brand.",
  asks: "review",
  run: ({ rejectedBefore }) => {
    if (rejectedBefore !== true) return undefined;
    const because = "The brand rejected an earlier lead with the same e-mail.";
    return { code: "rejected-before", weight: 20, because };
  },
};

const role: Check = {
  title: "Role account",
  says: "A mailbox of a job or a machine, such as info@ or noreply@, is looked at by the brand.",
  asks: "review",
  run: (evidence) => {
    if (!isOffice(evidence)) return undefined;
    const because = "The e-mail seems to belong to a job or a machine, not to a person.";
    return { code: "role-account", weight: 20, because, list: rolesList };
  },
};

const robot: Check = {
  title: "Robot",
  says: "A lead that a machine seems to have sent is held until the brand has looked at it.",
  asks: "review",
  run: (evidence) => {
    if (evidence.robot !== true) return undefined;
    return { code: "robot", weight: 40, because: "A machine seems to have sent this lead." };
  },
};

/** The checks every lead goes through, in the order their reasons are listed. */
export const checks = { syntax, oddSyntax, required, duplicate, again, role, robot } as const satisfies Readonly<
  Record<string, Check>
>;

const belowMinimum = (score: number, minScore: number): Reason => ({
  code: "below-minimum-score",
  weight: 0,
  because: `The score is ${score}; the terms ask for at least ${minScore}.`,
});

/**
 * Grade a lead: every check runs, each fault takes its weight off 100 (never below 0). A fault that asks to reject
 * rejects; so does a score below the terms' minimum; any other fault asks the brand to review. No e-mail is no fault
 * unless the terms require one. Laws: a function of its evidence alone, blind to the order of fields, and one fault
 * more never raises the score or mends the verdict. What is not known is no reason.
 */
export const grade = (evidence: LeadEvidence, terms: QualityTerms = {}): Grade => {
  const found = Object.values<Check>(checks).flatMap((check) => {
    const reason = check.run(evidence, terms);
    return reason ? [{ asks: check.asks, reason }] : [];
  });
  const reasons = found.map(({ reason }) => reason);
  const score = Math.max(0, PERFECT - reasons.reduce((sum, { weight }) => sum + weight, 0));
  if (found.some(({ asks }) => asks === "reject")) return { verdict: "reject", score, reasons };
  const { minScore = 0 } = terms;
  if (score < minScore) return { verdict: "reject", score, reasons: [...reasons, belowMinimum(score, minScore)] };
  return { verdict: reasons.length > 0 ? "review" : "accept", score, reasons };
};
