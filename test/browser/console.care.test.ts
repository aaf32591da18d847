import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { refuse } from "../console/desk.ts";
import { campaignPage, ids } from "../console/world.ts";
import { by, soon, stories } from "./console.desk.ts";

const { tell, anotherPage } = stories();

const drafting = `/contracts/new?campaign=${ids.campaign}&influencer=${ids.priya}`;
const longName = "Wolfeschlegelsteinhausenbergerdorff".repeat(4).slice(0, 120);
const turning = "Zoë \u202Eevil";

/** The campaign, with people called so. */
const peopleCalled = (...names: readonly string[]) => ({
  ...campaignPage,
  credited: campaignPage.credited.map((it, place) => ({ ...it, name: names[place] ?? it.name })),
});

describe("the window", () => {
  it("is called by what it shows, also before anybody has signed in", () =>
    tell("nobody", async (page, desk) => {
      await page.goto(`${desk.origin}/enter#token=0123456789abcdef`);
      await soon(() => page.title()).toBe("Sign in · Makegood");
      await by(page, "sign-in").click();
      await soon(() => page.title()).toBe("Campaigns · Makegood");
      await page.goto(`${desk.origin}/campaigns/${ids.campaign}`);
      await soon(() => page.title()).toBe(`${campaignPage.campaign.name} · Makegood`);
      await page.getByRole("link", { name: "Settings" }).click();
      await soon(() => page.title()).toBe("Settings · Makegood");
      await page.goBack();
      await soon(() => page.title()).toBe(`${campaignPage.campaign.name} · Makegood`);
      await page.goto(`${desk.origin}/nowhere`);
      await soon(() => page.title()).toBe("Not found · Makegood");
      await soon(() => page.locator("h1").textContent()).toBe("There is no such page");
    }));

  it("heads a page that is not to be had, and offers the way back instead of asking for it again", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns/cmp_nobodyhasthisone0000`);
      await soon(() => page.locator("h1").textContent()).toBe("There is nothing here");
      expect(await by(page, "try-again").count()).toBe(0);
      await page.getByRole("link", { name: "Go to the start" }).click();
      await by(page, "campaigns").waitFor();
    }));

  it("says of a link cut short that it is not whole, without asking about it", () =>
    tell("nobody", async (page, desk) => {
      for (const way of ["enter", "join"]) {
        await page.goto(`${desk.origin}/${way}#token=0123456789`);
        await page.reload();
        await soon(() => page.locator("h1").textContent()).toBe("This link is not whole");
      }
      expect(desk.state.asked.filter(({ door }) => door.startsWith("POST"))).toEqual([]);
    }));

  it("leads whoever is signed in already past a link that was used up", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/enter#token=used-0123456789abcdef`);
      await by(page, "sign-in").click();
      await by(page, "refusal").getByText("already used").waitFor();
      await by(page, "already-in").getByRole("link").click();
      await by(page, "campaigns").waitFor();
    }));
});

describe("two tabs", () => {
  it("sign out together, and show whoever has come instead", () =>
    tell("owner", async (page, desk) => {
      const other = await anotherPage();
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "campaigns").waitFor();
      await other.goto(`${desk.origin}/contracts`);
      await by(other, "leave").click();
      await by(page, "signed-out").waitFor();
      expect(await page.getByText(campaignPage.campaign.name).count()).toBe(0);

      await other.goto(`${desk.origin}/enter#token=0123456789abcdef`);
      await by(other, "sign-in").click();
      await by(other, "campaigns").waitFor();
      await by(page, "campaigns").waitFor();

      await other.goto(`${desk.origin}/join#token=0123456789abcdef`);
      await by(other, "join").click();
      await soon(() => by(page, "me-name").textContent()).toBe("Mina Okafor");
      await page.getByText("This page is for brands").waitFor();
      expect(await by(page, "new-campaign").count()).toBe(0);
      await other.close();
    }));
});

