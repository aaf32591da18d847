// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { checkIban } from "../../server/console/kit/iban.ts";
import { reworded } from "../../server/console/kit/reworded.ts";
import { timeLeft } from "../../server/console/parts/countdown.tsx";
import { halfIn } from "../../server/console/views/mediate.tsx";
import { nextKey } from "../../server/console/views/payout-run.tsx";
import { openDesk, refuse } from "./desk.ts";
import { count, it$, press, settle, type, visit } from "./screen.tsx";
import { halves, moneyIds } from "./world.money.ts";
import { ids } from "./world.ts";

const posts = (desk: ReturnType<typeof openDesk>, door: string) => desk.state.asked.filter((it) => it.door === door);
const all = (testid: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
const another = `/disputes/new?contract=${ids.minas}&conversion=cnv_lead1000000000000000`;

const pick = async (testid: string, value: string): Promise<void> => {
  const select = it$<HTMLSelectElement>(testid);
  select.value = value;
  await act(() => void select.dispatchEvent(new Event("change", { bubbles: true })));
};

const speak = (language: string): void => {
  Object.defineProperty(navigator, "languages", { value: [language], configurable: true });
};

afterEach(() => speak("en-US"));

describe("the list of disputes", () => {
  it("shows open ones first, those that wait for whoever looks before the others, each with what silence brings", async () => {
    await visit(openDesk("influencer"), "/disputes");
    const open = [...it$("open-disputes").querySelectorAll<HTMLElement>("[data-dispute]")];
    expect(open.map((it) => it.dataset.dispute)).toEqual([moneyIds.statement, moneyIds.lead, moneyIds.escalated]);
    expect(open[0]?.textContent).toContain("Your move");
    expect(open[0]?.textContent).toMatch(/1 day \d+ hours? left/);
    expect(open[1]?.textContent).toMatch(/If nobody moves by .*, all of it goes to Mina Okafor/);
    expect(it$("resolved-disputes").textContent).toContain("Both agreed on a split. Mina Okafor gets $5.00.");
  });

  it("says where disputes begin when there are none", async () => {
    await visit(openDesk("owner", false), "/disputes");
    expect(it$("empty").textContent).toContain("dispute it there");
  });
});

describe("opening a dispute", () => {
  it("starts from a conversion with what can be disputed of it, and a brand's reasons only", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/conversions/${ids.lead}`);
    expect(it$("to-dispute").getAttribute("href")).toContain(`conversion=${ids.lead}`);
    await visit(desk, another);
    expect(it$<HTMLInputElement>("dispute-amount").value).toBe("9.60");
    const reasons = [...it$<HTMLSelectElement>("dispute-reason").options].map(({ value }) => value);
    expect(reasons).toContain("refunded");
    expect(reasons).not.toContain("missing-results");
    await pick("dispute-reason", "duplicate");
    await type("dispute-text", "She enrolled in March already.");
    await type("dispute-links", "https://files.larkspur.example/a\nhttps://files.larkspur.example/b");
    await press("open-dispute");
    expect(posts(desk, "POST /v1/disputes")[0]?.body).toEqual({
      item: { kind: "conversion", contract: ids.minas, conversion: "cnv_lead1000000000000000" },
      amountMinor: 960,
      reason: "duplicate",
      text: "She enrolled in March already.",
      links: ["https://files.larkspur.example/a", "https://files.larkspur.example/b"],
    });
    expect(location.pathname).toMatch(/^\/disputes\/dsp_new/);
  });

  it("sends nothing while the reason is missing or the amount cannot be read", async () => {
    const desk = openDesk("owner");
    await visit(desk, another);
    await type("dispute-amount", "nine");
    await press("open-dispute");
    expect(posts(desk, "POST /v1/disputes")).toEqual([]);
    expect(all("field-problem").map((it) => it.textContent)).toEqual([
      expect.stringContaining("Write an amount in USD"),
      "Choose a reason.",
    ]);
  });

  it("offers the most there is when less is left than was asked", async () => {
    const desk = openDesk("owner");
    desk.state.worthMinor = 250;
    await visit(desk, another);
    await pick("dispute-reason", "refunded");
    await press("open-dispute");
    expect(it$("field-problem").textContent).toContain("Of this item $2.50 can be disputed");
    await press("dispute-most");
    await press("open-dispute");
    expect(posts(desk, "POST /v1/disputes")[1]?.body).toMatchObject({ amountMinor: 250 });
  });

  it("asks for words where the reason says nothing by itself", async () => {
    await visit(openDesk("owner"), another);
    await pick("dispute-reason", "other");
    await press("open-dispute");
    expect(it$("field-problem").textContent).toContain("write what is wrong");
  });

  it("leads to the dispute there is, and waits for a statement to close", async () => {
    await visit(openDesk("owner"), `/disputes/new?contract=${ids.minas}&conversion=${ids.lead}`);
    expect(it$("to-existing").getAttribute("href")).toBe(`/disputes/${moneyIds.lead}`);
    await visit(openDesk("owner"), `/disputes/new?contract=${ids.minas}&period=1`);
    expect(it$("not-yet").textContent).toContain("once it has closed");
  });

  it("asks an influencer how much is missing, and holds nothing for it", async () => {
    const desk = openDesk("influencer");
    await visit(desk, another);
    expect(it$<HTMLInputElement>("dispute-amount").value).toBe("");
    await type("dispute-amount", "30");
    await pick("dispute-reason", "lead-wrongly-rejected");
    await press("open-dispute");
    expect(it$("turn").textContent).toContain("Nothing is held because of it");
  });
});

describe("a dispute", () => {
  it("says whose turn it is, until when, and who gets what if nobody moves", async () => {
    await visit(openDesk("owner"), `/disputes/${moneyIds.lead}`);
    expect(it$("deadline").textContent).toContain("Mina Okafor’s answer is awaited.");
    expect(it$("if-silent").textContent).toContain("Larkspur Academy keeps $0.00, Mina Okafor gets $9.60.");
    expect(it$("turn").textContent).toContain("It is held until this is resolved; everything else is paid as usual.");
    expect(it$("evidence-hash").dataset.unchanged).toBe("true");
    expect(it$("evidence-journey").textContent).toContain("Mina Okafor");
    expect(count("answer") + count("propose")).toBe(0);
  });

  it("is answered, and then both may propose", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/disputes/${moneyIds.lead}`);
    await type("answer-text", "She wrote to me herself.");
    await press("answer");
    expect(it$("dispute-status").textContent).toBe("Answered");
    expect(it$("talk").textContent).toContain("She wrote to me herself.");
    expect(count("propose")).toBe(1);
  });

  it("is split into two parts that always come to the amount, to the cent", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/disputes/${moneyIds.statement}`);
    await type("split-influencer", "77.77");
    expect(it$<HTMLInputElement>("split-brand").value).toBe("45.68");
    await type("split-brand", "200");
    expect(it$("field-problem").textContent).toContain("only $123.45 to split");
    await press("propose");
    expect(posts(desk, "POST /v1/disputes/:dispute/propose")).toEqual([]);
    await type("split-slider", "33");
    await press("propose");
    const split = { brandMinor: 4_074, influencerMinor: 8_271 };
    expect(posts(desk, "POST /v1/disputes/:dispute/propose")[0]?.body).toEqual({ split });
    expect(it$("deadline").textContent).toContain("Larkspur Academy’s answer");
  });

  it("ends when the last proposal is accepted, after asking once more", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/disputes/${moneyIds.statement}`);
    await press("accept");
    expect(it$("accept-dialog").textContent).toContain("Mina Okafor gets $40.00");
    await press("confirm-accept");
    expect(posts(desk, "POST /v1/disputes/:dispute/accept")[0]?.body).toEqual({ proposal: 0 });
    expect(it$("resolved").textContent).toContain("It added $40.00 to what the contract earns");
    expect(count("propose") + count("escalate") + count("withdraw")).toBe(0);
  });

  it("can be withdrawn by who opened it and conceded by the other, never the other way round", async () => {
    await visit(openDesk("owner"), `/disputes/${moneyIds.lead}`);
    expect([count("withdraw"), count("concede")]).toEqual([1, 0]);
    await visit(openDesk("influencer"), `/disputes/${moneyIds.lead}`);
    expect([count("withdraw"), count("concede")]).toEqual([0, 1]);
    await press("concede");
    await press("confirm-concede");
    expect(it$("resolved").dataset.how).toBe("conceded");
  });

  it("with the mediator gives each side its own half of the key, to hand on", async () => {
    await visit(openDesk("owner"), `/disputes/${moneyIds.escalated}`);
    expect(it$("mediator-url-text").textContent).toContain(halves.brand);
    expect(it$("half").textContent).toContain("only both together decide it");
    await visit(openDesk("influencer"), `/disputes/${moneyIds.escalated}`);
    expect(it$("mediator-url-text").textContent).toContain(halves.influencer);
  });
});

