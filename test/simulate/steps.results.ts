import { createHash } from "node:crypto";
import { approve, type Reported, reject, report, reverse } from "../../server/decisions/conversions.ts";
import { createCode, grabLink } from "../../server/decisions/links.ts";
import type { Arriving, Work } from "../../server/engine/record.ts";
import type { ConversionDoc } from "../../server/engine/shapes.ts";
import { ok } from "../../shared/kit/shape.ts";
import type { Chance } from "./chance.ts";
import {
  ask,
  type Company,
  contractOf,
  DAY,
  type Deal,
  docsOf,
  HOUR,
  must,
  type Step,
  type Told,
  type Year,
} from "./world.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A contract that runs is given its link, and now and then a code. */
const linked = async (it: Year, company: Company, deal: Deal): Promise<boolean> => {
  if (deal.link) return true;
  const { brand } = company;
  const code = `l${deal.contract.slice(4)}`;
  const given = { contract: deal.contract, destination: "http://localhost:9/", code };
  const done = await ask(it, brand, "grab a link", grabLink(given, "influencer"), "natural");
  if (!done.ok) return false;
  deal.link = code;
  if (it.chance.likely(30)) {
    const named = `CODE${deal.contract.slice(4).toUpperCase()}`;
    const made = await ask(it, brand, "create a code", createCode(deal.contract, named, "brand"), "natural");
    if (made.ok) deal.code = named;
  }
  return true;
};

const running = async (it: Year, company: Company): Promise<readonly Deal[]> => {
  const deals: Deal[] = [];
  for (const deal of company.deals) {
    const { status } = await contractOf(it, company, deal.contract);
    if (status === "running" && (await linked(it, company, deal))) deals.push(deal);
  }
  return deals;
};

/** The touches of one click and the page view it led to, or of a page view of one's own accord. */
const touchesOf = (
  visitor: string,
  { at, contract }: Step,
  link: string | undefined,
  count: number,
): readonly Arriving[] => {
  const by = { link: contract === null ? "" : (link ?? ""), contract, robot: false };
  if (contract === null) return [{ id: `visit:${count}`, at, visitor, click: null, kind: "visit", ...by }];
  const click = `${link}.${count}`;
  return [
    { id: click, at, visitor: null, click: null, kind: "click", ...by },
    { id: `visit:${count}`, at, visitor, click, kind: "visit", ...by },
  ];
};

const walk = async (it: Year, company: Company, deals: readonly Deal[], visitor: string, until: number) => {
  const { chance, engine } = it;
  const count = chance.pick([1, 1, 1, 2, 2, 3]);
  const steps: Step[] = [];
  const touches: (readonly Arriving[])[] = [];
  for (let nth = count; nth > 0; nth -= 1) {
    const deal = chance.likely(85) ? chance.pick(deals) : undefined;
    const at = until - nth * 2 * HOUR - chance.below(HOUR / 2) - (nth > 1 && chance.likely(20) ? 5 * DAY * nth : 0);
    const step: Step = { at, contract: deal?.contract ?? null };
    steps.push(step);
    touches.push(touchesOf(visitor, step, deal?.link, it.next()));
    if (deal && chance.likely(25)) {
      const [, visit] = touches.at(-1) ?? [];
      const kind = chance.pick(["cta", "answer"] as const);
      if (visit) touches.push([{ ...visit, id: `${kind}:${it.next()}`, kind }]);
    }
  }
  const late = chance.likely(15) ? touches.splice(chance.below(touches.length), 1) : [];
  for (const some of chance.shuffled(touches)) {
    if (chance.likely(6)) engine.trip();
    await engine.take(company.brand, some);
    if (chance.likely(10)) await engine.take(company.brand, some);
  }
  return { steps: steps.sort((a, b) => a.at - b.at), late: late.flat() };
};

const emails = (count: number, chance: Year["chance"]): string => {
  const luck = chance.below(100);
  if (luck < 8) return `info@mail${count}.example`;
  if (luck < 13) return "nonsense";
  return luck < 18 ? "again@mail.example" : `person${count}@mail.example`;
};

const reported = (
  it: Year,
  company: Company,
  visitor: string,
  at: number,
  currency: string,
  code: string | undefined,
): Reported => {
  const { chance } = it;
  const count = it.next();
  const email = emails(count, chance);
  const result = chance.pick(["lead", "lead", "sale"] as const);
  const via = chance.pick(["page", "server", "server", "import"] as const);
  const isRead = email !== "nonsense";
  return {
    conversion: `cnv_${count}`,
    externalId: `order-${count}`,
    result,
    at,
    via,
    robot: false,
    visitor,
    clicks: [],
    ...(chance.likely(80) && { valueMinor: chance.between(1, 9_000), currency: chance.likely(92) ? currency : "CHF" }),
    ...(code !== undefined && { code }),
    campaign: company.campaign,
    ...(isRead && { digest: sha256(email) }),
    fields: { email },
  };
};

