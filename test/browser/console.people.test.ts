import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { refuse } from "../console/desk.ts";
import { campaignPage, ids } from "../console/world.ts";
import { by, type Served, soon, stories } from "./console.desk.ts";

const { tell, anotherPage } = stories();

const second = { id: "brd_second00000000000000", name: "Second Academy" };
const others = {
  ...campaignPage,
  campaign: { ...campaignPage.campaign, id: "cmp_of0the0second0000000", name: "Winter" },
};

/** Ada owns a second brand, with a campaign of its own. */
const withTwoBrands = ({ state, doors }: Served): void => {
  state.brands = [...state.brands, second];
  const acted = doors["POST /v1/brands/:brand/act-for"]!;
  doors["POST /v1/brands/:brand/act-for"] = (asked) => {
    const said = acted(asked);
    state.campaigns = state.acting === second.id ? [others] : [campaignPage];
    return said;
  };
};

const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const it = document.activeElement;
    return it instanceof HTMLElement ? (it.dataset.testid ?? it.id) : "";
  });

const campaignNames = (page: Page): Promise<string> => by(page, "campaigns").innerText();

describe("an owner of several brands", () => {
  it("is offered no choice where there is none", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "campaigns").waitFor();
      await soon(() => desk.state.asked.some(({ door }) => door === "GET /v1/brands")).toBe(true);
      expect(await by(page, "switch-brand").count()).toBe(0);
      desk.state.who = "influencer";
      desk.state.asked.length = 0;
      await page.goto(`${desk.origin}/contracts`);
      await by(page, "contract-row").first().waitFor();
      expect(desk.state.asked.filter(({ door }) => door === "GET /v1/brands")).toEqual([]);
    }));

  it("changes to another by keyboard, and everything on the page is that brand's", () =>
    tell("owner", async (page, desk) => {
      withTwoBrands(desk);
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "switch-brand").focus();
      await page.keyboard.press("Enter");
      await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Larkspur AcademyNow");
      await page.keyboard.press("Escape");
      await soon(() => focused(page)).toBe("switch-brand");
      await page.keyboard.press("Enter");
      await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Larkspur AcademyNow");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await soon(() => campaignNames(page)).toContain("Winter");
      expect(await campaignNames(page)).not.toContain(campaignPage.campaign.name);
      await soon(() => by(page, "switch-brand").innerText()).toContain("Second Academy");
      await soon(() => focused(page)).toBe("main");
      await page.getByRole("link", { name: "Settings" }).click();
      await by(page, "publishable-key").waitFor();
    }));

  it("is followed by the other tabs, which leave what only the brand before had", () =>
    tell("owner", async (page, desk) => {
      withTwoBrands(desk);
      const other = await anotherPage();
      await other.goto(`${desk.origin}/campaigns/${ids.campaign}`);
      await by(other, "switch-brand").waitFor();
      desk.state.asked.length = 0;
      await page.goto(`${desk.origin}/contracts/new?campaign=${ids.campaign}`);
      await by(page, "terms/quality/minScore").fill("70");
      await by(page, "switch-brand").click();
      await by(page, "brand").filter({ hasText: "Second Academy" }).click();
      await page.getByText("No contract yet").waitFor();
      expect(new URL(page.url()).pathname).toBe("/contracts");
      await soon(() => campaignNames(other)).toContain("Winter");
      expect(new URL(other.url()).pathname).toBe("/campaigns");
      await other.close();
      await page.goto(`${desk.origin}/contracts/new`);
      await by(page, "terms/quality/minScore").waitFor();
      expect(await by(page, "resumed").count()).toBe(0);
    }));

  it("stays where they are when the other brand is not to be had, and is told why", () =>
    tell("owner", async (page, desk) => {
      withTwoBrands(desk);
      await page.goto(`${desk.origin}/campaigns`);
      await by(page, "switch-brand").click();
      desk.state.brands = desk.state.brands.slice(0, 1);
      await by(page, "brand").last().click();
      await by(page, "brands-dialog").getByText("There is no brand").waitFor();
      await page.keyboard.press("Escape");
      expect(await campaignNames(page)).toContain(campaignPage.campaign.name);
    }));

  it("reaches the choice on a phone, beside the way out, with nothing pushed off the screen", () =>
    tell("owner", async (page, desk) => {
      withTwoBrands(desk);
      desk.state.brands = [{ id: ids.brand, name: "Larkspur Academy of Evening and Weekend Classes" }, second];
      for (const width of [375, 320]) {
        await page.setViewportSize({ width, height: 700 });
        await page.goto(`${desk.origin}/campaigns`);
        const choice = (await by(page, "switch-brand").boundingBox())!;
        const out = (await by(page, "leave").boundingBox())!;
        expect(choice.height).toBeGreaterThanOrEqual(44);
        expect(choice.x + choice.width).toBeLessThanOrEqual(out.x);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        await by(page, "switch-brand").click();
        const brand = (await by(page, "brand").first().boundingBox())!;
        expect([brand.height >= 44, brand.x >= 0, brand.x + brand.width <= width]).toEqual([true, true, true]);
      }
    }));
});

