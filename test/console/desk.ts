import { createHash } from "node:crypto";
import * as v from "valibot";
import { consentVersion } from "../../shared/contract/consent.ts";
import type { Party } from "../../shared/contract/contract.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { wording } from "../../shared/contract/wording.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { stretchOf } from "../../shared/pay/deal.ts";
import { dealExplained, explained, standings } from "../../shared/pay/explained.ts";
import type { Statement } from "../../shared/pay/statement.ts";
import { doors } from "../../shared/wire/doors.ts";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import { attributionDoors, attributionState } from "./desk.attribution.ts";
import { moneyDoors, moneyState } from "./desk.money.ts";
import { peopleDoors, peopleState } from "./desk.people.ts";
import { type Asking, asked, contractShown, type Kept, unwritten, versionsShown } from "./office.ts";
import * as world from "./world.ts";

/** A refusal as the real server tells it. */
interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** What was asked at a door. */
export interface Asked {
  readonly door: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly key: string | undefined;
}

/** What came of it. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Who the cookie speaks for. */
export type Who = "owner" | "influencer" | "nobody";

class Refusal extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.detail);
    this.refused = refused;
  }
}

/** How a door says no. */
export type Refuse = (status: number, code: string, detail: string, errors?: Refused["errors"]) => never;

/** Say no, as a door does. */
export const refuse: Refuse = (status, code, detail, errors) => {
  throw new Refusal({ status, code, detail, ...(errors && { errors }) });
};

type Open = (asked: Asked) => unknown;
type Doors = Record<string, Open>;

const missing = (): never => refuse(404, "not-found", "There is nothing here, or it is not yours.");

const problem = ({ status, ...told }: Refused): Reply => ({
  status,
  type: "application/problem+json",
  text: JSON.stringify({ type: "about:blank", title: "Refused", status, ...told }),
});

const pointer = (issue: v.BaseIssue<unknown>): string =>
  (issue.path ?? []).map(({ key }) => `/${String(key)}`).join("");

const read = (schema: v.GenericSchema, given: unknown): void => {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return;
  const errors = parsed.issues.map((issue) => ({ pointer: pointer(issue), detail: issue.message }));
  refuse(400, "bad-request", "The body is not what this door takes.", errors);
};

const all: readonly Endpoint[] = Object.values(doors);

const paramsOf = (pattern: string, path: string): Record<string, string> | undefined => {
  const names: string[] = [];
  const source = pattern.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return "([^/]+)";
  });
  const found = new RegExp(`^${source}$`).exec(path);
  return found
    ? Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(found[place + 1] ?? "")]))
    : undefined;
};

/**
 * The doors of a small server that keeps everything in memory. Bodies are parsed and replies checked by the doors' own
 * schemas, so a test can neither send nor be shown what the real server could not.
 */