describe("the mediator", () => {
  const place = `/mediate/${moneyIds.escalated}#key=${halves.brand}`;

  it("reads with one half and nobody signed in, and decides with both", async () => {
    const desk = openDesk("nobody");
    await visit(desk, place);
    expect(count("signed-out")).toBe(0);
    await press("decide");
    expect(it$("field-problem").textContent).toContain("Paste the link that the other side has sent you.");
    await type("other-half", `https://makegood.example/mediate/x#key=${halves.brand}`);
    expect(it$("field-problem").textContent).toContain("the half you have already");
    await type("other-half", `https://makegood.example/mediate/x#key=${halves.influencer}`);
    await type("split-influencer", "100");
    await press("decide");
    await press("confirm-decide");
    const told = posts(desk, "POST /v1/disputes/:dispute/decide")[0]?.body;
    expect(told).toEqual({
      keys: [halves.brand, halves.influencer],
      split: { brandMinor: 20_000, influencerMinor: 10_000 },
    });
    expect(it$("resolved").textContent).toContain("The mediator decided.");
  });

  it("is told plainly of a half that belongs elsewhere, and of a link cut short", async () => {
    await visit(openDesk("nobody"), place);
    await type("other-half", "aaaaaaaaaaaaaaaaaaaaaaaaaa");
    await press("decide");
    await press("confirm-decide");
    expect(all("refusal").at(-1)?.textContent).toContain("does not belong to this dispute");
    await visit(openDesk("nobody"), `/mediate/${moneyIds.escalated}#key=short`);
    expect(it$("empty").textContent).toContain("not whole");
    expect(halfIn(`  HTTPS://x.example/mediate/dsp#key=${halves.brand.toUpperCase()} `)).toBe(halves.brand);
  });
});

