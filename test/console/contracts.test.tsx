// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { consents, consentVersion } from "../../shared/contract/consent.ts";
import { openDesk, refuse } from "./desk.ts";
import { choose, count, it$, press, settle, type, visit } from "./screen.tsx";
import { ids, NOW } from "./world.ts";

type Desk = ReturnType<typeof openDesk>;

const posts = (desk: Desk, door: string) =>
  desk.state.asked.filter((it) => it.door === `POST /v1/contracts/:contract${door}`);
const body = (desk: Desk, door: string) => posts(desk, door).at(-1)?.body as Record<string, unknown> | undefined;
const shown = (desk: Desk, id: string) => desk.state.contracts.find((it) => it.id === id)!;
const heads = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>('[data-testid="difference"]')].map((it) => it.dataset.head);
const saved = async (): Promise<void> => {
  await expect.poll(() => it$<HTMLButtonElement>("terms-save").disabled, { timeout: 10_000 }).toBe(false);
  await press("terms-save");
};

describe("an offer", () => {
  it("stands for as many days as the brand says, and no other number of them", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/contracts/${ids.priyas}`);
    await type("offer-days", "91");
    expect(it$("field-problem").textContent).toContain("from 1 to 90");
    expect(it$<HTMLButtonElement>("offer").disabled).toBe(true);
    await type("offer-days", "5");
    await press("offer");
    expect(body(desk, "/offer")).toEqual({ expiresInDays: 5 });
    expect(it$("expires").dataset.at).toBe(String(NOW + 5 * 86_400_000));
    expect(it$("expires").textContent).toContain("in 5 days");
  });

  it("is declined with a reason and a word, which the history keeps", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}`);
    expect(count("withdraw")).toBe(0);
    await press("decline");
    await choose("decline-reason", "dates");
    await type("decline-note", "I am away in January.");
    await press("confirm-decline");
    expect(body(desk, "/decline")).toEqual({ reason: "dates", note: "I am away in January." });
    expect(it$("contract-status").textContent).toBe("Declined");
    expect(it$("history").textContent).toContain("The dates do not fit");
    expect(it$("history").textContent).toContain("I am away in January.");
    expect(count("sign") + count("counter")).toBe(0);
  });

  it("is withdrawn by whoever made it, and by nobody else", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/contracts/${ids.offered}`);
    expect(count("decline")).toBe(0);
    await press("withdraw");
    await press("confirm-withdraw");
    expect(it$("contract-status").textContent).toBe("Withdrawn");
    await visit(desk, `/contracts/${ids.countered}`);
    expect(count("withdraw")).toBe(0);
  });

  it("that has expired says so, and can no longer be signed", async () => {
    const desk = openDesk("influencer");
    desk.state.contracts = desk.state.contracts.map((it) =>
      it.proposal ? { ...it, proposal: { ...it.proposal, expiresAt: NOW } } : it,
    );
    await visit(desk, `/contracts/${ids.offered}`);
    expect(it$("expired").textContent).toContain("has expired");
    expect(count("sign") + count("decline") + count("counter")).toBe(0);
  });
});

describe("a counter-offer", () => {
  it("begins with the terms on the table and shows, clause by clause, what differs from them", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}/counter`);
    expect(it$<HTMLInputElement>("terms/payout/minimumMinor").value).toBe("50.00");
    expect(it$<HTMLButtonElement>("terms-save").disabled).toBe(true);
    await type("terms/payout/minimumMinor", "20.00");
    await expect.poll(heads, { timeout: 10_000 }).toEqual(["Payment"]);
    expect(document.querySelector("del")?.textContent?.trim()).toBe("50.00");
    expect(document.querySelector("ins")?.textContent?.trim()).toBe("20.00");
    await type("offer-days", "10");
    await saved();
    expect(body(desk, "/counter")).toMatchObject({ expiresInDays: 10, terms: { payout: { minimumMinor: 2000 } } });
    expect(location.pathname).toBe(`/contracts/${ids.offered}`);
    expect(shown(desk, ids.offered).proposal).toMatchObject({ version: 2, by: "influencer" });
  });

  it("is told to the other side with what it changed of the offer before", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.countered}`);
    expect(it$("on-the-table").textContent).toContain("Counter-offer by Priya Raman");
    expect(it$("on-the-table").textContent).toContain("2 clauses differ from version 1");
    expect(heads().slice(0, 2)).toEqual(["Pay 1", "Pay 2"]);
    expect(count("version")).toBe(2);
  });

  it("to nothing at all says so, instead of a form that could only be refused", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.minas}/counter`);
    expect(it$("empty").textContent).toContain("Nothing is on the table");
  });
});