export const openDesk = (who: Who = "owner", filled = true) => {
  const state = {
    who,
    asked: [] as Asked[],
    campaigns: filled ? [world.campaignPage] : [],
    influencers: filled ? [...world.influencers] : [],
    contracts: filled ? [...world.contracts] : [],
    approved: new Map<number, number>(),
    rows: filled ? [...world.rows] : [],
    page: world.page,
    links: [...world.links],
    keys: filled ? [{ id: "key_1", name: "Shop server", start: "sk_9x2", createdAt: world.NOW - 8_000_000_000 }] : [],
    next: null as string | null,
    statement: (made: Statement): Statement => made,
    ...moneyState(filled),
    ...attributionState(filled),
    ...peopleState(),
  };
  const campaignOf = (id: string | undefined) =>
    state.campaigns.find(({ campaign }) => campaign.id === id) ?? missing();
  const contractOf = (id: string | undefined) => state.contracts.find((it) => it.id === id) ?? missing();
  const lives = new Map<string, Kept>(filled ? world.kept.map((it) => [it.around.id, it]) : []);
  const lifeOf = (id: string | undefined): Kept => lives.get(id ?? "") ?? missing();
  const party = (): Party => (state.who === "influencer" ? "influencer" : "brand");
  /** Ask something of a contract, by the law of contracts. */
  const command = (life: Kept, given: Record<string, unknown>, more: Partial<Asking> = {}) => {
    const asking = { at: world.NOW, by: party(), ...more };
    const now = asked(life, { by: party(), at: world.NOW, ...given } as never, asking);
    if (!now.ok) return refuse(409, now.refusal.code, now.refusal.because);
    lives.set(life.around.id, now.kept);
    const shown = contractShown(now.kept);
    const known = state.contracts.some(({ id }) => id === shown.id);
    state.contracts = known
      ? state.contracts.map((it) => (it.id === shown.id ? shown : it))
      : [shown, ...state.contracts];
    return shown;
  };
  const draft = (terms: unknown) => {
    const read = readTerms(terms);
    if (!read.ok)
      return refuse(
        422,
        "bad-terms",
        "These terms do not hold.",
        read.problems.map(({ at, because }) => ({ pointer: `/terms${at}`, detail: because })),
      );
    return read.terms;
  };
  const proposed = (type: "counter" | "amend", contract: string | undefined, body: unknown) => {
    const { terms: given, expiresInDays: days } = body as { terms: unknown; expiresInDays?: number };
    const terms: Terms = draft(given);
    return command(lifeOf(contract), { type, terms, termsHash: world.hashOf(terms), days });
  };
  const explanationOf = (id: string | undefined) => {
    const { state: life } = lifeOf(id);
    const [first, ...amendments] = life.versions;
    if (!first) return missing();
    const { version, termsHash, terms } = first;
    const given = amendments.map((it) => ({ version: it.version, termsHash: it.termsHash, terms: it.terms }));
    const adjustments = id === world.ids.minas ? world.adjustments : [];
    const evidence = { shares: [...world.shares], adjustments, rates: [], asOf: world.NOW };
    return { contract: id ?? "", version, termsHash, terms, amendments: given, lastDay: life.lastDay, ...evidence };
  };
  const closedOf = (id: string | undefined) => {
    const made = explanationOf(id);
    const deal = dealExplained(made);
    const now = standings(made);
    const closed = explained(made).periods.flatMap((it, period) => {
      if (it.state === "open") return [];
      const { starts, ends, earnedMinor, dueMinor, carriedMinor } = it;
      const hash = createHash("sha256")
        .update(canonical(it as unknown as Json))
        .digest("hex");
      const own = deal.periods[period]!;
      const { timing } = stretchOf(deal, own).terms;
      const closedAt = own.until;
      const approvedAt = state.approved.get(period) ?? null;
      const waits = approvedAt === null && timing.silence === "approve";
      const silenceAt = waits ? closedAt + timing.reviewDays * 86_400_000 : null;
      const sums = { earnedMinor, dueMinor, carriedMinor };
      const guarantee = structuredClone(now.get(period) ?? null) as object | null;
      return [{ period, starts, ends, closedAt, hash, ...sums, approvedAt, silenceAt, guarantee }];
    });
    return { contract: id ?? "", currency: made.terms.currency, statements: closed };
  };
  const decided = (more: object) => {
    state.page = { ...state.page, ...more };
    state.rows = state.rows.map((it) => (it.id === state.page.id ? { ...it, ...more } : it));
    return state.page;
  };
  const doors: Doors = {
    ...moneyDoors(state, refuse),
    ...attributionDoors(state, refuse),
    ...peopleDoors(state, refuse),
    "GET /v1/brand": () => ({
      id: world.ids.brand,
      name: "Larkspur Academy",
      publishableKey: "pk_0123456789abcdefghjk",
      scriptTag: '<script async src="http://127.0.0.1:8787/tag.js" data-key="pk_0123456789abcdefghjk"></script>',
    }),
    "GET /v1/keys": () => ({ keys: state.keys }),
    "POST /v1/keys": ({ body }) => {
      const { name } = body as { name: string };
      state.keys.push({ id: `key_${state.keys.length + 1}`, name: name.trim(), start: "sk_abc", createdAt: world.NOW });
      return { id: `key_${state.keys.length}`, key: "sk_abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz" };
    },
    "POST /v1/keys/:key/revoke": ({ params }) => {
      state.keys = state.keys.filter((it) => it.id !== params.key);
      return { revoked: true };
    },
    "GET /v1/campaigns": () => ({ campaigns: state.campaigns.map(({ campaign }) => campaign) }),
    "POST /v1/campaigns": ({ body }) => {
      const { name, hosts } = body as { name: string; hosts: string[] };
      const campaign = {
        id: `cmp_new${state.campaigns.length}`.padEnd(24, "0"),
        name,
        hosts: hosts.map((host) => ({ host, verified: false })),
        createdAt: world.NOW,
      };
      const empty = { visits: 0, clicks: 0, results: {}, grades: { accept: 0, review: 0, reject: 0, retry: 0 } };
      state.campaigns = [{ campaign, ...empty, credited: [], money: [], polls: [], position: "1" }, ...state.campaigns];
      return campaign;
    },
    "GET /v1/campaigns/:campaign": ({ params }) => campaignOf(params.campaign),
    "POST /v1/campaigns/:campaign/hosts": ({ params, body }) => {
      const it = campaignOf(params.campaign);
      const { host } = body as { host: string };
      if (it.campaign.hosts.some((one) => one.host === host))
        refuse(409, "host-known", "This host is listed already.", [{ pointer: "/host", detail: "is listed already" }]);
      const campaign = { ...it.campaign, hosts: [...it.campaign.hosts, { host, verified: false }] };
      state.campaigns = state.campaigns.map((one) => (one === it ? { ...one, campaign } : one));
      return campaign;
    },
    "POST /v1/campaigns/:campaign/polls": ({ params, body }) => {
      const it = campaignOf(params.campaign);
      const { title, questions, thanks = "Thank you!", showResults = false } = body as typeof world.poll.poll;
      const poll = { id: `pol_new${it.polls.length}`.padEnd(24, "0"), title, questions, thanks, showResults };
      const made = { ...world.poll, campaign: it.campaign.id, poll, shown: 0, responses: 0, tally: {}, texts: [] };
      const polls = [made, ...it.polls.map((one) => ({ ...one, open: false }))];
      state.campaigns = state.campaigns.map((one) => (one === it ? { ...one, polls } : one));
      return made;
    },
    "POST /v1/polls/:poll/close": ({ params }) => {
      state.campaigns = state.campaigns.map((it) => ({
        ...it,
        polls: it.polls.map((one) => (one.poll.id === params.poll ? { ...one, open: false } : one)),
      }));
      return state.campaigns.flatMap(({ polls }) => polls).find(({ poll }) => poll.id === params.poll) ?? missing();
    },
    "POST /v1/influencers": ({ body }) => {
      const { name } = body as { name: string };
      const influencer = { id: `inf_new${state.influencers.length}`.padEnd(24, "0"), name, joined: false };
      state.influencers = [influencer, ...state.influencers];
      return { influencer, invitationUrl: "http://127.0.0.1:8787/join#token=aGVsbG8taW52aXRhdGlvbi10b2tlbg" };
    },
    "GET /v1/influencers": () => ({ influencers: state.influencers }),
    "POST /v1/terms/check": ({ body }) => {
      const read = readTerms((body as { terms: unknown }).terms);
      if (!read.ok) return { ok: false, termsHash: null, text: [], problems: read.problems, warnings: [] };
      const { terms, warnings } = read;
      return { ok: true, termsHash: world.hashOf(terms), text: wording(terms), problems: [], warnings };
    },
    "POST /v1/contracts": ({ body }) => {
      const given = body as { contract?: string; campaign: string; influencer: string; terms: unknown };
      const terms: Terms = draft(given.terms);
      const { campaign } = campaignOf(given.campaign);
      const influencer = state.influencers.find(({ id }) => id === given.influencer) ?? missing();
      const id = given.contract ?? `con_new${state.contracts.length}`.padEnd(24, "0");
      const around = { ...world.around(id, influencer.id, influencer.name), hosts: campaign.hosts };
      const named = { ...around, campaign: campaign.id, campaignName: campaign.name };
      const drafted = { type: "draft", contract: id, campaign: campaign.id, influencer: influencer.id };
      const life = lives.get(id) ?? unwritten(named);
      return command(life, { ...drafted, terms, termsHash: world.hashOf(terms) });
    },
    "GET /v1/contracts": () => ({
      contracts: state.contracts.filter((it) => state.who === "owner" || it.influencer === world.ids.mina),
    }),
    "GET /v1/contracts/:contract": ({ params }) => contractOf(params.contract),
    "GET /v1/contracts/:contract/versions": ({ params }) => ({ versions: versionsShown(lifeOf(params.contract)) }),
    "POST /v1/contracts/:contract/offer": ({ params, body }) => {
      const { expiresInDays: days } = body as { expiresInDays?: number };
      return command(lifeOf(params.contract), { type: "offer", days });
    },
    "POST /v1/contracts/:contract/counter": ({ params, body }) => proposed("counter", params.contract, body),
    "POST /v1/contracts/:contract/amend": ({ params, body }) => proposed("amend", params.contract, body),
    "POST /v1/contracts/:contract/decline": ({ params, body }) => {
      const { reason, note } = body as { reason: string; note?: string };
      return command(lifeOf(params.contract), { type: "decline", reason }, { note });
    },
    "POST /v1/contracts/:contract/withdraw": ({ params }) => command(lifeOf(params.contract), { type: "withdraw" }),
    "POST /v1/contracts/:contract/terminate": ({ params, body }) =>
      command(lifeOf(params.contract), { type: "terminate", ...(body as object) }),
    "POST /v1/contracts/:contract/terminate/agree": ({ params }) => command(lifeOf(params.contract), { type: "agree" }),
    "POST /v1/contracts/:contract/review": ({ params }) => command(lifeOf(params.contract), { type: "review" }),
    "POST /v1/contracts/:contract/complete": ({ params }) => command(lifeOf(params.contract), { type: "complete" }),
    "POST /v1/contracts/:contract/codes": ({ params, body }) => ({
      code: (body as { code: string }).code,
      contract: params.contract,
    }),
    "POST /v1/proofs/start": () => ({ method: "session" }),
    "POST /v1/proofs/finish": () => ({ proof: "proof-of-the-desk", method: "session", expiresAt: world.NOW + 300_000 }),
    "POST /v1/contracts/:contract/sign": ({ params, body }) => {
      const { termsHash, name } = body as { termsHash: string; name: string };
      return command(lifeOf(params.contract), { type: "sign", termsHash, consent: consentVersion }, { name });
    },
    "GET /v1/contracts/:contract/statement": ({ params }) => {
      const made = explanationOf(params.contract);
      return { ...made, statement: state.statement(explained(made)) };
    },
    "GET /v1/contracts/:contract/statements": ({ params }) => closedOf(params.contract),
    "POST /v1/contracts/:contract/statements/:period/approve": ({ params }) => {
      state.approved.set(Number(params.period), world.NOW);
      return closedOf(params.contract);
    },
    "GET /v1/contracts/:contract/links": () => ({ links: state.links }),
    "POST /v1/contracts/:contract/links": ({ params, body }) => {
      const { destination } = body as { destination: string };
      if (!destination.startsWith("https://learn.larkspur.example/"))
        refuse(422, "host-not-verified", "Links may lead to this campaign's verified hosts only.", [
          { pointer: "/destination", detail: "must be a page on learn.larkspur.example" },
        ]);
      const code = `mina-${state.links.length}`;
      const url = `http://127.0.0.1:8787/l/${code}`;
      const link = { code, url, destination, contract: params.contract ?? "", createdAt: world.NOW, clicks: 0 };
      state.links = [link, ...state.links];
      return link;
    },
    "GET /v1/conversions": ({ query }) =>
      query.after
        ? { conversions: [{ ...world.rows[1]!, id: "cnv_older000000000000000" }], next: null }
        : { conversions: state.rows, next: state.next },
    "GET /v1/conversions/:conversion": () => (state.who === "owner" ? state.page : { ...state.page, lead: null }),
    "POST /v1/conversions/:conversion/approve": () => decided({ stage: "approved" }),
    "POST /v1/conversions/:conversion/reject": () => decided({ stage: "rejected" }),
    "POST /v1/conversions/:conversion/reverse": () => decided({ stage: "reversed" }),
    "POST /v1/enter": ({ body }) => {
      if ((body as { token: string }).token.startsWith("used"))
        refuse(
          410,
          "ticket-not-usable",
          "This link was already used, has expired or was never issued. Ask whoever sent it for a new one.",
        );
      state.who = "owner";
      return { path: "/" };
    },
    "GET /v1/passkeys": () => ({
      passkeys: [
        {
          id: "pk_1",
          name: "Ada's laptop",
          host: "localhost",
          usable: true,
          createdAt: world.NOW - 8_000_000_000,
          lastUsedAt: world.NOW - 4_000_000,
        },
      ],
    }),
    "POST /v1/invitation": () => ({ brandName: "Larkspur Academy", name: "Mina Okafor" }),
    "POST /v1/join": () => {
      state.who = "influencer";
      return { brand: world.ids.brand, path: "/contracts" };
    },
    "POST /v1/leave": () => {
      state.who = "nobody";
      return { left: true };
    },
    "POST /v1/pairing/answer": ({ body }) => ({ paired: (body as { allow: boolean }).allow }),
  };

  const knock = (door: Endpoint, asked: Asked): Reply => {
    if (state.who === "nobody" && !door.audience.includes("anyone"))
      return problem({ status: 401, code: "signed-out", detail: "Nobody is signed in." });
    try {
      if (door.method === "POST") read(door.body, asked.body);
      const body = door.method === "POST" ? v.parse(door.body, asked.body) : undefined;
      const open = doors[asked.door] ?? missing;
      const value = v.parse(door.reply, structuredClone(open({ ...asked, body })));
      return { status: 200, type: "application/json", text: JSON.stringify(value) };
    } catch (error) {
      if (error instanceof Refusal) return problem(error.refused);
      throw error;
    }
  };

  const answer = (method: string, url: string, body: string, key: string | undefined): Reply => {
    const { pathname, searchParams } = new URL(url, "http://desk");
    for (const door of all) {
      const params = door.method === method ? paramsOf(door.path, pathname) : undefined;
      if (!params) continue;
      const query = Object.fromEntries(searchParams);
      const asked = {
        door: `${method} ${door.path}`,
        params,
        query,
        key,
        body: body === "" ? undefined : JSON.parse(body),
      };
      state.asked.push(asked);
      return knock(door, asked);
    }
    return problem({ status: 404, code: "no-such-door", detail: "There is no such door." });
  };

  return { state, doors, answer };
};

/** The desk of one test. */
export type Desk = ReturnType<typeof openDesk>;
