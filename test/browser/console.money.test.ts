import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Who } from "../console/desk.ts";
import { halves, moneyIds } from "../console/world.money.ts";
import { ids } from "../console/world.ts";
import { by, type Served, soon, stories } from "./console.desk.ts";

const { tell: told } = stories();
const tell = (who: Who, filled: boolean, story: (page: Page, desk: Served) => Promise<void>): Promise<void> =>
  told(who, story, { filled });

const disputing = `/disputes/new?contract=${ids.minas}&conversion=cnv_lead1000000000000000`;

const brandPages = {
  disputes: "/disputes",
  "dispute-new": disputing,
  dispute: `/disputes/${moneyIds.lead}`,
  "dispute-statement": `/disputes/${moneyIds.statement}`,
  "dispute-escalated": `/disputes/${moneyIds.escalated}`,
  "dispute-resolved": `/disputes/${moneyIds.settled}`,
  payouts: "/payouts",
  "payout-run": "/payouts/run?rail=manual&currency=USD",
  "payout-batch": `/payouts/batches/${moneyIds.bankBatch}`,
  deposits: "/payouts/deposits",
  debts: "/payouts/debts",
  "payout-settings": "/payouts/settings",
} as const;

const influencerPages = {
  "my-disputes": "/disputes",
  "my-dispute": `/disputes/${moneyIds.statement}`,
  "my-dispute-new": disputing,
  "my-answer": `/disputes/${moneyIds.lead}`,
  "my-payouts": "/payouts",
  "my-details": "/payouts/details",
} as const;

const mediating = `/mediate/${moneyIds.escalated}#key=${halves.brand}`;

const shots = process.env.MAKEGOOD_SHOTS;
const looks = [
  { name: "light", width: 1280, height: 900, colorScheme: "light" },
  { name: "dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone", width: 390, height: 844, colorScheme: "light" },
] as const;

describe.skipIf(!shots)("pictures of every page about money", () => {
  const inEveryLook = async (page: Page, draw: (look: string) => Promise<void>) => {
    mkdirSync(shots ?? "", { recursive: true });
    for (const look of looks) {
      await page.setViewportSize({ width: look.width, height: look.height });
      await page.emulateMedia({ colorScheme: look.colorScheme });
      await draw(look.name);
    }
  };
  const picture = (page: Page, origin: string, pages: Readonly<Record<string, string>>) =>
    inEveryLook(page, async (look) => {
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(origin + path);
        await page.waitForTimeout(350);
        await page.screenshot({ path: `${shots}/money-${name}-${look}.png`, fullPage: true });
      }
    });
  it("of a brand", () => tell("owner", true, (page, desk) => picture(page, desk.origin, brandPages)));
  it("of an influencer", () => tell("influencer", true, (page, desk) => picture(page, desk.origin, influencerPages)));
  it("of a mediator", () => tell("nobody", true, (page, desk) => picture(page, desk.origin, { mediate: mediating })));
  it("of a beginner", () =>
    tell("owner", false, (page, desk) =>
      picture(page, desk.origin, {
        "disputes-empty": "/disputes",
        "payouts-empty": "/payouts",
        "deposits-empty": "/payouts/deposits",
        "debts-empty": "/payouts/debts",
      }),
    ));
  it("of batches being made and marked, and of dialogs", () =>
    tell("owner", true, (page, desk) =>
      inEveryLook(page, async (look) => {
        const shot = async (name: string) => {
          await page.waitForTimeout(300);
          await page.screenshot({ path: `${shots}/money-${name}-${look}.png`, fullPage: name.startsWith("batch") });
        };
        desk.state.batches = desk.state.batches.filter(({ id }) => id !== moneyIds.batch);
        await page.goto(desk.origin + brandPages["payout-run"]);
        await by(page, "make-batch").click();
        await shot("dialog-make");
        await by(page, "confirm-make-batch").click();
        await by(page, "batch-payout").first().waitFor();
        await shot("batch-fresh");
        await by(page, "mark-settle").first().click();
        await by(page, "confirm-settle").click();
        await shot("dialog-settle");
        await page.goto(desk.origin + brandPages.debts);
        await by(page, "give-up").first().click();
        await shot("dialog-write-off");
        await page.goto(desk.origin + brandPages.deposits);
        await by(page, "reserve").click();
        await shot("dialog-reserve");
      }),
    ));
});

