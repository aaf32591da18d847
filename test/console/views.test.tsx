// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { openDesk, refuse } from "./desk.ts";
import { count, it$, press, settle, type, visit } from "./screen.tsx";
import { ids } from "./world.ts";

const posts = (desk: ReturnType<typeof openDesk>, door: string) => desk.state.asked.filter((it) => it.door === door);

describe("who looks decides what is shown", () => {
  it("sends a brand to its campaigns and an influencer to their contracts", async () => {
    await visit(openDesk("owner"), "/");
    expect(location.pathname).toBe("/campaigns");
    await visit(openDesk("influencer"), "/");
    expect(location.pathname).toBe("/contracts");
    expect(count("contract-row")).toBe(2);
  });

  it("shows an influencer no personal data of a lead, and nothing to decide", async () => {
    await visit(openDesk("influencer"), `/conversions/${ids.lead}`);
    expect(count("lead") + count("approve") + count("reject")).toBe(0);
    await visit(openDesk("owner"), `/conversions/${ids.lead}`);
    expect(it$("lead").textContent).toContain("admissions@northfield.example");
  });

  it("shows somebody who is not signed in the way back, and never a broken page", async () => {
    await visit(openDesk("nobody"), `/contracts/${ids.minas}/statement`);
    expect(count("signed-out")).toBe(1);
  });

  it("says so where there is nothing, or nothing of theirs", async () => {
    await visit(openDesk("owner"), "/contracts/con_of0somebody0else000");
    expect(it$("failed").textContent).toContain("There is nothing here");
    await visit(openDesk("owner"), "/nowhere");
    expect(it$("empty").textContent).toContain("no such page");
  });
});

