import { splitOf } from "../../shared/contract/dispute.item.ts";
import type { Asked, Refuse, Who } from "./desk.ts";
import * as world from "./world.money.ts";
import { ids } from "./world.ts";

type Doors = Record<string, (asked: Asked) => unknown>;
type Dispute = (typeof world.disputes)[number];
type Payout = (typeof world.batches)[number]["payouts"][number];
type Named = { readonly brand?: string; readonly influencer: string };

/** What the small server keeps of disputes and payouts. */
export const moneyState = (filled: boolean) => ({
  disputes: filled ? [...world.disputes] : [],
  planned: filled ? [...world.planned] : [],
  waiting: filled ? [...world.waiting] : [],
  batches: filled ? [...world.batches] : [],
  details: filled ? [...world.details] : [],
  debts: filled ? [...world.debts] : [],
  writeOffs: filled ? [...world.writeOffs] : [],
  deposit: world.deposit,
  settings: { payer: null as { name: string; account: string } | null, prefunded: filled, platformFeeBp: 0 },
  /** What is left of a conversion to dispute. */
  worthMinor: 960,
});

type State = ReturnType<typeof moneyState> & { who: Who };

const day = 86_400_000;

const disputeDoors = (state: State, refuse: Refuse): Doors => {
  const you = () => (state.who === "influencer" ? ("influencer" as const) : ("brand" as const));
  const find = (id: string | undefined): Dispute =>
    state.disputes.find((it) => it.id === id) ?? refuse(404, "not-found", `There is no dispute ${id}.`);
  const shown = (it: Dispute, as: Dispute["you"] = you()): Dispute => {
    const half = as === "mediator" || it.status !== "escalated" ? null : world.halves[as];
    return { ...it, you: as, mediatorUrl: half && `http://127.0.0.1:8787/mediate/${it.id}#key=${half}` };
  };
  const change = (
    id: string | undefined,
    what: string,
    by: string,
    more: (it: Dispute) => Partial<Dispute>,
    because?: string,
  ) => {
    const before = find(id);
    const events = [...before.events, { at: Date.now(), what, by, ...(because !== undefined && { because }) }];
    const after = { ...before, ...more(before), events };
    state.disputes = state.disputes.map((it) => (it.id === id ? after : it));
    return after;
  };
  const end = (id: string | undefined, how: NonNullable<Dispute["outcome"]>["how"], brandMinor: number, by: string) =>
    change(
      id,
      "resolved",
      by,
      (it) => {
        const influencerMinor = it.amountMinor - brandMinor;
        const adjustmentMinor = it.direction === "less" ? 0 - brandMinor : influencerMinor;
        const outcome = { how, brandMinor, influencerMinor, adjustmentMinor };
        return { status: "resolved" as const, until: null, waitsFor: null, ifSilent: null, heldMinor: 0, outcome };
      },
      how,
    );
  const words = (step: string, by: Dispute["you"], body: unknown) => {
    const { text = null, links = [] } = body as { text?: string; links?: string[] };
    return { step, by, text, links };
  };
  return {
    "GET /v1/disputes": ({ query }) => ({
      disputes: state.disputes.filter((it) => !query.contract || it.item.contract === query.contract),
    }),
    "GET /v1/disputes/:dispute": ({ params }) => shown(find(params.dispute)),
    "POST /v1/disputes": ({ body }) => {
      const { item, amountMinor, reason } = body as Pick<Dispute, "item" | "amountMinor" | "reason">;
      if (you() === "brand" && amountMinor > state.worthMinor)
        refuse(
          422,
          "more-than-worth",
          `Of this item ${state.worthMinor} minor units can be disputed, so no more can be held.`,
        );
      if (reason === "other" && !(body as { text?: string }).text)
        refuse(422, "text-missing", "The reason other says nothing by itself: write what is wrong.");
      const made: Dispute = {
        ...(world.disputes[0] as Dispute),
        id: `dsp_new${state.disputes.length}`.padEnd(24, "0"),
        item,
        amountMinor,
        reason,
        opener: you(),
        direction: you() === "brand" ? "less" : "more",
        heldMinor: you() === "brand" ? amountMinor : 0,
        waitsFor: you() === "brand" ? "influencer" : "brand",
        ifSilent: { brandMinor: 0, influencerMinor: amountMinor },
        openedAt: Date.now(),
        until: Date.now() + 7 * day,
        said: [words("opened", you(), body)],
        events: [{ at: Date.now(), what: "opened", by: you() }],
      };
      state.disputes = [made, ...state.disputes];
      return shown(made);
    },
    "POST /v1/disputes/:dispute/answer": ({ params, body }) => {
      const reply = find(params.dispute).opener === you();
      const step = reply ? "replied" : "answered";
      return shown(
        change(params.dispute, step, you(), (it) => ({
          said: [...it.said, words(step, you(), body)],
          ...(reply ? { replied: true } : { status: "answered" as const, waitsFor: "both" as const }),
        })),
      );
    },
    "POST /v1/disputes/:dispute/propose": ({ params, body }) => {
      const { amountMinor, proposals } = find(params.dispute);
      const split = splitOf(amountMinor, (body as { split: { brandMinor: number; influencerMinor: number } }).split);
      if (!split.ok) return refuse(422, split.refusal.code, split.refusal.because);
      return shown(
        change(params.dispute, "proposed", you(), (it) => ({
          status: "proposed" as const,
          waitsFor: you() === "brand" ? ("influencer" as const) : ("brand" as const),
          proposals: [...proposals, { proposal: proposals.length, party: you(), ...split.value }],
          said: [...it.said, words(`proposed-${proposals.length}`, you(), body)],
        })),
      );
    },
    "POST /v1/disputes/:dispute/accept": ({ params }) =>
      shown(end(params.dispute, "accepted", find(params.dispute).proposals.at(-1)?.brandMinor ?? 0, you())),
    "POST /v1/disputes/:dispute/escalate": ({ params }) =>
      shown(
        change(params.dispute, "escalated", you(), () => ({
          status: "escalated" as const,
          waitsFor: "mediator" as const,
        })),
      ),
    "POST /v1/disputes/:dispute/withdraw": ({ params }) => shown(end(params.dispute, "withdrawn", 0, you())),
    "POST /v1/disputes/:dispute/concede": ({ params }) => shown(end(params.dispute, "conceded", 0, you())),
    "POST /v1/disputes/:dispute/mediation": ({ params, body }) => {
      const known = Object.values<string>(world.halves).includes((body as { key: string }).key);
      return known ? shown(find(params.dispute), "mediator") : refuse(404, "not-found", "There is no dispute here.");
    },
    "POST /v1/disputes/:dispute/decide": ({ params, body }) => {
      const { keys, split } = body as { keys: string[]; split: { brandMinor: number } };
      const known = Object.values<string>(world.halves);
      if (!keys.every((key) => known.includes(key))) refuse(404, "not-found", "There is no dispute here.");
      if (new Set(keys).size !== 2) refuse(403, "wrong-key", "A decision takes both halves of the mediator's key.");
      end(params.dispute, "decided", split.brandMinor, "mediator");
      return shown(find(params.dispute), "mediator");
    },
  };
};