/** Somebody comes by some links, and something comes of it. */
export const convert = async (it: Year, company: Company): Promise<boolean> => {
  const { chance, engine } = it;
  const deals = await running(it, company);
  if (deals.length === 0) return false;
  const visitor = `visitor-${it.next()}`;
  const back = chance.likely(30) ? chance.between(1, chance.likely(30) ? 30 : 3) * DAY : 0;
  const at = engine.clock.at - back;
  const { steps, late } = await walk(it, company, deals, visitor, at);
  const deal = chance.pick(deals);
  const { terms } = await contractOf(it, company, deal.contract);
  const code = chance.likely(10) ? deal.code : undefined;
  const said = reported(it, company, visitor, at, terms?.currency ?? "EUR", code);
  if (code !== undefined) steps.push({ at, contract: deal.contract, isCode: true });
  const reporting = report(said, true, `key:${said.via}`);
  // Whether it is fresh is the one thing a second answer may say otherwise.
  const work: Work<string> = async (unit) => {
    const answered = await reporting(unit);
    return answered.ok ? ok(answered.value.conversion) : answered;
  };
  const done = await ask(it, company.brand, `report a ${said.result} by ${said.via}`, work, "natural");
  must(done.ok, () => `a new result was refused: ${done.ok || done.refusal.because}`);
  const again = () => engine.decide(company.brand, undefined, work);
  const person = said.digest;
  company.retold.push(...company.told.filter((told) => person !== undefined && told.person === person));
  company.told.push({
    conversion: said.conversion,
    externalId: said.externalId,
    visitor,
    person,
    at,
    steps,
    again,
  });
  if (late.length > 0) {
    if (chance.likely(40)) engine.trip();
    await engine.take(company.brand, late);
    it.note("a touch came late");
  }
  return true;
};

/**
 * Long after a result somebody remembers how they came to it: a touch of back then is told, often after the statement was
 * final, now and then twice. Its luck is its own, so that it takes nothing from what a seed meant before.
 */
export const remember = async (it: Year, company: Company, luck: Chance): Promise<void> => {
  const told: Told | undefined = luck.pick(company.told);
  const deal: Deal | undefined = luck.pick(company.deals.filter(({ link }) => link !== undefined));
  if (!told || !deal) return;
  const at = told.at - luck.below(luck.pick([DAY, 12 * DAY, 40 * DAY]));
  if (told.steps.some((step) => Math.abs(step.at - at) <= HOUR)) return;
  const step: Step = { at, contract: luck.likely(90) ? deal.contract : null };
  const touches = touchesOf(told.visitor, step, deal.link, 1_000_000 + luck.below(1_000_000_000));
  await it.engine.take(company.brand, touches);
  const before = await it.engine.store().head(company.brand);
  if (luck.likely(30)) await it.engine.take(company.brand, touches);
  const after = await it.engine.store().head(company.brand);
  must(before.seq === after.seq, () => `a touch of ${told.externalId} told again was news`);
  told.steps.push(step);
  told.steps.sort((a, b) => a.at - b.at);
  company.retold.push(told, ...company.told.filter(({ person }) => person !== undefined && person === told.person));
  it.note("a touch was remembered");
};

/** A result is told once more: the same as before, or under the same id with other contents. */
export const repeat = async (it: Year, company: Company): Promise<boolean> => {
  const told: Told | undefined = it.chance.pick(company.told);
  if (!told) return false;
  const before = await it.engine.store().head(company.brand);
  const again = await told.again();
  must(again.ok, () => `what was told before is refused: ${told.externalId}`);
  const after = await it.engine.store().head(company.brand);
  must(before.seq === after.seq, () => `${told.externalId} was recorded twice`);
  return true;
};

const some = async (it: Year, company: Company): Promise<ConversionDoc | undefined> => {
  const told = it.chance.pick(company.told.slice(-12));
  return (
    told &&
    ((await it.engine.reader(company.brand).document(`conversion/${told.conversion}`)) as unknown as ConversionDoc)
  );
};

/** The brand says yes to something. */
export const approveOne = async (it: Year, company: Company): Promise<boolean> => {
  const doc = await some(it, company);
  if (!doc) return false;
  await ask(it, company.brand, "approve a result", approve(doc.recorded.conversion, "brand"), "natural");
  return true;
};

/** The brand says no to something. */
export const rejectOne = async (it: Year, company: Company): Promise<boolean> => {
  const doc = await some(it, company);
  if (!doc) return false;
  await ask(
    it,
    company.brand,
    "reject a result",
    reject(doc.recorded.conversion, "fake", undefined, "brand"),
    "natural",
  );
  return true;
};

/** Part of something, or all of it, is taken back. */
export const reverseOne = async (it: Year, company: Company): Promise<boolean> => {
  const told = it.chance.pick(it.chance.likely(65) ? company.told.slice(-7) : company.told);
  if (!told) return false;
  const id = `refund-${it.next()}`;
  const permille = it.chance.pick([1, 250, 333, 500, 1000, 1000]);
  const done = await ask(it, company.brand, "take back", reverse(told.conversion, id, permille, "brand"), "natural");
  if (done.ok) company.reversals.set(id, told.conversion);
  return true;
};

/** The brand goes through what it has not decided yet, and decides. */
export const decideAll = async (it: Year, company: Company): Promise<void> => {
  for (const doc of await docsOf<ConversionDoc>(it, company, "conversion/")) {
    if (doc.approved || doc.rejected) continue;
    const { conversion } = doc.recorded;
    const work = it.chance.likely(85) ? approve(conversion, "brand") : reject(conversion, "fake", undefined, "brand");
    await ask(it, company.brand, "decide on a result", work, "natural");
  }
};
