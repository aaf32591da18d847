import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { refuse, type Who } from "../console/desk.ts";
import { campaignPage, ids, NOW } from "../console/world.ts";
import { by, type Served, soon, stories } from "./console.desk.ts";

const { tell: told } = stories();
// What expires and counts down in this world does so from its own instant on.
const tell = (who: Who, filled: boolean, story: (page: Page, desk: Served) => Promise<void>): Promise<void> =>
  told(who, story, { filled, at: NOW });

const shots = process.env.MAKEGOOD_SHOTS;
const looks = [
  { name: "light", width: 1280, height: 900, colorScheme: "light" },
  { name: "dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone", width: 390, height: 844, colorScheme: "light" },
] as const;

const brandPages = {
  campaigns: "/campaigns",
  campaign: `/campaigns/${ids.campaign}`,
  attribution: `/campaigns/${ids.campaign}/attribution?model=wShaped&milestones=lead`,
  poll: `/campaigns/${ids.campaign}/poll`,
  conversions: "/conversions",
  conversion: `/conversions/${ids.lead}`,
  influencers: "/influencers",
  contracts: "/contracts",
  terms: `/contracts/new?campaign=${ids.campaign}&influencer=${ids.priya}`,
  redraft: `/contracts/new?contract=${ids.priyas}`,
  "contract-draft": `/contracts/${ids.priyas}`,
  "contract-running": `/contracts/${ids.minas}`,
  "contract-countered": `/contracts/${ids.countered}`,
  "contract-ending": `/contracts/${ids.jonases}`,
  "contract-amended": `/contracts/${ids.veterans}`,
  counter: `/contracts/${ids.countered}/counter`,
  amend: `/contracts/${ids.minas}/amend`,
  statement: `/contracts/${ids.minas}/statement`,
  settings: "/settings",
  missing: "/nowhere",
} as const;

const influencerPages = {
  "my-contracts": "/contracts",
  "my-contract": `/contracts/${ids.minas}`,
  sign: `/contracts/${ids.offered}`,
  "my-counter": `/contracts/${ids.offered}/counter`,
  "my-statement": `/contracts/${ids.minas}/statement`,
  extension: "/extension",
  pair: "/pair?code=BCDF-GHJK",
} as const;

describe.skipIf(!shots)("pictures of every page", () => {
  const picture = async (page: Page, origin: string, pages: Readonly<Record<string, string>>) => {
    for (const look of looks) {
      await page.setViewportSize({ width: look.width, height: look.height });
      await page.emulateMedia({ colorScheme: look.colorScheme });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(origin + path);
        await page.waitForTimeout(450);
        await page.screenshot({ path: `${shots}/${name}-${look.name}.png`, fullPage: true });
      }
    }
  };
  it("of a brand", () =>
    tell("owner", true, async (page, desk) => {
      mkdirSync(shots ?? "", { recursive: true });
      await picture(page, desk.origin, brandPages);
    }));
  it("of dialogs, and of a draft with problems", () =>
    tell("owner", true, async (page, desk) => {
      for (const look of looks) {
        await page.setViewportSize({ width: look.width, height: look.height });
        await page.emulateMedia({ colorScheme: look.colorScheme });
        const shot = (name: string) => page.screenshot({ path: `${shots}/${name}-${look.name}.png` });
        await page.goto(desk.origin + brandPages.conversion);
        await by(page, "reverse").click();
        await by(page, "reverse-percent").fill("33.333");
        await by(page, "confirm-reverse").click();
        await page.waitForTimeout(300);
        await shot("dialog-reverse");
        await page.goto(desk.origin + brandPages.influencers);
        await by(page, "invite").click();
        await by(page, "invite-name").fill("Zoë");
        await by(page, "send-invite").click();
        await page.waitForTimeout(300);
        await shot("dialog-invited");
        await page.goto(desk.origin + brandPages.terms);
        await by(page, "terms-reset").click();
        await by(page, "add-rule-tiered").click();
        await by(page, "add-rule-fixed").click();
        await page.getByRole("button", { name: "+ Condition" }).click();
        await by(page, "terms/pay/1/steps/1/from").fill("0");
        await by(page, "terms/pay/0/amountMinor").fill("12,50");
        await by(page, "terms-has/guarantee").check();
        await page.waitForTimeout(700);
        await by(page, "terms/pay/1/steps/1/from").scrollIntoViewIfNeeded();
        await shot("terms-problems");
        await page.screenshot({ path: `${shots}/terms-problems-full-${look.name}.png`, fullPage: true });
      }
    }));
  it("of an influencer", () => tell("influencer", true, (page, desk) => picture(page, desk.origin, influencerPages)));
  it("of a beginner", () =>
    tell("owner", false, (page, desk) =>
      picture(page, desk.origin, { "campaigns-empty": "/campaigns", "conversions-empty": "/conversions" }),
    ));
  it("of somebody outside", () =>
    tell("nobody", true, (page, desk) =>
      picture(page, desk.origin, {
        "signed-out": "/campaigns",
        enter: "/enter#token=0123456789abcdef",
        join: "/join#token=0123456789abcdef",
        "pair-signed-out": "/pair?code=BCDF-GHJK",
      }),
    ));
});

