import type { Terms } from "../../../shared/contract/terms.ts";
import { canonical, type Json } from "../../../shared/kit/canonical.ts";
import { present } from "../../../shared/kit/shape.ts";
import { dealExplained, standings } from "../../../shared/pay/explained.ts";
import type { ExplainedStatement, PeriodStatement } from "./wire.ts";

type Line = PeriodStatement["lines"][number];

/** Which lines belong together, in the order in which a statement adds them up. */
const groups = [
  { name: "rules", title: "What the rules earn", codes: ["fixed", "perResult", "share", "tiered", "bonus"] },
  { name: "caps", title: "Above the caps", codes: ["cap"] },
  { name: "remedy", title: "Guarantee", codes: ["proRata", "penalty"] },
  { name: "corrections", title: "Corrections of earlier periods", codes: ["correction"] },
  { name: "agreed", title: "Agreed sums", codes: ["dispute", "adjustment"] },
] as const;

/** Lines of one kind, and what they come to. */
export interface Group {
  readonly name: (typeof groups)[number]["name"] | "other";
  readonly title: string;
  readonly lines: readonly Line[];
  readonly amountMinor: number;
}

const groupOf = (code: string): Group["name"] =>
  groups.find(({ codes }) => (codes as readonly string[]).includes(code))?.name ?? "other";

/** A period's lines by kind; kinds without a line are left out, and a code nobody knows stands at the end, never hidden. */
export const grouped = (lines: readonly Line[]): readonly Group[] =>
  [...groups, { name: "other", title: "Other" } as const].flatMap(({ name, title }) => {
    const own = lines.filter(({ code }) => groupOf(code) === name);
    const amountMinor = own.reduce((sum, line) => sum + line.amountMinor, 0);
    return own.length === 0 ? [] : [{ name, title, lines: own, amountMinor }];
  });

/** A version of the terms that a statement is priced by. */
export interface PricedBy {
  readonly version: number;
  readonly termsHash: string;
  readonly terms: Terms;
}

/** The versions a statement is priced by, in order. */
export const versionsIn = ({ version, termsHash, terms, amendments }: ExplainedStatement): readonly PricedBy[] => [
  { version, termsHash, terms },
  ...amendments,
];

/** What is to be known about the periods of a statement beyond their lines. */
export interface Background {
  /** The version a period is priced by; after the last of them, that one. */
  versionOf(period: PeriodStatement): PricedBy;
  /** How its guarantee stands: as the period closed, and what has been made good since. */
  standingOf(period: PeriodStatement): PeriodStatement["guarantee"];
  /** Is no period of the contract's own left after this one? From there on there is no minimum. */
  isLast(period: PeriodStatement): boolean;
}

/** Look behind the periods of a statement. */
export const backgroundOf = (of: ExplainedStatement): Background => {
  const { stretches, periods } = dealExplained(of);
  const versions = versionsIn(of);
  const now = standings(of);
  const indexOf = (starts: string): number => periods.findIndex((it) => it.starts === starts);
  return {
    versionOf: ({ starts }) => {
      const place = stretches.findIndex((stretch) => stretch.periods.some((it) => it.starts === starts));
      return present(versions[place] ?? versions.at(-1), "the version a period is priced by");
    },
    standingOf: ({ starts, guarantee }) =>
      guarantee?.state === "pending" ? (now.get(indexOf(starts)) ?? guarantee) : guarantee,
    isLast: ({ starts }) => starts >= (periods.at(-1)?.starts ?? ""),
  };
};

/** What was carried into a period: its whole balance less what it earned itself. */
export const carriedIn = ({ earnedMinor, dueMinor, carriedMinor }: PeriodStatement): number =>
  dueMinor + carriedMinor - earnedMinor;

/** The text of a closed statement whose SHA-256 is its hash. */
export const closedText = (period: PeriodStatement): string => canonical(period as unknown as Json);
