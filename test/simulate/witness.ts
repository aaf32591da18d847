/**
 * Somebody who reads every fact of a brand but those about money moving, and remembers it in plain maps: what the auditor
 * reckons from. It shares no code with the product; terms are read as the documents they are.
 */

import { dayAfter, endOfPeriod, finalFrom, midnightOf } from "./days.ts";
import type { Deed, Memory, Seen, Sent } from "./memory.ts";

// biome-ignore lint/suspicious/noExplicitAny: a witness reads facts as they were written, not the product's types.
type Document = any;

const DAY = 86_400_000;

const more = (counts: Map<string, number>, key: string, by = 1): void =>
  void counts.set(key, (counts.get(key) ?? 0) + by);

/** The documents of a contract's versions, as far as each has a day: cut where the contract was ended early. */
export const documentsOf = ({ versions, lastDay }: Deed): readonly Document[] =>
  versions
    .map(({ terms }) => (lastDay !== null && lastDay < terms.ends ? { ...terms, ends: lastDay } : terms))
    .filter(({ starts, ends }, place) => place === 0 || starts <= ends);

/** The day after a version's last: the one on which the next takes over, where there is one. */
const dayPast = ({ ends }: Document, next: Document): string =>
  next === undefined || ends < next.starts ? dayAfter(ends) : next.starts;

/** The terms that decide an instant: of the version whose days hold it; after the end, the last while a make-good may run. */
export const termsAt = (deed: Deed, at: number): Document | undefined => {
  const documents = documentsOf(deed);
  const held = documents.find(
    (it, place) =>
      midnightOf(it.starts, it.timeZone) <= at && at < midnightOf(dayPast(it, documents[place + 1]), it.timeZone),
  );
  if (held) return held;
  const last = documents.at(-1);
  if (!last || last.starts > last.ends) return undefined;
  const isPast = midnightOf(dayAfter(last.ends), last.timeZone) <= at;
  return isPast && documents.some((one, place) => at < gracedUntil(one, documents[place + 1])) ? last : undefined;
};

/** When the last window in which a version's shortfalls may be made good is over. */
const gracedUntil = ({ ends, timeZone, guarantee }: Document, next: Document): number => {
  let days = 0;
  for (let it = guarantee?.remedy; it; it = it.then) days += it.kind === "makeGood" ? it.days : 0;
  return midnightOf(dayPast({ ends }, next), timeZone) + days * DAY;
};

/** Is a result's value in another currency than the contract's? Then it waits for the brand, whatever its grade. */
export const isForeign = ({ valueMinor, currency }: Seen, terms: Document): boolean =>
  valueMinor !== undefined && currency !== terms.currency;

const isCounted = (it: Seen, part: Document, terms: Document): boolean => {
  const proof = terms.results[it.result]?.counts;
  if (!proof || it.rejectedAt !== undefined) return false;
  if (it.approved) return true;
  if (isForeign(it, terms)) return false;
  if (proof === "verified") return part.grade.verdict === "accept";
  return it.via !== "page" || it.silent.has(part.contract);
};

/** Had both signed before the period that holds an instant was over, and is it over by now? Then its statement is final. */
const isPastClosed = (deed: Deed, at: number, now: number): boolean => {
  const over = endOfPeriod(documentsOf(deed), at);
  return over !== undefined && over <= now && (deed.versions[0]?.signedAt ?? now) < over;
};

/** What a fact about a result changes in when it began to count. */
const recount = ({ deeds }: Memory, it: Seen, now: number): void => {
  for (const part of it.parts) {
    const deed = deeds.get(part.contract);
    const terms = deed && (termsAt(deed, it.at) ?? deed.versions.at(-1)?.terms);
    if (!deed || !terms) continue;
    const counts = isCounted(it, part, terms);
    const isRejected =
      !isForeign(it, terms) &&
      terms.results[it.result]?.counts === "verified" &&
      part.grade.verdict === "reject" &&
      !it.approved;
    if (counts && !it.countedAt.has(part.contract)) {
      const isPast = it.via === "import" && !isPastClosed(deed, it.at, now);
      it.countedAt.set(part.contract, isPast ? it.at : now);
    }
    if (!counts && isRejected && it.rejectedAt === undefined) {
      it.countedAt.delete(part.contract);
      it.silent.delete(part.contract);
      it.released.delete(part.contract);
    }
  }
};