describe("paying", () => {
  const run = "/payouts/run?rail=manual&currency=USD";

  it("shows who gets what and who waits and why, before anything is made", async () => {
    await visit(openDesk("owner"), run);
    expect(it$("plan-total").textContent).toBe("$552.44");
    expect(all("plan-row").map((it) => it.textContent)).toEqual([
      expect.stringContaining("$60.96 of $406.40 is kept back for tax."),
      expect.stringContaining("$207.00"),
    ]);
    expect(all("waiting-row").map((it) => it.dataset.code)).toEqual([
      "held",
      "no-details",
      "below-minimum",
      "details-changed",
    ]);
  });

  it("makes a run's batch once, named as it was previewed, though the button is pressed twice", async () => {
    const desk = openDesk("owner");
    await visit(desk, run);
    await press("make-batch");
    expect(it$("confirm-total").textContent).toBe("$552.44");
    it$("confirm-make-batch").click();
    it$("confirm-make-batch").click();
    await settle();
    const made = posts(desk, "POST /v1/payout-batches");
    expect(made.map(({ body }) => body)).toEqual([{ rail: "manual", currency: "USD", key: "2026-11-22" }]);
    expect(made[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(location.pathname).toBe(`/payouts/batches/${moneyIds.batch}`);
    await visit(desk, run);
    expect(it$("plan-made").textContent).toContain("has been made already");
    expect(count("make-batch")).toBe(0);
    expect(it$("next-run").getAttribute("href")).toContain("key=2026-11-22-2");
  });

  it("keeps the same key after silence, so that a batch is not made twice on a bad line", async () => {
    const desk = openDesk("owner");
    const open = desk.doors["POST /v1/payout-batches"]!;
    await visit(desk, run);
    await press("make-batch");
    const answer = desk.answer;
    desk.answer = (...asked) => {
      answer(...asked);
      throw new Error("The line is cut.");
    };
    await press("confirm-make-batch");
    desk.answer = answer;
    desk.doors["POST /v1/payout-batches"] = open;
    await press("confirm-make-batch");
    const keys = posts(desk, "POST /v1/payout-batches").map(({ key }) => key);
    expect(keys.length).toBe(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("marks a payout as paid with its proof, another as come back with a reason, and shows what is left", async () => {
    const desk = openDesk("owner");
    await visit(desk, run);
    await press("make-batch");
    await press("confirm-make-batch");
    expect(it$("download").getAttribute("href")).toBe(`/v1/payout-batches/${moneyIds.batch}/file`);
    await press("mark-settle");
    await press("confirm-settle");
    expect(it$("field-problem").textContent).toBe("Fill this in.");
    await type("settle-reference", "Wise 88121");
    await press("confirm-settle");
    await press("mark-fail");
    await type("fail-reason", "The account is closed");
    await press("confirm-fail");
    expect(all("batch-payout").map((it) => it.dataset.status)).toEqual(["settled", "failed"]);
    expect([it$("sum-settled").dataset.exact, it$("sum-sent").dataset.exact, it$("sum-back").dataset.exact]).toEqual([
      "34544",
      "0",
      "20700",
    ]);
    expect(count("mark-unclaim")).toBe(0);
  });

  it("marks all of a batch with one proof, and goes on where it was refused", async () => {
    const desk = openDesk("owner");
    await visit(desk, run);
    await press("make-batch");
    await press("confirm-make-batch");
    const open = desk.doors["POST /v1/payouts/:payout/settle"]!;
    desk.doors["POST /v1/payouts/:payout/settle"] = (asked) =>
      asked.params.payout === moneyIds.jonasPayout ? refuse(503, "failure", "Try again.") : open(asked);
    await press("settle-all");
    await type("settle-all-reference", "Order 9");
    await press("confirm-settle-all");
    expect(it$("refusal").textContent).toContain("Try again.");
    desk.doors["POST /v1/payouts/:payout/settle"] = open;
    await press("confirm-settle-all");
    expect(all("batch-payout").map((it) => it.dataset.status)).toEqual(["settled", "settled"]);
  });

  it("says why a bank file cannot be made, and where that is mended", async () => {
    await visit(openDesk("owner"), "/payouts/run?rail=bank&currency=USD");
    expect(it$("plan-refused").textContent).toContain("from which account you pay");
    expect(it$("plan-refused").querySelector("a")?.getAttribute("href")).toBe("/payouts/settings");
    expect(count("make-batch")).toBe(0);
  });

  it("names the next run of a day so that it is another", () => {
    expect([nextKey("2026-11-22"), nextKey("2026-11-22-2"), nextKey("bonus")]).toEqual([
      "2026-11-22-2",
      "2026-11-22-3",
      "bonus-2",
    ]);
  });
});

describe("an influencer's payouts", () => {
  it("show every payout by statement, what waits and why, and what is owed, and no fee of the brand", async () => {
    await visit(openDesk("influencer"), "/payouts");
    expect(count("my-payout")).toBe(1);
    expect(all("payout-line-amount").map((it) => it.dataset.minor)).toEqual(["41600", "-960"]);
    expect(all("waiting-row").map((it) => it.dataset.code)).toEqual(["held", "details-changed"]);
    expect(it$("my-debts").textContent).toContain("$42.00");
    expect(it$("where-paid").textContent).toContain("keeps 15% of each payout back for tax");
    expect(count("to-run")).toBe(0);
  });

  it("go where they said only after they proved that it is them", async () => {
    const desk = openDesk("influencer");
    await visit(desk, "/payouts/details");
    expect(it$("hold-explained").textContent).toContain("72 hours");
    await pick("details-rail", "bank");
    await type("details-name", "Mina Okafor");
    await type("details-iban", "DE89 3704 0044 0532 0130 01");
    expect(it$("field-problem").textContent).toContain("check digits do not fit");
    await press("save-details");
    expect(posts(desk, "POST /v1/proofs/start")).toEqual([]);
    await type("details-iban", "de89370400440532013000");
    expect(count("details-iban-good")).toBe(1);
    await press("save-details");
    const asked = desk.state.asked.map(({ door }) => door).filter((door) => door.startsWith("POST"));
    expect(asked).toEqual(["POST /v1/proofs/start", "POST /v1/proofs/finish", "POST /v1/payout-details"]);
    expect(posts(desk, "POST /v1/proofs/finish")[0]?.body).toEqual({ purpose: "payout-details" });
    expect(posts(desk, "POST /v1/payout-details")[0]?.body).toEqual({
      details: { rail: "bank", name: "Mina Okafor", iban: "DE89370400440532013000", country: "DE" },
      proof: "proof-of-the-desk",
    });
    expect(it$("details-row").textContent).toContain("DE … 3000");
    expect(it$<HTMLInputElement>("details-iban").value).toBe("");
  });
});

describe("an account number", () => {
  it.each([
    ["", "empty", ""],
    ["DE89 3704", "short", "8 of 22 characters."],
    ["D", "short", "Two letters"],
    ["12", "wrong", "begins with two letters"],
    ["XX12", "wrong", "not a country with IBANs"],
    ["DEA9", "wrong", "come two digits"],
    ["DE89 3704 0044 0532 0130 0", "short", "21 of 22"],
    ["DE89 3704 0044 0532 0130 00", "good", "right"],
    ["DE89 3704 0044 0532 0103 00", "wrong", "two are swapped"],
    ["DE89 3704 0044 0532 0130 000", "wrong", "Too long by 1"],
    ["GB29 NWBK 6016 1331 9268 19", "good", "right"],
    ["DE89 3704 0044 0532 013O 00", "wrong", "check digits do not fit"],
    ["DE89 3704/0044", "wrong", "letters and digits only"],
  ])("typed as “%s” is %s: %s", (text, state, says) => {
    const check = checkIban(text);
    expect(check.state).toBe(state);
    expect(check.says).toContain(says);
  });
});

describe("money around payouts", () => {
  it("is set aside, set free and sent on by amounts above zero, and refused in the reader's own figures", async () => {
    const desk = openDesk("owner");
    await visit(desk, "/payouts/deposits");
    expect(it$("deposit-free").dataset.minor).toBe("150000");
    await press("reserve");
    await press("confirm-reserve");
    expect(posts(desk, "POST /v1/contracts/:contract/reserve")).toEqual([]);
    await type("reserve-amount", "9999");
    await press("confirm-reserve");
    expect(it$("refusal").textContent).toContain("The deposit holds $1,500.00, which is less.");
    await type("reserve-amount", "500");
    await press("confirm-reserve");
    expect(it$("deposit-free").dataset.minor).toBe("100000");
    await press("remit");
    expect(it$<HTMLInputElement>("remit-amount").value).toBe("60.96");
    await type("remit-reference", "Form 1042-S");
    await press("confirm-remit");
    expect(it$("deposit-tax").dataset.minor).toBe("0");
  });

  it("is given up only by two people, which is said before anybody tries", async () => {
    const desk = openDesk("owner");
    await visit(desk, "/payouts/debts");
    expect([it$("owed-total").dataset.minor, it$("age-90+").dataset.exact]).toEqual(["6200", "4200"]);
    expect(it$("write-offs").textContent).toContain("If you are the only owner, nobody can confirm it");
    await press("give-up");
    expect(it$<HTMLInputElement>("write-off-amount").value).toBe("53.00");
    await press("confirm-write-off");
    expect(posts(desk, "POST /v1/influencers/:influencer/write-offs")[0]?.body).toEqual({
      currency: "USD",
      amountMinor: 5_300,
    });
    await press("ask-to-confirm");
    await press("confirm-giving-up");
    expect(it$("refusal").textContent).toContain("somebody else of the brand must confirm it");
    expect(all("write-off-row")[0]?.dataset.confirmed).toBe("false");
  });

  it("is paid out of a deposit, less a fee, as the settings say; tax is kept back of whom the brand says", async () => {
    const desk = openDesk("owner");
    await visit(desk, "/payouts/settings");
    await type("payer-name", "Larkspur Academy GmbH");
    await type("payer-iban", "DE89 3704 0044 0532 0130 00");
    await press("save-payer");
    expect(it$("payer").textContent).toContain("DE … 3000");
    await type("fee", "2.5");
    await press("save-prefunding");
    expect(posts(desk, "POST /v1/payout-settings").at(-1)?.body).toEqual({ prefunded: true, platformFeeBp: 250 });
    await press("change-withholding");
    await type("withhold-percent", "51");
    await press("confirm-withhold");
    expect(posts(desk, "POST /v1/influencers/:influencer/withholding")).toEqual([]);
    await type("withhold-percent", "7.5");
    await press("confirm-withhold");
    expect(posts(desk, "POST /v1/influencers/:influencer/withholding")[0]?.body).toEqual({ withholdBp: 750 });
  });
});

describe("figures", () => {
  it("of the server's sentences are said as the reader writes them", () => {
    speak("de-DE");
    expect(reworded("$1,234.50 is carried over: payouts begin at $50.00 under the contract.", "USD")).toBe(
      "1.234,50\u00a0$ is carried over: payouts begin at 50,00\u00a0$ under the contract.",
    );
    expect(reworded("Of this item 960 minor units can be disputed.", "EUR")).toContain("9,60\u00a0€");
    expect(reworded("¥1,200 waits.", "JPY")).toContain("1.200");
    expect(reworded("Nothing in here.", "KWD")).toBe("Nothing in here.");
  });

  it("count a deadline down in its two largest units", () => {
    const day = 86_400_000;
    expect(timeLeft(6 * day + 4 * 3_600_000, 0)).toBe("6 days 4 hours");
    expect(timeLeft(day, 0)).toBe("1 day");
    expect(timeLeft(61 * 60_000, 0)).toBe("1 hour 1 minute");
    expect(timeLeft(59_000, 0)).toBe("less than a minute");
    expect(timeLeft(0, 0)).toBeNull();
  });
});