const filledJson = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse(await by(page, "terms-json").inputValue());

describe("a brand", () => {
  it("goes from nothing to a contract on offer and signed by it", () =>
    tell("owner", false, async (page, desk) => {
      await page.goto(`${desk.origin}/`);
      await soon(() => page.url()).toBe(`${desk.origin}/campaigns`);
      await by(page, "new-campaign").click();
      await by(page, "campaign-name").fill("Spring enrolment");
      await by(page, "campaign-hosts").fill("https://learn.larkspur.example/evening\nwww.larkspur.example");
      await by(page, "create-campaign").click();
      await by(page, "hosts").getByText("www.larkspur.example").waitFor();
      expect(desk.state.asked.find(({ door }) => door === "POST /v1/campaigns")?.body).toEqual({
        name: "Spring enrolment",
        hosts: ["learn.larkspur.example", "www.larkspur.example"],
      });

      await page.getByRole("link", { name: "Influencers" }).click();
      await by(page, "invite").click();
      await by(page, "invite-name").fill("Mina Okafor");
      await by(page, "send-invite").click();
      await soon(() => by(page, "invitation-url-text").textContent()).toContain("/join#token=");
      await page.keyboard.press("Escape");
      await by(page, "influencer-row").getByText("Mina Okafor").waitFor();

      await page.getByRole("link", { name: "Draft a contract" }).click();
      await by(page, "terms/pay/0/amountMinor").fill("12.50");
      await soon(() => filledJson(page)).toMatchObject({ pay: [{ rule: "perResult", amountMinor: 1250 }] });
      await by(page, "terms-save").click();
      await by(page, "offer").click();
      await by(page, "sign-name").fill("Ada Marsh");
      await by(page, "sign-agree").check();
      await by(page, "sign").click();
      await page.locator('[data-testid="signatures"] [data-side="brand"][data-signed="true"]').waitFor();
      const signed = desk.state.asked.find(({ door }) => door === "POST /v1/contracts/:contract/sign")?.body;
      expect(signed).toMatchObject({ name: "Ada Marsh", agree: true, termsHash: desk.state.contracts[0]?.termsHash });
    }));

  it("writes terms in the form or as JSON, and each shows what the other says and what is wrong, at its place", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.terms}`);
      await by(page, "add-rule-tiered").click();
      await by(page, "terms/pay/1/steps/1/from").fill("0");
      const problem = page.locator('[data-at="/pay/1/steps/1/from"] [data-testid="field-problem"]');
      await soon(() => problem.textContent()).toContain("must be more than the step before");
      await soon(() => by(page, "terms-save").isDisabled()).toBe(true);
      await by(page, "terms/pay/1/steps/1/from").fill("30");
      await soon(() => by(page, "terms-standing").getAttribute("data-ok")).toBe("true");

      const json = await filledJson(page);
      const changed = {
        ...json,
        timeZone: "Europe/Berlin",
        attribution: { model: "timeDecay", windowDays: 14, house: "excluded" },
      };
      await by(page, "terms-json").fill(JSON.stringify(changed, null, 2));
      await soon(() => by(page, "terms/timeZone").inputValue()).toBe("Europe/Berlin");
      await soon(() => by(page, "terms/attribution/windowDays").inputValue()).toBe("14");
      await by(page, "terms/attribution/halfLifeDays").fill("3");
      await soon(() => filledJson(page)).toMatchObject({ attribution: { halfLifeDays: 3 } });
      await page.getByText("credit that halves every 3 days").waitFor();

      await by(page, "terms-json").fill("{ not json");
      await soon(() => by(page, "terms/timeZone").isDisabled()).toBe(true);
      await page.getByRole("button", { name: "Go back to that" }).click();
      await soon(() => by(page, "terms/timeZone").isEnabled()).toBe(true);

      await by(page, "terms-json").fill(JSON.stringify({ ...changed, caps: { totalMinor: 5 }, surprise: 1 }));
      await soon(() => by(page, "terms-problems").textContent()).toContain("/surprise");
    }));

  it("keeps what it means when the currency changes, and says where an amount has no such digits", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.terms}`);
      await by(page, "terms/pay/0/amountMinor").fill("12.50");
      await by(page, "terms/currency").selectOption("KWD");
      await soon(() => filledJson(page)).toMatchObject({
        pay: [{ amountMinor: 12_500 }],
        payout: { minimumMinor: 50_000 },
      });
      await by(page, "terms/currency").selectOption("JPY");
      await soon(() => filledJson(page)).toMatchObject({ payout: { minimumMinor: 50 } });
      const problem = page.locator('[data-at="/pay/0/amountMinor"] [data-testid="field-problem"]');
      await soon(() => problem.textContent()).toContain("JPY without decimals");
      await by(page, "terms/currency").selectOption("EUR");
      await soon(() => filledJson(page)).toMatchObject({
        pay: [{ amountMinor: 1250 }],
        payout: { minimumMinor: 5000 },
      });
    }));

  it("finds its draft again after leaving the page by mistake", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.terms}`);
      await by(page, "terms/quality/minScore").fill("70");
      await page.getByRole("link", { name: "Settings" }).click();
      await by(page, "script-tag").waitFor();
      await page.goBack();
      await soon(() => by(page, "terms/quality/minScore").inputValue()).toBe("70");
    }));

  it("watches the campaign live, through a lost line and back, from where it had got to", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.campaign}`);
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
      await soon(() => by(page, "visits").textContent()).toBe("18,402");
      const more = { ...campaignPage, visits: 18_403, results: { lead: 215, sale: 23 } };
      desk.say("4712", { kind: "campaign", at: 1, now: more });
      await soon(() => by(page, "visits").textContent()).toBe("18,403");
      await soon(() => by(page, "result-lead").getAttribute("data-value")).toBe("215");
      desk.drop();
      await soon(() => desk.resumed).toEqual(["from 4711", "4712"]);
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
      const paid = { ...more, money: [{ ...campaignPage.money[0]!, accruedMinor: 6_100 }] };
      desk.say("4713", { kind: "campaign", at: 2, now: paid });
      await soon(() => by(page, "money-total-USD").textContent()).toBe("$1,564.70");
      desk.say("4714", { kind: "campaign", at: 3, now: { visits: "many" } });
      await soon(() => by(page, "visits").getAttribute("data-value")).toBe("18403");
    }));

  it("asks again by itself when the live stream is refused, and goes on from where it was", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.campaign}`);
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
      desk.say("4720", { kind: "campaign", at: 1, now: { ...campaignPage, visits: 18_410 } });
      await soon(() => by(page, "visits").getAttribute("data-value")).toBe("18410");
      desk.line.refusals = 1;
      desk.drop();
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("reconnecting");
      await soon(() => desk.resumed).toEqual(["from 4711", "from 4720"]);
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
    }));

  it("decides a conversion, each decision asked once more, and the reversal told in thousandths under one id", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.conversion}`);
      await soon(() => by(page, "share").first().getAttribute("data-exact")).toBe("800000");
      await soon(() => page.locator('[data-testid="touch"][data-in="false"]').count()).toBeGreaterThan(0);
      await by(page, "reverse").click();
      await by(page, "reverse-percent").fill("33.33");
      await by(page, "confirm-reverse").click();
      await page.getByText("Write a percentage from 0.1 to 100").waitFor();
      await by(page, "reverse-percent").fill("12.5");
      await by(page, "reverse-note").fill("One lesson of eight refunded");
      await by(page, "confirm-reverse").click();
      await by(page, "stage").getByText("Reversed").waitFor();
      const reversed = desk.state.asked.find(({ door }) => door.endsWith("/reverse"))?.body;
      expect(reversed).toMatchObject({ permille: 125, note: "One lesson of eight refunded" });
    }));

  it("rejects with a reason, and a refusal keeps what was typed and says why", () =>
    tell("owner", true, async (page, desk) => {
      const open = desk.doors["POST /v1/conversions/:conversion/reject"]!;
      desk.doors["POST /v1/conversions/:conversion/reject"] = () =>
        refuse(409, "conversion-settled", "This conversion is in a payout already; reverse it instead.");
      await page.goto(`${desk.origin}${brandPages.conversion}`);
      await by(page, "reject").click();
      await by(page, "reject-reason").selectOption("unreachable");
      await by(page, "reject-note").fill("Three calls, no answer");
      await by(page, "confirm-reject").click();
      await by(page, "refusal").getByText("reverse it instead").waitFor();
      await soon(() => by(page, "reject-note").inputValue()).toBe("Three calls, no answer");
      desk.doors["POST /v1/conversions/:conversion/reject"] = open;
      await by(page, "confirm-reject").click();
      await by(page, "stage").getByText("Rejected").waitFor();
    }));

  it("puts a poll on its pages and sees what visitors wrote as text, never as markup", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.poll}`);
      await by(page, "open-poll").click();
      await page.locator('[data-testid="field-problem"]').first().waitFor();
      await by(page, "poll-title").fill("One question");
      await by(page, "question-0").fill("How did you hear of us?");
      await by(page, "option-0-0").fill("A friend");
      await by(page, "option-0-1").fill("<img src=x onerror=alert(1)>");
      await by(page, "add-question-scale").click();
      await by(page, "question-1").fill("How clear was the page?");
      await by(page, "poll-preview").getByText("How clear was the page?").waitFor();
      await by(page, "open-poll").click();
      await by(page, "poll-bars").first().getByText("<img src=x").waitFor();
      await by(page, "poll-texts").getByText("<b>really</b>").waitFor();
      await soon(() => page.locator(`[data-poll="${ids.poll}"] [data-option="o1"]`).getAttribute("data-count")).toBe(
        "51",
      );
    }));

  it("is shown a secret key once, and can revoke it", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}${brandPages.settings}`);
      await by(page, "new-key").click();
      await by(page, "key-name").fill("Till");
      await by(page, "create-key").click();
      await soon(() => by(page, "secret-key-text").textContent()).toMatch(/^sk_/);
      await page.keyboard.press("Escape");
      await soon(() => by(page, "secret-key-text").count()).toBe(0);
      await by(page, "revoke").first().click();
      await by(page, "confirm-revoke").click();
      await soon(() => desk.state.keys.map(({ name }) => name)).toEqual(["Till"]);
      await soon(() => by(page, "script-tag-text").textContent()).toContain("tag.js");
    }));

  it("loads earlier conversions, and filters by campaign", () =>
    tell("owner", true, async (page, desk) => {
      desk.state.next = "cursor";
      await page.goto(`${desk.origin}${brandPages.conversions}`);
      await by(page, "more").click();
      await soon(() => by(page, "conversion-row").count()).toBe(8);
      await soon(() => by(page, "more").count()).toBe(0);
      await by(page, "filter-campaign").selectOption(ids.campaign);
      const listed = () => desk.state.asked.filter(({ door }) => door === "GET /v1/conversions");
      await soon(() => listed().at(-1)?.query).toEqual({ campaign: ids.campaign });
    }));
});