const payoutDoors = (state: State, refuse: Refuse): Doors => {
  const sees = ({ influencer }: Named): boolean => state.who === "owner" || influencer === ids.mina;
  const payouts = () => state.batches.flatMap((it) => it.payouts);
  const batch = (id: string | undefined) =>
    state.batches.find((it) => it.id === id) ?? refuse(404, "not-found", `There is no batch ${id}.`);
  const mark = (status: Payout["status"], more: (body: never) => Partial<Payout>) => (asked: Asked) => {
    const before = payouts().find(({ id }) => id === asked.params.payout);
    if (!before) return refuse(404, "not-found", "There is no such payout.");
    const events = [...before.events, { at: Date.now(), what: status, by: "brand" }];
    const after: Payout = { ...before, status, overdue: false, events, ...more(asked.body as never) };
    state.batches = state.batches.map((it) => ({
      ...it,
      payouts: it.payouts.map((one) => (one.id === after.id ? after : one)),
    }));
    return after;
  };
  return {
    "GET /v1/payouts": () => ({
      payouts: payouts().filter(sees),
      waiting: state.waiting.filter(sees),
      details: state.details.filter(sees),
      debts: state.debts.filter(sees),
    }),
    "GET /v1/payout-plan": ({ query }) => {
      const { rail = "manual", currency = "USD", key = "2026-11-22" } = query;
      const made = state.batches.find((it) => it.key === key && it.rail === rail);
      const mine = rail === "manual" && currency === "USD" && !made ? state.planned : [];
      return {
        key,
        rail,
        currency,
        batch: made?.id ?? null,
        refused:
          rail === "bank" && !state.settings.payer
            ? "Say first from which account you pay, in the payout settings."
            : null,
        totalMinor: mine.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        payouts: mine,
        waiting: rail === "manual" ? state.waiting : [],
      };
    },
    "GET /v1/payout-batches": () => ({ batches: state.batches }),
    "POST /v1/payout-batches": ({ body }) => {
      const { key = "2026-11-22" } = body as { key?: string };
      const known = state.batches.find((it) => it.id === world.moneyIds.batch);
      if (known) return known;
      const payoutIds = [world.moneyIds.minasPayout, world.moneyIds.jonasPayout];
      const all = state.planned.map((it, place) =>
        world.payoutOf(it, { id: payoutIds[place] ?? "", batch: world.moneyIds.batch, madeAt: Date.now() }),
      );
      const made = { ...world.batchOf(world.moneyIds.batch, key, all), waiting: state.waiting, madeAt: Date.now() };
      state.batches = [made, ...state.batches];
      return made;
    },
    "GET /v1/payout-batches/:batch": ({ params }) => batch(params.batch),
    "GET /v1/payout-batches/:batch/file": ({ params }) => batch(params.batch).payouts.map(({ id }) => id),
    "POST /v1/payouts/:payout/settle": mark("settled", ({ reference }: { reference: string }) => ({
      proof: reference,
    })),
    "POST /v1/payouts/:payout/fail": mark("failed", ({ reason }: { reason: string }) => ({ reason })),
    "POST /v1/payouts/:payout/return": mark("returned", ({ reason }: { reason: string }) => ({ reason })),
    "POST /v1/payouts/:payout/unclaimed": mark("unclaimed", () => ({})),
  };
};