/**
 * What another verdict makes of a result that counted on statements that are final: the difference is from now on, and
 * neither its grade nor the version it was judged by may be another one.
 */
const restate = (memory: Memory, it: Seen, parts: readonly Document[], now: number): void => {
  for (const { contract, shareMicro, grade, version } of parts) {
    const [deed, before] = [memory.deeds.get(contract), it.parts.find((part) => part.contract === contract)];
    const over = deed && finalFrom(documentsOf(deed), it.at);
    if (!before || !it.countedAt.has(contract) || over === undefined || over > now) continue;
    const kept = grade.verdict === before.grade.verdict && version === before.version;
    if (!kept) more(memory.once, `${it.conversion} judged otherwise under ${contract}`, 2);
    const stated = it.stated.get(contract) ?? { shareMicro: before.shareMicro, restated: [] };
    if (shareMicro === before.shareMicro) continue;
    it.stated.set(contract, { ...stated, restated: [...stated.restated, { at: now, shareMicro }] });
  }
};

/** Until when a result waits: for the brand's silence to approve it, or for its refund window to be over. */
export const waitsUntil = ({ deeds }: Memory, it: Seen, contract: string, into: string): number => {
  const deed = deeds.get(contract);
  const timing = deed && (termsAt(deed, it.at) ?? deed.versions.at(-1)?.terms)?.timing;
  if (!timing) return Number.POSITIVE_INFINITY;
  if (into === "payable") return (it.countedAt.get(contract) ?? Number.POSITIVE_INFINITY) + timing.holdDays * DAY;
  if (timing.silence !== "approve") return Number.POSITIVE_INFINITY;
  return (it.via === "import" ? it.at : it.recordedAt) + timing.reviewDays * DAY;
};

const aboutResults = (it: Memory, at: number, fact: Document): void => {
  const one = it.seen.get(fact.conversion);
  if (!one) return;
  if (fact.type === "conversion-judged") {
    restate(it, one, fact.parts, at);
    one.parts = fact.parts;
  }
  if (fact.type === "conversion-approved") [one.approved, one.rejectedAt] = [true, undefined];
  if (fact.type === "conversion-rejected") [one.approved, one.rejectedAt] = [false, at];
  if (fact.type === "conversion-reversed") {
    one.back.push({ at, permille: fact.permille });
    more(it.once, `reversal ${fact.conversion} ${fact.reversal}`);
  }
  // What happens before its time is told as if it had happened too often.
  if (fact.type === "conversion-matured" && waitsUntil(it, one, fact.contract, fact.into) > at)
    more(it.once, `${fact.conversion} ${fact.into} early`, 2);
  if (fact.type === "conversion-matured") (fact.into === "approved" ? one.silent : one.released).add(fact.contract);
  recount(it, one, at);
};

const aboutContracts = (it: Memory, at: number, fact: Document): void => {
  if (fact.type === "contract-drafted") {
    const { contract, influencer } = fact;
    const fresh = {
      lastDay: null,
      adjustments: [],
      rates: [],
      closed: new Map(),
      approved: new Set<number>(),
      isNews: true,
    };
    it.deeds.set(contract, { contract, influencer, tabled: new Map(), versions: [], ...fresh });
  }
  const deed = it.deeds.get(fact.contract);
  if (!deed) return;
  if (fact.terms) deed.tabled.set(fact.version, fact.terms);
  if (fact.type === "contract-started" || fact.type === "contract-amended") {
    deed.versions.push({ terms: deed.tabled.get(fact.version), signedAt: fact.at ?? at });
    more(it.once, `${fact.type} ${fact.contract} ${fact.version}`);
  }
  if (fact.type === "contract-notice-given" || fact.type === "contract-notice-agreed") deed.lastDay = fact.lastDay;
  if (fact.type === "rates-measured") deed.rates.push(fact);
  if (fact.type === "statement-closed") {
    deed.closed.set(fact.period, fact);
    more(it.once, `closed ${fact.contract} ${fact.period}`);
  }
  if (fact.type === "statement-approved") deed.approved.add(fact.period);
};