describe("an influencer", () => {
  it("is invited, reads, signs, makes a link, and sees a statement that their own browser computed again", () =>
    tell("nobody", true, async (page, desk) => {
      await page.goto(`${desk.origin}/join#token=0123456789abcdef`);
      await soon(() => by(page, "inviting-brand").textContent()).toBe("Larkspur Academy");
      await by(page, "join-name").fill("Mina Okafor");
      await by(page, "join").click();
      await page.locator(`[data-contract="${ids.offered}"] a`).click();
      await soon(() => by(page, "terms-hash").getAttribute("data-check")).toBe("same");
      await by(page, "sign-agree").check();
      await soon(() => by(page, "sign").isDisabled()).toBe(true);
      await by(page, "sign-name").fill("Mina Okafor");
      await by(page, "sign").click();
      await page.locator('[data-side="influencer"][data-signed="true"]').waitFor();

      await page.goto(`${desk.origin}/contracts/${ids.minas}`);
      await by(page, "grab-destination").fill("https://elsewhere.example/");
      await by(page, "grab-link").click();
      await page.getByText("must be a page on learn.larkspur.example").waitFor();
      await by(page, "grab-destination").fill("https://learn.larkspur.example/day");
      await by(page, "grab-link").click();
      await soon(() => by(page, "link-row").count()).toBe(3);
      await by(page, "to-statement").click();
      await soon(() => by(page, "recomputed").getAttribute("data-state")).toBe("equal");
      await soon(() => by(page, "guarantee").count()).toBe(2);
      await soon(() => page.getByText("days by the clock of America/New_York").count()).toBe(1);
    }));

  it("is told when a statement is a cent off what its evidence gives", () =>
    tell("influencer", true, async (page, desk) => {
      desk.state.statement = (made) => ({
        ...made,
        periods: made.periods.map((it, place) =>
          place === 1 ? { ...it, lines: it.lines.map((line) => ({ ...line, amountMinor: line.amountMinor - 1 })) } : it,
        ),
      });
      await page.goto(`${desk.origin}${brandPages.statement}`);
      await soon(() => by(page, "recomputed").getAttribute("data-state")).toBe("different");
      await soon(() => by(page, "recomputed").textContent()).toContain("line 1 of the period from 2026-11-01");
    }));

  it("connects an extension by its code, or does not", () =>
    tell("influencer", true, async (page, desk) => {
      await page.goto(`${desk.origin}/pair?code=bcdf-ghjk`);
      await soon(() => by(page, "pair-code").inputValue()).toBe("BCDF-GHJK");
      await by(page, "pair-deny").click();
      await by(page, "not-paired").waitFor();
      await page.reload();
      await by(page, "pair-allow").click();
      await by(page, "paired").waitFor();
      expect(desk.state.asked.at(-1)?.body).toEqual({ userCode: "BCDF-GHJK", allow: true });
    }));
});