const settingDoors = (state: State, refuse: Refuse): Doors => {
  const details = () => ({ details: state.details.filter(({ influencer }) => influencer === ids.mina) });
  const moved = (more: Partial<State["deposit"]>) => {
    state.deposit = { ...state.deposit, ...more };
    return state.deposit;
  };
  const amountIn = (body: unknown): number => (body as { amountMinor: number }).amountMinor;
  const reserve = (contract: string | undefined, minor: number) => {
    const [first] = state.deposit.reserved;
    const known = { ...(first ?? { spentMinor: 0, onTheWayMinor: 0 }), contract: contract ?? "" };
    return moved({
      freeMinor: state.deposit.freeMinor - minor,
      reserved: [{ ...known, reservedMinor: (first?.reservedMinor ?? 0) + minor }],
    });
  };
  return {
    "GET /v1/payout-details": details,
    "POST /v1/payout-details": ({ body }) => {
      const said = (body as { details: { rail: "bank" | "manual"; note?: string; name?: string; iban?: string } })
        .details;
      if ((body as { proof: string }).proof !== "proof-of-the-desk")
        refuse(403, "proof-needed", "Prove that it is you.");
      const summary = said.note ?? `${said.name}, ${said.iban?.slice(0, 2)} … ${said.iban?.slice(-4)}`;
      state.details = state.details.map((it) =>
        it.influencer === ids.mina
          ? { ...it, rail: said.rail, summary, changedAt: Date.now(), heldUntil: Date.now() + 3 * day }
          : it,
      );
      return details();
    },
    "GET /v1/payout-settings": () => state.settings,
    "POST /v1/payout-settings": ({ body }) => {
      const { payer, ...more } = body as {
        payer?: { name: string; iban: string };
        prefunded?: boolean;
        platformFeeBp?: number;
      };
      const account = payer && { name: payer.name, account: `${payer.iban.slice(0, 2)} … ${payer.iban.slice(-4)}` };
      state.settings = { ...state.settings, ...more, ...(account && { payer: account }) };
      return state.settings;
    },
    "POST /v1/influencers/:influencer/withholding": ({ params, body }) => {
      const { withholdBp } = body as { withholdBp: number };
      state.details = state.details.map((it) => (it.influencer === params.influencer ? { ...it, withholdBp } : it));
      return (
        state.details.find(({ influencer }) => influencer === params.influencer) ?? refuse(404, "not-found", "Nobody.")
      );
    },
    "GET /v1/deposits": () => ({ deposits: [state.deposit] }),
    "POST /v1/deposits": ({ body }) => moved({ freeMinor: state.deposit.freeMinor + amountIn(body) }),
    "POST /v1/contracts/:contract/reserve": ({ params, body }) => {
      if (amountIn(body) > state.deposit.freeMinor)
        refuse(409, "not-enough", "The deposit holds $1,500.00, which is less.");
      return reserve(params.contract, amountIn(body));
    },
    "POST /v1/contracts/:contract/release": ({ params, body }) => reserve(params.contract, -amountIn(body)),
    "POST /v1/tax-remittances": ({ body }) => moved({ taxMinor: state.deposit.taxMinor - amountIn(body) }),
    "GET /v1/debts": () => ({ debts: state.debts, writeOffs: state.writeOffs }),
    "POST /v1/influencers/:influencer/write-offs": ({ params, body }) => {
      const { currency, amountMinor } = body as { currency: string; amountMinor: number };
      const made = {
        id: `wof_new${state.writeOffs.length}`.padEnd(24, "0"),
        influencer: params.influencer ?? "",
        influencerName: state.debts.find((it) => it.influencer === params.influencer)?.influencerName ?? "",
        currency,
        amountMinor,
        proposedAt: Date.now(),
        confirmedAt: null as number | null,
        because: "It waits for somebody else.",
      };
      state.writeOffs = [made, ...state.writeOffs];
      return made;
    },
    "POST /v1/write-offs/:writeOff/confirm": ({ params }) => {
      if (params.writeOff?.startsWith("wof_new"))
        refuse(
          409,
          "two-people-needed",
          "You proposed this, so somebody else of the brand must confirm it. A brand with one owner cannot write off debts.",
        );
      state.writeOffs = state.writeOffs.map((it) =>
        it.id === params.writeOff ? { ...it, confirmedAt: Date.now() } : it,
      );
      return state.writeOffs.find(({ id }) => id === params.writeOff) ?? refuse(404, "not-found", "None.");
    },
  };
};

/** The doors of disputes, payouts and what lies around them. */
export const moneyDoors = (state: State, refuse: Refuse): Doors => ({
  ...disputeDoors(state, refuse),
  ...payoutDoors(state, refuse),
  ...settingDoors(state, refuse),
});