const aboutDisputes = (it: Memory, at: number, fact: Document): void => {
  if (fact.type === "dispute-opened") {
    const { item, opener, amountMinor } = fact;
    it.quarrels.set(fact.dispute, { contract: item.contract, opener, amountMinor, open: true });
    more(it.once, `dispute ${fact.dispute}`);
  }
  const quarrel = it.quarrels.get(fact.dispute);
  const deed = quarrel && it.deeds.get(quarrel.contract);
  if (!quarrel || !deed) return;
  const adjust = (amountMinor: number): void => {
    const id = `${fact.dispute} ${deed.adjustments.length}`;
    if (amountMinor !== 0) deed.adjustments.push({ id, at, amountMinor, code: "dispute" });
  };
  if (fact.type === "dispute-eased") adjust(fact.backMinor);
  if (fact.type !== "dispute-resolved") return;
  quarrel.open = false;
  adjust(fact.adjustmentMinor);
  more(it.once, `resolved ${fact.dispute}`);
};

const states: Readonly<Record<string, Sent["state"]>> = {
  "payout-sent": "sent",
  "payout-settled": "settled",
  "payout-failed": "failed",
  "payout-returned": "returned",
  "payout-unclaimed": "unclaimed",
};

const aboutPayouts = (it: Memory, at: number, fact: Document): void => {
  if (fact.type === "payout-made") {
    it.sent.set(fact.payout, { ...fact, madeAt: at, state: "made", arrived: false });
    more(it.once, `payout ${fact.payout}`);
    if ((it.details.get(fact.influencer)?.heldUntil ?? 0) > at)
      more(it.once, `payout ${fact.payout} in spite of new details`, 2);
  }
  const sent = it.sent.get(fact.payout);
  const state = states[fact.type];
  if (sent && state) {
    sent.state = state;
    if (state === "settled") sent.arrived = true;
    more(it.once, `${fact.type} ${fact.payout}`);
  }
  if (fact.type === "payout-details-changed")
    it.details.set(fact.influencer, { heldUntil: it.details.has(fact.influencer) ? at + 3 * DAY : 0 });
  if (fact.type === "deposit-moved") {
    const what = fact.kind === "funded" ? "funded" : `${fact.kind} ${fact.contract}`;
    more(it.purse, `${fact.currency} ${what}`, fact.amountMinor);
    more(it.once, `deposit ${fact.deposit}`);
  }
  if (fact.type === "tax-remitted") {
    more(it.purse, `${fact.currency} remitted ${fact.rail}`, fact.amountMinor);
    more(it.once, `remittance ${fact.remittance}`);
  }
  if (fact.type === "write-off-proposed") it.writeOffs.set(fact.writeOff, fact);
  if (fact.type !== "write-off-confirmed") return;
  const { currency } = it.writeOffs.get(fact.writeOff);
  more(it.once, `write-off ${fact.writeOff}`);
  for (const line of fact.lines) more(it.purse, `${currency} given up ${line.contract}`, line.amountMinor);
};

/** Which contracts a fact tells of. */
const about = (it: Memory, fact: Document): readonly string[] => [
  ...(fact.contract ? [fact.contract] : []),
  ...(fact.parts ?? it.seen.get(fact.conversion)?.parts ?? []).map((part: Document) => part.contract),
  ...(it.sent.get(fact.payout)?.lines ?? fact.lines ?? []).map((line: Document) => line.contract),
  ...[it.quarrels.get(fact.dispute)?.contract].filter((one) => one !== undefined),
];

/** Take in one more fact. */
export const witness = (
  it: Memory,
  { seq, at, fact }: { readonly seq: number; readonly at: number; readonly fact: Document },
): void => {
  it.seq = seq;
  if (fact.type === "conversion-recorded") {
    const { conversion, result, via, valueMinor, currency } = fact;
    const fresh = { parts: [], approved: false, rejectedAt: undefined, back: [] };
    const sets = {
      silent: new Set<string>(),
      released: new Set<string>(),
      countedAt: new Map<string, number>(),
      stated: new Map(),
    };
    it.seen.set(conversion, {
      conversion,
      result,
      at: fact.at,
      via,
      valueMinor,
      currency,
      recordedAt: at,
      ...fresh,
      ...sets,
    });
    more(it.once, `recorded ${fact.result} ${fact.externalId}`);
  }
  if (fact.type.startsWith("conversion-")) aboutResults(it, at, fact);
  if ("contract" in fact) aboutContracts(it, at, fact);
  if (fact.type.startsWith("dispute-")) aboutDisputes(it, at, fact);
  aboutPayouts(it, at, fact);
  for (const contract of about(it, fact)) {
    const deed = it.deeds.get(contract);
    if (deed) deed.isNews = true;
  }
};