describe("a dispute", () => {
  it("is opened from a conversion, answered, split by the arrow keys, and accepted", () =>
    tell("owner", true, async (page, desk) => {
      desk.state.disputes = [];
      await page.goto(`${desk.origin}/conversions/${ids.lead}`);
      await by(page, "to-dispute").first().click();
      await soon(() => by(page, "dispute-amount").inputValue()).toBe("9.60");
      await by(page, "dispute-reason").selectOption("wrong-amount");
      await by(page, "open-dispute").click();
      await by(page, "if-silent").waitFor();
      const place = page.url();

      desk.state.who = "influencer";
      await page.goto(place);
      await by(page, "answer-text").fill("It is what the terms say.");
      await by(page, "answer").click();
      await by(page, "split-slider").focus();
      await page.keyboard.press("End");
      await soon(() => by(page, "split-influencer").inputValue()).toBe("0.00");
      for (let step = 0; step < 25; step += 1) await page.keyboard.press("ArrowLeft");
      await soon(() => by(page, "split-influencer").inputValue()).toBe("2.40");
      await soon(() => by(page, "split-brand").inputValue()).toBe("7.20");
      expect(await by(page, "split-slider").getAttribute("aria-valuetext")).toContain("Mina Okafor gets $2.40");
      await by(page, "propose").click();
      await by(page, "deadline").getByText("Larkspur Academy’s answer").waitFor();

      desk.state.who = "owner";
      await page.goto(place);
      await by(page, "accept").click();
      await by(page, "confirm-accept").click();
      await soon(() => by(page, "resolved").textContent()).toContain("It took $7.20 off what the contract earns");
      await soon(() => by(page, "talk").textContent()).toContain("It is what the terms say.");
    }));

  it("goes to a mediator who is signed in nowhere and pastes the second half", () =>
    tell("nobody", true, async (page, desk) => {
      await page.goto(desk.origin + mediating);
      await by(page, "other-half").fill(`http://127.0.0.1:8787/mediate/x#key=${halves.influencer}`);
      await by(page, "split-brand").fill("250");
      await by(page, "decide").click();
      await by(page, "decide-dialog").getByText("Mina Okafor gets $50.00").waitFor();
      await by(page, "confirm-decide").click();
      await by(page, "resolved").waitFor();
      expect(desk.state.disputes.find(({ id }) => id === moneyIds.escalated)?.outcome?.influencerMinor).toBe(5_000);
    }));
});

describe("payouts", () => {
  it("are looked at, made, downloaded and marked by a brand", () =>
    tell("owner", true, async (page, desk) => {
      await page.goto(`${desk.origin}/payouts`);
      await by(page, "to-run").click();
      await soon(() => by(page, "plan-total").textContent()).toBe("$552.44");
      await by(page, "make-batch").click();
      await by(page, "confirm-make-batch").dblclick();
      await by(page, "batch-payout").first().waitFor();
      expect(desk.state.asked.filter(({ door }) => door === "POST /v1/payout-batches").length).toBe(1);
      const arrives = page.waitForEvent("download");
      await by(page, "download").click();
      expect((await arrives).suggestedFilename()).toBe(`${moneyIds.batch}.csv`);
      await by(page, "mark-settle").first().click();
      await by(page, "settle-reference").fill("Wise 88121");
      await page.keyboard.press("Enter");
      await soon(() => by(page, "batch-payout").first().getAttribute("data-status")).toBe("settled");
      await page.getByRole("link", { name: "Payouts" }).first().click();
      await soon(() => by(page, "payouts-open").locator("li").count()).toBe(1);
    }));

  it("go to an account whose number is checked while it is typed, and wait after a change", () =>
    tell("influencer", true, async (page, desk) => {
      await page.goto(`${desk.origin}/payouts`);
      await by(page, "to-details").click();
      await by(page, "details-rail").selectOption("bank");
      await by(page, "details-name").fill("Mina Okafor");
      await by(page, "details-iban").pressSequentially("DE89370400440532");
      await page.getByText("16 of 22 characters.").waitFor();
      await by(page, "details-iban").pressSequentially("013001");
      await page.getByText("Its check digits do not fit").waitFor();
      await page.keyboard.press("Backspace");
      await page.keyboard.press("0");
      await by(page, "details-iban-good").waitFor();
      await by(page, "save-details").click();
      await by(page, "details-saved").waitFor();
      await soon(() => by(page, "details-row").textContent()).toContain("Payouts wait until");
    }));
});

describe("every page about money", () => {
  const visits: readonly (readonly [Who, Readonly<Record<string, string>>])[] = [
    ["owner", brandPages],
    ["influencer", influencerPages],
    ["nobody", { mediate: mediating }],
  ];

  it.each(visits)("of %s fits a phone of 360 pixels, and everything on it has a name", (who, pages) =>
    tell(who, true, async (page, desk) => {
      await page.setViewportSize({ width: 360, height: 740 });
      for (const path of Object.values(pages)) {
        await page.goto(desk.origin + path);
        await page.locator("h1").waitFor();
        const found = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const named = (it: Element): boolean =>
            Boolean(
              it.getAttribute("aria-label") ??
                (it as HTMLInputElement).labels?.[0]?.textContent?.trim() ??
                it.textContent?.trim(),
            );
          const all = [...document.querySelectorAll("input, select, textarea, button, a, svg[role=img], summary")];
          const nameless = all.filter((it) => !named(it)).map((it) => it.outerHTML.slice(0, 120));
          return { beyond: Math.max(0, scrollWidth - clientWidth), nameless };
        });
        const headings = await page.locator("h1").count();
        expect({ path, ...found, headings }).toEqual({ path, beyond: 0, nameless: [], headings: 1 });
      }
    }),
  );
});