describe("what is sent", () => {
  it("does not fetch back whoever went elsewhere before it was answered", () =>
    tell("owner", async (page, desk) => {
      const held: (() => void)[] = [];
      await page.goto(`${desk.origin}/campaigns`);
      await page.route("**/v1/campaigns", async (route) => {
        if (route.request().method() === "POST") await new Promise<void>((free) => held.push(free));
        await route.continue();
      });
      await by(page, "new-campaign").click();
      await by(page, "campaign-name").fill("Autumn");
      await by(page, "campaign-hosts").fill("autumn.example");
      await by(page, "create-campaign").dblclick();
      await soon(() => held.length).toBe(1);
      await page.evaluate(() => document.querySelector<HTMLAnchorElement>('a[href="/influencers"]')?.click());
      await by(page, "influencers").waitFor();
      const answered = page.waitForResponse((it) => it.request().method() === "POST");
      held[0]?.();
      await (await answered).finished();
      await soon(() => desk.state.campaigns.length).toBe(2);
      await by(page, "influencers").waitFor();
      expect(page.url()).toBe(`${desk.origin}/influencers`);
    }));

  it("names the one host among many that cannot be one", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "new-campaign").click();
      await by(page, "campaign-name").fill("Autumn");
      await by(page, "campaign-hosts").fill("https://autumn.example./sale\nautumn.example\n*.autumn.example");
      await by(page, "create-campaign").click();
      await soon(() => by(page, "field-problem").textContent()).toMatch(/^\*\.autumn\.example: must be a host name/);
      expect(desk.state.asked.find(({ door }) => door === "POST /v1/campaigns")?.body).toMatchObject({
        hosts: ["autumn.example", "*.autumn.example"],
      });
    }));
});

describe("a draft of terms", () => {
  it("says whom it still waits for, and that it was written before", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/contracts/new?campaign=${ids.campaign}`);
      await soon(() => by(page, "terms-missing").textContent()).toBe("Choose an influencer above.");
      expect(await by(page, "resumed").count()).toBe(0);
      await by(page, "terms/quality/minScore").fill("70");
      await page.getByRole("link", { name: "Influencers" }).click();
      await by(page, "influencers").waitFor();
      await page.goto(desk.origin + drafting);
      await by(page, "resumed").waitFor();
      expect(await by(page, "terms-missing").count()).toBe(0);
      await by(page, "resumed").getByRole("button", { name: "Start over" }).click();
      await soon(() => by(page, "terms/quality/minScore").inputValue()).toBe("");
      await soon(() => by(page, "resumed").count()).toBe(0);
    }));

  it("asks before the tab is closed on it, and only then", () =>
    tell("owner", async (_, desk) => {
      const tab = await anotherPage();
      const asked: string[] = [];
      tab.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss();
      });
      await tab.goto(desk.origin + drafting);
      await by(tab, "terms/quality/minScore").fill("70");
      await tab.close({ runBeforeUnload: true });
      await soon(() => asked).toEqual(["beforeunload"]);
      await by(tab, "terms-reset").click();
      const closed = tab.waitForEvent("close");
      await tab.close({ runBeforeUnload: true });
      await closed;
      expect(asked).toHaveLength(1);
    }));

  it("takes no number from its JSON that JSON itself could not write again", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/contracts/${ids.countered}/counter`);
      await by(page, "terms-json").waitFor();
      const before = await by(page, "terms-json").inputValue();
      await by(page, "terms-json").fill(before.replace(/"amountMinor": \d+/, '"amountMinor": 1e400'));
      await soon(() => by(page, "terms-json-problem").textContent()).toContain("larger than any that can be kept");
      await page.getByRole("button", { name: "Go back to that" }).click();
      await soon(() => by(page, "terms-json").inputValue()).toBe(before);
    }));
});