describe("where one is signed in", () => {
  const rows = (page: Page) => by(page, "session-row");

  it("is told for both roles, this browser first", async () => {
    for (const who of ["owner", "influencer"] as const)
      await tell(who, async (page, desk) => {
        await page.goto(`${desk.origin}/`);
        await page.getByRole("link", { name: "Settings" }).click();
        if (who === "owner") await by(page, "to-passkeys").click();
        await soon(() => rows(page).locator("strong").allInnerTexts()).toEqual([
          "Firefox on Linux",
          "Extension in Chrome on Windows",
          "Safari on iPhone",
        ]);
        await soon(() => rows(page).nth(0).innerText()).toMatch(/This browser\s+Since .* · in use now/);
        await soon(() => rows(page).nth(2).innerText()).toContain("last used about");
      });
  });

  it("ends another at once after asking once, and keeps the focus at the list", () =>
    tell("influencer", async (page, desk) => {
      await page.goto(`${desk.origin}/settings/passkeys`);
      await page.getByRole("button", { name: "End Safari on iPhone" }).click();
      await by(page, "end-dialog").getByRole("button", { name: "Cancel" }).click();
      await soon(() => focused(page)).toBe("end-session");
      expect(desk.state.sessions).toHaveLength(3);
      await page.keyboard.press("Enter");
      await by(page, "confirm-end").click();
      await soon(() => rows(page).count()).toBe(2);
      await soon(() => focused(page)).toBe("sessions");
      await page.getByText("Safari on iPhone is signed out.").waitFor({ state: "attached" });
      expect(desk.state.sessions.map(({ id }) => id)).toEqual(["ses_pocket", "ses_own"]);
      expect(desk.state.who).toBe("influencer");
    }));

  it("takes one that has ended by itself meanwhile for ended, and shows why one could not be", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/settings/passkeys`);
      const ended = desk.doors["POST /v1/sessions/:session/end"]!;
      desk.doors["POST /v1/sessions/:session/end"] = () => refuse(503, "busy", "The server is busy. Try again.");
      await rows(page).nth(1).getByRole("button").click();
      await by(page, "confirm-end").click();
      await by(page, "end-dialog").getByText("The server is busy.").waitFor();
      desk.doors["POST /v1/sessions/:session/end"] = ended;
      desk.state.sessions = desk.state.sessions.filter(({ client }) => client === "browser");
      await by(page, "confirm-end").click();
      await soon(() => rows(page).count()).toBe(2);
      expect(await by(page, "end-dialog").isVisible()).toBe(false);
    }));

  it("ending this one signs out, here and in the other tabs", () =>
    tell("owner", async (page, desk) => {
      const other = await anotherPage();
      await other.goto(`${desk.origin}/campaigns`);
      await by(other, "campaigns").waitFor();
      await page.goto(`${desk.origin}/settings/passkeys`);
      await rows(page).first().getByRole("button").click();
      await by(page, "confirm-end").click();
      await by(page, "signed-out").waitFor();
      await by(other, "signed-out").waitFor();
      expect(desk.state.who).toBe("nobody");
      await other.close();
    }));

  it("says that it is nowhere else, keeps a long list short, and asks again when it could not be had", () =>
    tell("owner", async (page, desk) => {
      const own = desk.state.sessions.filter((it) => it.own);
      const open = desk.doors["GET /v1/sessions"]!;
      desk.doors["GET /v1/sessions"] = () => refuse(503, "busy", "The server is busy. Try again.");
      await page.goto(`${desk.origin}/settings/passkeys`);
      await by(page, "sessions").getByText("The server is busy.").waitFor();
      desk.doors["GET /v1/sessions"] = open;
      desk.state.sessions = own;
      await by(page, "sessions").getByRole("button", { name: "Try again" }).click();
      await by(page, "sessions").getByText("Nowhere else.").waitFor();
      const more = Array.from({ length: 11 }, (_, place) => ({ ...own[0]!, id: `ses_${place}`, own: false }));
      desk.state.sessions = [...more, ...own];
      await page.reload();
      await soon(() => page.getByRole("button", { name: "End Firefox on Linux" }).count()).toBe(7);
      await by(page, "more-sessions").getByText("4 more").click();
      await soon(() => page.getByRole("button", { name: "End Firefox on Linux" }).count()).toBe(11);
    }));
});

describe("what the page says", () => {
  it("of a rejected conversion that had counted is why it cannot be approved, not a button that is refused", () =>
    tell("owner", async (page, desk) => {
      desk.state.page = { ...desk.state.page, stage: "rejected", takenBack: false };
      await page.goto(`${desk.origin}/conversions/${ids.lead}`);
      await by(page, "approve").waitFor();
      expect(await by(page, "taken-back").count()).toBe(0);
      desk.state.page = { ...desk.state.page, takenBack: true };
      await page.reload();
      await by(page, "taken-back").getByText("cannot be approved any more").waitFor();
      expect(await by(page, "approve").count()).toBe(0);
    }));

  it("is wrong in the terms is called as the form calls it, and leads there", () =>
    tell("owner", async (page, desk) => {
      await page.goto(`${desk.origin}/contracts/${ids.countered}/counter`);
      const before = JSON.parse(await by(page, "terms-json").inputValue());
      const pay = [
        before.pay[0],
        { rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps: [{ from: "x", amountMinor: 5 }] },
      ];
      const { holdDays: _, ...timing } = before.timing;
      const results = { ...before.results, lead: { counts: "never" } };
      await by(page, "terms-json").fill(JSON.stringify({ ...before, results, pay, timing, strange: 1 }));
      const names = page.locator("[data-testid=terms-problems] .pointer");
      await soon(async () => (await names.allInnerTexts()).sort()).toEqual([
        "/strange",
        "Pay 2 · Step 1 · From",
        "Result lead · Counts",
        "Timing and payout · Held for days",
      ]);
      await names.filter({ hasText: "Step 1" }).click();
      await soon(() => focused(page)).toBe("terms/pay/1/steps/0/from");
      await names.filter({ hasText: "strange" }).click();
      await soon(() => focused(page)).toBe("terms-json");
    }));
});