const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));

/** Keep a page as it looks by day, by night and on a phone, to be looked at. */
const keep = async (page: Page, name: string): Promise<void> => {
  mkdirSync(artefacts, { recursive: true });
  for (const look of looks) {
    await page.setViewportSize({ width: look.width, height: look.height });
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.screenshot({ path: `${artefacts}console-${name}-${look.name}.png`, fullPage: true });
  }
  const [{ width, height, colorScheme }] = looks;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
};

describe("two sides of a contract", () => {
  it("come to terms: a counter-offer, what differs from it, both signatures, an amendment and a notice", () =>
    tell("influencer", true, async (page, desk) => {
      await page.goto(`${desk.origin}/contracts/${ids.offered}`);
      await by(page, "counter").click();
      await by(page, "terms/guarantee/target").fill("18");
      await by(page, "terms/guarantee/remedy/then/kind").selectOption("penalty");
      await by(page, "terms/guarantee/remedy/then/amountMinor").fill("4");
      await soon(() => by(page, "difference").count()).toBe(2);
      await keep(page, "counter");
      await by(page, "terms-save").click();
      await by(page, "on-the-table").getByText("Counter-offer by Mina Okafor").waitFor();

      desk.state.who = "owner";
      await page.reload();
      await by(page, "difference").first().waitFor();
      expect(await by(page, "on-the-table").locator("ins").allTextContents()).toEqual(
        expect.arrayContaining([expect.stringContaining("18")]),
      );
      await keep(page, "on-the-table");
      await by(page, "sign-agree").check();
      await by(page, "sign-name").fill("Ada Marsh");
      await page.keyboard.press("Enter");
      await soon(() => by(page, "signed-by").textContent()).toContain("Larkspur Academy has signed it");

      desk.state.who = "influencer";
      await page.reload();
      await by(page, "sign-agree").check();
      await by(page, "sign-name").fill("Mina Okafor");
      await by(page, "sign").click();
      await by(page, "proof").waitFor();
      await keep(page, "signed");

      await by(page, "amend").click();
      await page.getByLabel("Holds from").selectOption("2027-02-01");
      await by(page, "terms/payout/minimumMinor").fill("25");
      await by(page, "terms-save").click();
      await by(page, "on-the-table").getByText("would hold from Feb 1, 2027").waitFor();
      await keep(page, "amendment");

      await by(page, "give-notice").click();
      await by(page, "notice-day").fill("2027-01-31");
      await by(page, "confirm-notice").click();
      await soon(() => by(page, "last-day").getAttribute("data-day")).toBe("2027-01-31");
      await soon(() => by(page, "on-the-table").count()).toBe(0);
      await keep(page, "notice");
    }));

  it("read a statement with caps, a correction, an agreed sum and a guarantee being made good; the brand approves", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}/contracts/${ids.minas}/statement`);
      await soon(() => by(page, "statement-hash").getAttribute("data-check")).toBe("same");
      await soon(() => by(page, "made-good").count()).toBe(1);
      await keep(page, "statement");
      await by(page, "approve-statement").focus();
      await page.keyboard.press("Enter");
      await soon(() => by(page, "closing").getAttribute("data-approved")).toBe("true");
      await by(page, "line-conversion").click();
      await page.waitForURL(/\/conversions\/cnv_lead30/);
    }));
});

describe("coming and going", () => {
  it("signs in only when the button is pressed, and leaves no token behind in the address", () =>
    tell("nobody", true, async (page, desk) => {
      await page.goto(`${desk.origin}/enter#token=0123456789abcdef`);
      await by(page, "sign-in").waitFor();
      expect(desk.state.asked.some(({ door }) => door === "POST /v1/enter")).toBe(false);
      await by(page, "sign-in").click();
      await by(page, "campaigns").waitFor();
      expect(page.url()).toBe(`${desk.origin}/campaigns`);
      await by(page, "leave").click();
      await by(page, "signed-out").waitFor();
    }));

  it("says why a used link does not open", () =>
    tell("nobody", true, async (page, desk) => {
      await page.goto(`${desk.origin}/enter#token=used-0123456789abcdef`);
      await by(page, "sign-in").click();
      await by(page, "refusal").getByText("already used").waitFor();
    }));

  it("shows the way back in when a session ends in the middle of something", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "campaigns").waitFor();
      desk.state.who = "nobody";
      // The page may find out by itself, while it still fetches; the link is gone then, and nobody is left to click it.
      await page.evaluate(() => document.querySelector<HTMLAnchorElement>('a[href="/conversions"]')?.click());
      await by(page, "signed-out").waitFor();
    }));

  it("offers to try again when the server does not answer", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await page.route("**/v1/influencers", (route) => route.abort());
      await page.getByRole("link", { name: "Influencers" }).click();
      await by(page, "try-again").waitFor();
      await page.unroute("**/v1/influencers");
      await by(page, "try-again").click();
      await soon(() => by(page, "influencer-row").count()).toBe(3);
    }));
});