describe("a refused form", () => {
  it("keeps what was typed and says at each field what is wrong with it", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/campaigns/${ids.campaign}`);
    await type("host-name", "learn.larkspur.example");
    await press("add-host");
    expect(it$<HTMLInputElement>("host-name").value).toBe("learn.larkspur.example");
    expect(it$("field-problem").textContent).toBe("is listed already");
    expect(it$("host-name").getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(it$("host-name"));
    expect(document.getElementById(it$("host-name").getAttribute("aria-describedby") ?? "")).toBe(it$("field-problem"));
  });

  it("left empty is told so in words people use, and no more than once", async () => {
    await visit(openDesk("owner"), "/campaigns");
    await press("new-campaign");
    await type("campaign-name", "  ");
    await type("campaign-hosts", "ok.example not_a_host");
    await press("create-campaign");
    const told = [...document.querySelectorAll('[data-testid="field-problem"]')].map((it) => it.textContent);
    expect(told).toEqual(["Fill this in.", expect.stringContaining("must be a host name")]);
    expect(it$("refusal").textContent).toBe("Some of what stands above needs mending.");
  });

  it("says what no field can show", async () => {
    const desk = openDesk("owner");
    desk.doors["POST /v1/influencers"] = () =>
      refuse(409, "too-many", "This brand has all the influencers it may have.", [
        { pointer: "/brand", detail: "is full" },
      ]);
    await visit(desk, "/influencers");
    await press("invite");
    await type("invite-name", "Zoë");
    await press("send-invite");
    expect(it$("refusal").textContent).toContain("all the influencers it may have");
    expect(it$("refusal").textContent).toContain("/brand is full");
  });

  it("sent again after silence carries the same key, and a new one once it was answered", async () => {
    const desk = openDesk("owner");
    await visit(desk, "/influencers");
    await press("invite");
    await type("invite-name", "Zoë");
    const heard: (string | undefined)[] = [];
    const open = desk.doors["POST /v1/influencers"]!;
    desk.doors["POST /v1/influencers"] = ({ key }) => {
      heard.push(key);
      throw new TypeError("the line broke");
    };
    await press("send-invite");
    expect(it$("refusal").dataset.code).toBe("unreachable");
    await press("send-invite");
    desk.doors["POST /v1/influencers"] = ({ key }) => {
      heard.push(key);
      return refuse(422, "bad-name", "That name cannot be used.");
    };
    await press("send-invite");
    desk.doors["POST /v1/influencers"] = (asked) => {
      heard.push(asked.key);
      return open(asked);
    };
    await press("send-invite");
    expect(heard).toHaveLength(4);
    expect(new Set(heard.slice(0, 3)).size).toBe(1);
    expect(heard[3]).not.toBe(heard[2]);
    expect(count("invitation")).toBe(1);
  });
});

describe("a list that cannot be had", () => {
  it("says why and tries again when asked to", async () => {
    const desk = openDesk("owner");
    const open = desk.doors["GET /v1/influencers"]!;
    desk.doors["GET /v1/influencers"] = () => {
      throw new TypeError("the line broke");
    };
    await visit(desk, "/influencers");
    expect(it$("failed").dataset.code).toBe("unreachable");
    desk.doors["GET /v1/influencers"] = open;
    await press("try-again");
    expect(count("influencer-row")).toBe(3);
  });
});

describe("signing", () => {
  it("waits for the tick and a name, and sends the hash of what was read", async () => {
    const desk = openDesk("influencer");
    await visit(desk, `/contracts/${ids.offered}`);
    expect(it$<HTMLButtonElement>("sign").disabled).toBe(true);
    await press("sign-agree");
    await type("sign-name", "M");
    expect(it$<HTMLButtonElement>("sign").disabled).toBe(true);
    await type("sign-name", "Mina Okafor");
    await press("sign");
    expect(posts(desk, "POST /v1/contracts/:contract/sign")[0]?.body).toEqual({
      termsHash: desk.state.contracts[0]?.termsHash,
      name: "Mina Okafor",
      agree: true,
      proof: "proof-of-the-desk",
    });
    expect(posts(desk, "POST /v1/proofs/finish")[0]?.body).toEqual({
      purpose: `sign:${ids.offered}:${desk.state.contracts[0]?.termsHash}`,
    });
  });

  it("is not offered when the terms shown have another hash than the one they are said to have", async () => {
    const desk = openDesk("influencer");
    desk.state.contracts = desk.state.contracts.map((it) =>
      it.id === ids.offered && it.proposal ? { ...it, proposal: { ...it.proposal, termsHash: "0".repeat(64) } } : it,
    );
    await visit(desk, `/contracts/${ids.offered}`);
    await press("sign-agree");
    expect(it$("terms-hash").dataset.check).toBe("other");
    expect(it$<HTMLButtonElement>("sign").disabled).toBe(true);
  });
});

describe("a statement", () => {
  it("is computed again where it is read", async () => {
    await visit(openDesk("influencer"), `/contracts/${ids.minas}/statement`);
    expect(it$("recomputed").dataset.state).toBe("equal");
    const lines = [...document.querySelectorAll<HTMLElement>('[data-testid="statement-line-amount"]')];
    const sum = lines.reduce((all, line) => all + Number(line.dataset.minor), 0);
    expect(it$("statement-total").dataset.value).toBe(String(sum));
  });

  it("that says a cent too little is not marked as right", async () => {
    const desk = openDesk("influencer");
    desk.state.statement = (made) => ({ ...made, totalMinor: made.totalMinor - 1 });
    await visit(desk, `/contracts/${ids.minas}/statement`);
    expect(it$("recomputed").dataset.state).toBe("different");
    expect(it$("recomputed").textContent).toContain("the total");
  });
});

describe("drafting", () => {
  it("shows the form what the JSON says and the JSON what the form says", async () => {
    await visit(openDesk("owner"), `/contracts/new?campaign=${ids.campaign}&influencer=${ids.mina}`);
    await type("terms/pay/0/amountMinor", "9.95");
    expect(JSON.parse(it$<HTMLTextAreaElement>("terms-json").value).pay[0].amountMinor).toBe(995);
    const draft = JSON.parse(it$<HTMLTextAreaElement>("terms-json").value);
    await type("terms-json", JSON.stringify({ ...draft, timing: { ...draft.timing, holdDays: 21 } }));
    expect(it$<HTMLInputElement>("terms/timing/holdDays").value).toBe("21");
  });

  it("keeps what cannot be read as it was typed, so that it is refused at its place and never sent as something else", async () => {
    const desk = openDesk("owner");
    await visit(desk, `/contracts/new?campaign=${ids.campaign}&influencer=${ids.mina}`);
    await type("terms/pay/0/amountMinor", "twelve");
    expect(it$<HTMLInputElement>("terms/pay/0/amountMinor").value).toBe("twelve");
    expect(it$("field-problem").textContent).toContain("Write an amount in USD");
    await expect.poll(() => count("terms-problems"), { timeout: 10_000 }).toBe(1);
    expect(it$<HTMLButtonElement>("terms-save").disabled).toBe(true);
    await settle();
    expect(posts(desk, "POST /v1/contracts")).toEqual([]);
  });
});