describe("signing", () => {
  it("shows the whole text and the whole consent, and says what kind of signature it is", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}`);
    for (const paragraph of consents[consentVersion] ?? []) expect(it$("consent").textContent).toContain(paragraph);
    const { text } = shown(desk, ids.offered).proposal!;
    for (const clause of text) expect(it$("wording").textContent).toContain(clause.slice(clause.indexOf(". ") + 2));
    expect(it$("sign-card").textContent).toContain("simple electronic signature: neither an advanced nor a qualified");
    expect(it$<HTMLInputElement>("sign-name").value).toBe("");
  });

  it("proves first who is at the keyboard, for these very terms, and sends the proof along", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}`);
    const { termsHash } = shown(desk, ids.offered);
    await press("sign-agree");
    await type("sign-name", " Mina Okafor ");
    await press("sign");
    const purposes = desk.state.asked.filter(({ door }) => door.startsWith("POST /v1/proofs")).map((it) => it.body);
    expect(purposes).toEqual(Array(2).fill({ purpose: `sign:${ids.offered}:${termsHash}` }));
    expect(body(desk, "/sign")).toMatchObject({ name: "Mina Okafor", termsHash, proof: "proof-of-the-desk" });
    expect(it$("signed-by").textContent).toContain("Mina Okafor has signed it");
  });

  it("explains what to do when the last sign-in is too long ago, keeps what was typed, and signs nothing", async () => {
    const desk = openDesk("influencer");
    desk.doors["POST /v1/proofs/start"] = () =>
      refuse(403, "sign-in-again", "You signed in more than 12 hours ago. Sign out, sign in again, and do this again.");
    await visit(desk, `/contracts/${ids.offered}`);
    await press("sign-agree");
    await type("sign-name", "Mina Okafor");
    await press("sign");
    expect(it$("refusal").dataset.code).toBe("sign-in-again");
    expect(it$("sign-advice").textContent).toContain("Nothing was signed");
    expect(it$<HTMLInputElement>("sign-name").value).toBe("Mina Okafor");
    expect(posts(desk, "/sign")).toEqual([]);
  });

  it("by both makes it run, with its certificate, its proof as a file and the way to check them", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}`);
    await press("sign-agree");
    await type("sign-name", "Mina Okafor");
    await press("sign");
    desk.state.who = "owner";
    await visit(desk, `/contracts/${ids.offered}`);
    await press("sign-agree");
    await type("sign-name", "Ada Marsh");
    await press("sign");
    expect(it$("contract-status").textContent).toBe("Running");
    expect(it$("to-verify").getAttribute("href")).toBe("/verify");
    expect(count("certificate") + count("bundle")).toBe(2);
  });

  it("a certificate that cannot be had is explained, not saved as a broken file", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.minas}`);
    await press("certificate");
    expect(it$("refusal").textContent).toContain("There is nothing here");
  });
});

