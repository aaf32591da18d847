import { givenUp, gone, heldBack, isPlain, purseOf, reached, stated } from "./auditor.ts";
import type { Deed, Memory } from "./memory.ts";
import { waitsUntil } from "./witness.ts";
import { type Company, must, type Year } from "./world.ts";

type Balances = ReadonlyMap<string, number>;

/** What the product's books hold, by currency and account, debits minus credits. */
export const balancesOf = async ({ engine }: Year, brand: string): Promise<ReadonlyMap<string, Balances>> => {
  const all = new Map<string, Map<string, number>>();
  for (const [key, body] of await engine.reader(brand).documents("balance/")) {
    const [, currency = "", account = ""] = key.split("/");
    const ledger = all.get(currency) ?? new Map<string, number>();
    all.set(currency, ledger.set(account, (body as unknown as { balanceMinor: number }).balanceMinor));
  }
  return all;
};

interface Books {
  readonly at: (account: string) => number;
}

const under = (balances: ReadonlyMap<string, Balances>, currency: string): Books => ({
  at: (account) => balances.get(currency)?.get(account) ?? 0,
});

const same = (is: number, shouldBe: number, what: string): void =>
  must(is === shouldBe, () => `${what}: the books hold ${is}, and the auditor says ${shouldBe}`);

const standing = ({ at }: Books, { contract, influencer }: Deed) => {
  const credit = (name: string): number => 0 - at(`influencer:${contract}:${name}`);
  const [payable, heldPayable, heldApproved] = [credit("payable"), credit("held:payable"), credit("held:approved")];
  const owed = at(`clawback:${influencer}:${contract}`);
  return {
    accrued: credit("accrued"),
    validated: credit("validated"),
    approved: credit("approved"),
    heldApproved,
    heldPayable,
    payable,
    owed,
  };
};

/** Every contract's statement, stages, holds and debts against what the auditor foretells. */
const contractHolds = (memory: Memory, deed: Deed, books: Books, now: number, note: Year["note"]): void => {
  const { contract } = deed;
  const it = standing(books, deed);
  const audits = stated(memory, deed, now, (what) => note(`law: ${what}`));
  const earned = Number(audits.reduce((sum, { earnedMinor }) => sum + earnedMinor, 0n));
  for (const { guarantee } of audits)
    if (guarantee && guarantee.state !== "open" && guarantee.state !== "met")
      note(`${guarantee.state}: ${deed.versions.at(-1)?.terms.guarantee?.remedy.kind ?? "amended away"}`);
  const position = it.payable + it.heldPayable - it.owed + gone(memory, contract) - givenUp(memory, contract);
  const proven = it.validated + it.approved + it.heldApproved + position;
  same(proven, earned, `${contract} has earned`);
  for (const [index, closed] of deed.closed) {
    const own = audits[index];
    must(own?.closed === true, () => `${contract} closed period ${index} early`);
    same(closed.earnedMinor, Number(own?.earnedMinor), `${contract} closed period ${index} earned`);
    same(closed.dueMinor, Number(own?.dueMinor), `${contract} closed period ${index} due`);
    same(closed.carriedMinor, Number(own?.carriedMinor), `${contract} closed period ${index} carried`);
  }
  const late = audits.findIndex(({ closed, isOwn }, index) => isOwn && closed && !deed.closed.has(index));
  must(late < 0, () => `${contract} has not closed period ${late}`);
  must(Math.min(it.payable + it.heldPayable, it.owed) === 0, () => `${contract} owes and is owed`);
  const most = heldBack(memory, contract);
  const heldApproved = Math.min(most, it.approved + it.heldApproved);
  same(it.heldApproved, heldApproved, `${contract} holds of what is approved`);
  same(
    it.heldPayable,
    Math.min(most - heldApproved, it.payable + it.heldPayable),
    `${contract} holds of what is payable`,
  );
  note(isPlain(deed) ? "followed a contract stage by stage" : "followed a contract whose periods bear on each other");
  if (!isPlain(deed)) return;
  const levels = reached(memory, deed, now);
  same(position, levels.payable, `${contract} has payable, or paid`);
  same(it.approved + it.heldApproved, levels.approved - levels.payable, `${contract} has approved`);
  same(it.validated, levels.validated - levels.approved, `${contract} has validated`);
  same(it.accrued, levels.accrued - levels.validated, `${contract} has accrued`);
};

const sumOf = (balances: Balances | undefined, is: (account: string) => boolean): number =>
  [...(balances ?? [])].reduce((sum, [account, amount]) => (is(account) ? sum + amount : sum), 0);

const purseHolds = (memory: Memory, currency: string, balances: Balances | undefined): void => {
  const purse = purseOf(memory, currency);
  const books = new Map([
    ["cash and tax", sumOf(balances, (it) => it.startsWith("cash:") || it === "tax:withheld")],
    ["in transit", sumOf(balances, (it) => it.endsWith(":in_transit"))],
    ...["brand:deposit", "platform_fee", "bad_debt"].map((name) => [name, balances?.get(name) ?? 0] as const),
  ]);
  for (const [name, amount] of books) same(amount, purse.get(name) ?? 0, `${currency} ${name}`);
  for (const [name, amount] of purse) {
    const contract = name.startsWith("reserve ") ? name.slice("reserve ".length) : undefined;
    if (contract === undefined) continue;
    const held = sumOf(balances, (it) => it === `brand:reserved:${contract}` || it === `brand:spent:${contract}`);
    same(held, amount, `${currency} ${name}`);
  }
  same(
    sumOf(balances, () => true),
    0,
    `${currency} debits less credits`,
  );
};

/** The partner's own memory against the books: everything was paid once, as much as the books say, and nothing else was. */
const partnerAgrees = ({ partner }: Company, memory: Memory): void => {
  for (const [payout, payment] of partner.payments) {
    const sent = memory.sent.get(payout);
    must(sent !== undefined, () => `${payout} was paid, and nobody made it`);
    const amount = sent.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) - sent.taxMinor;
    same(payment.amountMinor, amount, `${payout} was paid`);
    must(sent.state !== "settled" || payment.arrived, () => `${payout} is settled, and never arrived`);
    must(
      sent.state !== "failed" || payment.standing === "failed",
      () => `${payout} is payable again, and the partner has it as ${payment.standing}`,
    );
  }
};

/** Nothing waits any longer than it must: what is approved and past its hold is payable. */
const nothingWaits = (memory: Memory, now: number): void => {
  for (const it of memory.seen.values())
    for (const contract of it.countedAt.keys()) {
      const isApproved = it.rejectedAt === undefined && (it.approved || it.silent.has(contract));
      const isDue = waitsUntil(memory, it, contract, "payable") <= now;
      must(
        !(isApproved && isDue) || it.released.has(contract),
        () => `${it.conversion} is past its hold under ${contract}, and still waits`,
      );
    }
};

/** Compare what was told of since, or everything, at an instant at which nothing more is due. */
export const compare = async (it: Year, company: Company, memory: Memory, whole: boolean): Promise<void> => {
  const balances = await balancesOf(it, company.brand);
  const now = it.engine.clock.at;
  for (const deed of memory.deeds.values()) {
    const currency = deed.versions[0]?.terms.currency;
    if (!whole && !deed.isNews) continue;
    deed.isNews = false;
    if (currency) contractHolds(memory, deed, under(balances, currency), now, it.note);
  }
  for (const currency of ["EUR", "USD", "JPY"]) purseHolds(memory, currency, balances.get(currency));
  partnerAgrees(company, memory);
  nothingWaits(memory, now);
  for (const [what, times] of memory.once) must(times === 1, () => `${what}: ${times} times`);
};
