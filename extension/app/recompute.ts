import { signedText } from "../../shared/contract/terms.ts";
import { credit } from "../../shared/judge/attribution.ts";
import { isModelName, models } from "../../shared/judge/models.ts";
import { explained } from "../../shared/pay/explained.ts";
import { sumMinor } from "../../shared/pay/price.ts";
import { mayHaveMoved, movedBy } from "./posted.ts";
import type { ConversionPage, Earnings, ExplainedStatement, VerdictPart } from "./shelves.ts";

/** A figure the server states one way and this device computes another. `what` says where it stands, such as `periods.0.earnedMinor`. */
export interface Difference {
  readonly what: string;
  readonly server: string;
  readonly here: string;
}

/**
 * What comes of computing the server's answer again from its own evidence. `same`: every figure and code agrees.
 * `differs`: at least one does not, the first of them named. `posted`: all agree but a single amount, which the server may
 * have come to by what was known when it was posted; the statement as a whole agrees. `partly`: all agree but an amount
 * that cannot be confirmed so. `unknown`: this version does not know how.
 */
export type Recomputed =
  | { readonly verdict: "same" }
  | { readonly verdict: "differs" | "posted" | "partly"; readonly difference: Difference }
  | { readonly verdict: "unknown" };

const SAME: Recomputed = { verdict: "same" };

// Sentences are worded for the reader and may be worded anew; what pays is figures and codes.
const isWording = (name: string): boolean => name === "because";

const figures = (value: unknown, at: string, into: Map<string, string>): Map<string, string> => {
  if (value === undefined) return into;
  if (value === null || typeof value !== "object") return into.set(at, JSON.stringify(value));
  if (Array.isArray(value)) into.set(`${at}.length`, String(value.length));
  for (const [name, each] of Object.entries(value)) {
    if (!isWording(name)) figures(each, at === "" ? name : `${at}.${name}`, into);
  }
  return into;
};

/** The first figure or code in which two answers differ, total figures first; nothing when they agree in all. */
export const firstDifference = (server: unknown, here: unknown): Difference | undefined => {
  const [theirs, ours] = [figures(server, "", new Map()), figures(here, "", new Map())];
  const names = [...new Set([...theirs.keys(), ...ours.keys()])];
  const differing = names.filter((name) => theirs.get(name) !== ours.get(name));
  const what = differing.find((name) => /Minor$/.test(name)) ?? differing[0];
  if (what === undefined) return undefined;
  return { what, server: theirs.get(what) ?? "–", here: ours.get(what) ?? "–" };
};

const judged = (server: unknown, here: unknown): Recomputed => {
  const difference = firstDifference(server, here);
  return difference ? { verdict: "differs", difference } : SAME;
};

const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

type Versioned = Pick<ExplainedStatement, "version" | "termsHash" | "terms">;

/** Whether the terms of every version are the ones that were signed: the first that are not. */
const unsigned = async (it: ExplainedStatement, signed: ReadonlyMap<number, string>) => {
  // What was kept of a statement before contracts could be amended says nothing of amendments.
  const versions: readonly Versioned[] = [it, ...(it.amendments ?? [])];
  for (const { version, termsHash: said, terms } of versions) {
    const termsHash = await sha256(signedText(terms));
    const difference = firstDifference({ termsHash: signed.get(version) ?? said }, { termsHash });
    if (difference) return difference;
  }
  return undefined;
};

/**
 * Compute a statement again: first that the terms of each version are the ones that were signed, by their hash (as this
 * device knows it, where it does), then every figure from the terms and the shares.
 */
export const recomputeStatement = async (
  it: ExplainedStatement,
  signed: ReadonlyMap<number, string> = new Map(),
): Promise<Recomputed> => {
  try {
    const difference = await unsigned(it, signed);
    return difference ? { verdict: "differs", difference } : judged(it.statement, explained(it));
  } catch {
    return { verdict: "unknown" };
  }
};

/** Whether the figures of the first page are the ones its statement comes to, for a statement that is no older. */
export const compareShown = ({ period }: Earnings, { statement }: ExplainedStatement): Recomputed =>
  judged(period, statement.periods.find(({ starts }) => starts === period?.starts) ?? null);

const byPayee = (shares: readonly { readonly payee: string; readonly shareMicro: number }[]): object =>
  Object.fromEntries(shares.filter(({ shareMicro }) => shareMicro > 0).map((it) => [it.payee, it.shareMicro]));

/** Can the shares be computed from what is shown: is the model known, and the weights where it has been fitted? */
const isComputable = ({ attribution: { model }, context }: VerdictPart): boolean =>
  isModelName(model) && (models[model].sees !== "fit" || context?.effects !== undefined);

/** Share a conversion again among the touches of its journey, under the terms' own model. */
const reshare = (page: Pick<ConversionPage, "id" | "at">, part: VerdictPart): Recomputed => {
  const touches = part.considered.map(({ touch }) => touch);
  const here = credit({ id: page.id, at: page.at }, touches, part.attribution, part.context);
  const own = here.shares.find(({ payee }) => payee === part.contract);
  const ours = Object.fromEntries(here.considered.map((it) => [it.touch.id, { in: it.in, shareMicro: it.shareMicro }]));
  const theirs = Object.fromEntries(
    part.considered.map((it) => [it.touch.id, { in: it.in, shareMicro: it.shareMicro }]),
  );
  return judged(
    { shareMicro: part.shareMicro, heldMicro: part.heldMicro, shares: byPayee(part.shares), touches: theirs },
    { shareMicro: own?.shareMicro ?? 0, heldMicro: own?.heldMicro, shares: byPayee(here.shares), touches: ours },
  );
};

const amountOf = (
  { lines, amountMinor }: VerdictPart,
  it: ExplainedStatement | undefined,
  agrees: boolean,
  id: string,
): Recomputed => {
  const difference = firstDifference({ amountMinor }, { amountMinor: sumMinor(lines.map((line) => line.amountMinor)) });
  if (difference) return { verdict: "differs", difference };
  const here = it && movedBy(it, id);
  const theirs = new Map(lines.map((line) => [line.code, line.amountMinor]));
  if (here && !firstDifference(Object.fromEntries(theirs), Object.fromEntries(here))) return SAME;
  const computed = here ? String(sumMinor([...here.values()])) : "–";
  const verdict = it && agrees && mayHaveMoved(it, id, theirs) ? "posted" : "partly";
  return { verdict, difference: { what: "amountMinor", server: String(amountMinor), here: computed } };
};

/**
 * Compute a conversion again: its shares from its journey, and what it moved from the evidence of its contract's
 * statement, as far as this device has it. `agrees`: this device came to the same statement as a whole, to the cent.
 */
export const recomputeConversion = (
  page: Pick<ConversionPage, "id" | "at">,
  part: VerdictPart,
  it: ExplainedStatement | undefined,
  agrees = false,
): Recomputed => {
  try {
    if (!isComputable(part)) return { verdict: "unknown" };
    const shared = reshare(page, part);
    return shared.verdict === "same" ? amountOf(part, it, agrees, page.id) : shared;
  } catch {
    return { verdict: "unknown" };
  }
};