describe("a contract that runs", () => {
  it("is amended from the first day of a coming period, and from no other", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.minas}/amend`);
    expect(it$<HTMLSelectElement>("terms/starts").value).toBe("2026-12-01");
    await type("terms/pay/0/amountMinor", "300.00");
    const json = JSON.parse(it$<HTMLTextAreaElement>("terms-json").value);
    await type("terms-json", JSON.stringify({ ...json, starts: "2026-12-10" }));
    expect(it$("cannot-follow").textContent).toContain("The next possible day is 2026-12-01");
    expect(it$<HTMLButtonElement>("terms-save").disabled).toBe(true);
    await choose("terms/starts", "2026-12-01");
    await saved();
    expect(body(desk, "/amend")).toMatchObject({ terms: { starts: "2026-12-01" }, expiresInDays: 30 });
    expect(it$("on-the-table").textContent).toContain("Amendment by Mina Okafor");
    expect(it$("on-the-table").textContent).toContain("what is signed now");
    expect(heads()).toEqual(expect.arrayContaining(["Time", "Pay 1"]));
  });

  it("is ended by notice no sooner than its terms allow, unless the other side agrees", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.minas}`);
    await press("give-notice");
    expect(it$("notice-form").textContent).toContain("21 days of notice");
    await type("notice-day", "2026-11-25");
    expect(it$("notice-form").textContent).toContain("by itself, after Dec 13, 2026");
    await choose("notice-reason", "plans-changed");
    await press("confirm-notice");
    expect(body(desk, "/terminate")).toEqual({ lastDay: "2026-11-25", reason: "plans-changed" });
    expect(it$("last-day").dataset.day).toBe("2026-12-13");
    expect(count("agree-notice") + count("amend")).toBe(0);
    desk.state.who = "owner";
    await visit(desk, `/contracts/${ids.minas}`);
    await press("agree-notice");
    expect(it$("last-day").dataset.day).toBe("2026-11-25");
    expect(count("agree-notice")).toBe(0);
  });

  it("says that its yearly review is due until it is noted as held", async () => {
    const desk = openDesk("owner");
    await visit(desk, "/contracts");
    expect(document.querySelector(`[data-contract="${ids.veterans}"]`)?.textContent).toContain("Review due");
    await visit(desk, `/contracts/${ids.veterans}`);
    await press("review-held");
    expect(posts(desk, "/review")).toHaveLength(1);
    expect(count("review-due")).toBe(0);
    expect(it$("history").textContent).toContain("Yearly review held");
  });

  it("lists all its versions with what each changed, and when each holds", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.jonases}`);
    const [second, first] = [...document.querySelectorAll<HTMLElement>('[data-testid="version"]')];
    expect(second?.textContent).toContain("holds Dec 1, 2026 – Dec 5, 2026");
    expect(first?.textContent).toContain("holds Oct 1, 2026 – Nov 30, 2026");
    expect(second?.textContent).toContain("2 clauses differ from version 1");
    expect(count("certificate-1") + count("certificate-2")).toBe(2);
  });
});

describe("a statement", () => {
  const groups = () =>
    [...document.querySelectorAll<HTMLElement>('[data-testid="period"]')].map((it) =>
      [...it.querySelectorAll<HTMLElement>('[data-testid="line-group"]')].map((group) => group.dataset.group),
    );

  it("tells rules, caps, corrections and agreed sums apart, and names the conversion of a correction", async () => {
    await visit(openDesk("influencer"), `/contracts/${ids.minas}/statement`);
    expect(groups()).toEqual([
      ["rules", "corrections", "agreed"],
      ["rules", "caps"],
    ]);
    expect(it$("line-conversion").getAttribute("href")).toMatch(/^\/conversions\/cnv_lead30/);
  });

  it("shows a missed guarantee being made good, how far, and until when", async () => {
    await visit(openDesk("influencer"), `/contracts/${ids.minas}/statement`);
    const october = document.querySelectorAll<HTMLElement>('[data-testid="guarantee"]')[1];
    expect(october?.dataset.state).toBe("pending");
    expect(Number(it$("made-good").dataset.filled)).toBeGreaterThan(0);
    expect(it$("made-good").textContent).toContain("until then nothing is taken off");
  });

  it("that is closed has a hash this browser computed again, and says when silence approves it", async () => {
    await visit(openDesk("influencer"), `/contracts/${ids.minas}/statement`);
    expect(it$("statement-hash").dataset.check).toBe("same");
    expect(it$("silence").textContent).toContain("silence approves it on Nov 29, 2026");
    expect(it$("due-because").textContent).toContain("settled when the period closes");
    expect(count("approve-statement")).toBe(0);
  });

  it("is approved by the brand, once", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/contracts/${ids.minas}/statement`);
    await press("approve-statement");
    expect(posts(desk, "/statements/:period/approve").map((it) => it.params.period)).toEqual(["0"]);
    expect(it$("closing").dataset.approved).toBe("true");
    expect(count("approve-statement") + count("silence")).toBe(0);
  });

  it("of an amended contract names the version each period is paid by", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.jonases}/statement`);
    expect(it$("recomputed").dataset.state).toBe("equal");
    expect(count("terms-hash")).toBe(2);
    expect(it$("period").textContent).toContain("version 1");
    expect(it$("silence").textContent).toContain("silence approves nothing");
  });

  it("whose closed part was altered is caught by its hash", async () => {
    const desk = openDesk("influencer");
    const open = desk.doors["GET /v1/contracts/:contract/statements"]!;
    desk.doors["GET /v1/contracts/:contract/statements"] = (asked) => {
      const told = open(asked) as { statements: { hash: string }[] };
      return { ...told, statements: told.statements.map((it) => ({ ...it, hash: "0".repeat(64) })) };
    };
    await visit(desk, `/contracts/${ids.minas}/statement`);
    await settle();
    expect(it$("statement-hash").dataset.check).toBe("other");
  });
});