describe("the live page", () => {
  it("stays while the server is away for a moment, and goes on when it is back", () =>
    tell("owner", async (page, desk) => {
      const open = desk.doors["GET /v1/campaigns/:campaign"]!;
      await page.goto(`${desk.origin}/campaigns/${ids.campaign}`);
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
      await by(page, "host-name").fill("half.typed.example");
      desk.doors["GET /v1/campaigns/:campaign"] = () => refuse(503, "busy", "Try again in a moment.");
      desk.line.refusals = 1;
      desk.drop();
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("reconnecting");
      await soon(() => by(page, "liveness").getAttribute("data-liveness")).toBe("live");
      expect(await by(page, "host-name").inputValue()).toBe("half.typed.example");
      desk.doors["GET /v1/campaigns/:campaign"] = open;
      desk.say("4730", { kind: "campaign", at: 1, now: { ...campaignPage, visits: 18_500 } });
      await soon(() => by(page, "visits").getAttribute("data-value")).toBe("18500");
    }));

  it("keeps a name of any length and direction in its place", () =>
    tell("owner", async (page, desk) => {
      desk.state.campaigns = [peopleCalled(longName, turning)];
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${desk.origin}/campaigns/${ids.campaign}`);
        await by(page, "credited-row").nth(1).waitFor();
        const beyond = await page.evaluate(() =>
          Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
        );
        expect({ width, beyond }).toEqual({ width, beyond: 0 });
        const row = by(page, "credited-row").filter({ hasText: "Zoë" });
        const name = await row.getByRole("link").first().boundingBox();
        const badge = await row.locator(".badge").boundingBox();
        expect(badge!.x).toBeGreaterThanOrEqual(name!.x + name!.width);
      }
    }));

  it("says what its words mean, and where a sum is more than its statement says, how much of it is earned", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns/${ids.campaign}`);
      await by(page, "stage-meanings").locator("summary").click();
      await page.getByText("Past its hold: falls due when its period closes").first().waitFor();
      const { money } = campaignPage.credited.find((it) => it.money.accruedMinor > 0)!;
      const earned = money.validatedMinor + money.approvedMinor + money.payableMinor;
      await soon(() => by(page, "credited-earned").first().getAttribute("data-minor")).toBe(String(earned));
    }));
});

describe("on paper", () => {
  it("a contract and a statement stand without the menu and without anything to press", () =>
    tell("owner", async (page, desk) => {
      await page.emulateMedia({ media: "print" });
      for (const [path, shown] of [
        [`/contracts/${ids.minas}`, "signatures"],
        [`/contracts/${ids.minas}/statement`, "period"],
      ] as const) {
        await page.goto(desk.origin + path);
        await by(page, shown).first().waitFor();
        expect(await page.getByRole("navigation").count()).toBe(0);
        expect(await page.locator("main .button:visible, main button:visible").count()).toBe(0);
      }
      await page.emulateMedia({ media: "screen" });
    }));
});

describe("the focus", () => {
  const where = (page: Page): Promise<string | undefined> =>
    page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.dataset.testid : ""));

  it("begins a dialog at what is asked, and is not lost when a decision takes its button away", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "new-campaign").click();
      await soon(() => where(page)).toBe("campaign-name");
      await page.keyboard.press("Escape");
      await soon(() => where(page)).toBe("new-campaign");

      desk.state.page = { ...desk.state.page, stage: "validated" };
      await page.goto(`${desk.origin}/conversions/${ids.lead}`);
      await by(page, "approve").click();
      await by(page, "confirm-approve").click();
      await by(page, "stage").getByText("Approved").waitFor();
      await soon(() => by(page, "approve").count()).toBe(0);
      await soon(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
    }));

  it("never comes to stand beneath the foot of a long form", () =>
    tell("owner", async (page, desk) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(desk.origin + drafting);
      await by(page, "terms-standing").waitFor();
      await by(page, "contract-campaign").focus();
      const beneath: string[] = [];
      for (let stop = 0; stop < 45; stop += 1) {
        await page.keyboard.press("Tab");
        const hidden = await page.evaluate(() => {
          const it = document.activeElement;
          const foot = document.querySelector(".writer-foot")?.getBoundingClientRect().top ?? 0;
          if (!it?.closest(".writer-form") || it.getBoundingClientRect().bottom <= foot) return null;
          return it.outerHTML.slice(0, 120);
        });
        if (hidden) beneath.push(hidden);
      }
      expect(beneath).toEqual([]);
    }));
});