describe("every page", () => {
  it("fits a phone of 360 pixels without scrolling sideways", () =>
    tell("owner", true, async (page, desk) => {
      await page.setViewportSize({ width: 360, height: 740 });
      for (const path of [...Object.values(brandPages), `/contracts/${ids.offered}`]) {
        await page.goto(desk.origin + path);
        await page.locator("h1, [data-testid=empty]").first().waitFor();
        const beyond = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return Math.max(0, scrollWidth - clientWidth);
        });
        expect({ path, beyond }).toEqual({ path, beyond: 0 });
      }
    }));

  it("has one heading of the first rank, and a name for everything that can be used", () =>
    tell("owner", true, async (page, desk) => {
      for (const path of Object.values(brandPages).filter((it) => it !== brandPages.missing)) {
        await page.goto(desk.origin + path);
        await page.locator("h1").waitFor();
        const nameless = await page.evaluate(() => {
          const named = (it: Element): boolean => {
            const labels =
              it instanceof HTMLInputElement || it instanceof HTMLSelectElement || it instanceof HTMLTextAreaElement
                ? it.labels
                : null;
            return Boolean(it.getAttribute("aria-label") ?? labels?.[0]?.textContent?.trim() ?? it.textContent?.trim());
          };
          const all = [...document.querySelectorAll("input, select, textarea, button, a, svg[role=img], dialog")];
          return all
            .filter((it) => !named(it) && !it.hasAttribute("aria-labelledby"))
            .map((it) => it.outerHTML.slice(0, 120));
        });
        expect({ path, nameless, headings: await page.locator("h1").count() }).toEqual({
          path,
          nameless: [],
          headings: 1,
        });
      }
    }));

  it("can be walked by keyboard alone: past the menu, into a dialog and out of it again", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "campaigns").waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await by(page, "campaign-name").waitFor();
      await page.keyboard.press("Escape");
      await soon(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("new-campaign");
    }));
});
