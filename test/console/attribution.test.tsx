// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { go } from "../../server/console/kit/place.ts";
import { sampleSize } from "../../shared/judge/lift.ts";
import { openDesk, refuse } from "./desk.ts";
import { choose, count, it$, press, settle, type, visit } from "./screen.tsx";
import { attributionPage, called, emptyPage, holdouts } from "./world.attribution.ts";
import { ids, NOW } from "./world.ts";

type Desk = ReturnType<typeof openDesk>;

const at = `/campaigns/${ids.campaign}/attribution`;
const PAGE = "GET /v1/campaigns/:campaign/attribution";
const asked = (desk: Desk, door: string) => desk.state.asked.filter((it) => it.door === door);
const all = (testid: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
const texts = (testid: string): string[] => all(testid).map((it) => it.textContent ?? "");

const open = async (query = "", change: (desk: Desk) => void = () => {}): Promise<Desk> => {
  const desk = openDesk("owner");
  change(desk);
  await visit(desk, at + query);
  return desk;
};

/** Leave the field, as Enter and the tabulator do. */
const leave = async (testid: string): Promise<void> => {
  it$(testid).dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
};

/** Mina's contract lets a tenth of the clicks be held out. */
const allow = (desk: Desk): void => {
  desk.state.contracts = desk.state.contracts.map((it) =>
    it.id === ids.minas
      ? { ...it, terms: { ...it.terms, attribution: { ...it.terms.attribution, holdoutBp: 1000 } } }
      : it,
  );
};

describe("the way there", () => {
  it("leads from the campaign", async () => {
    await visit(openDesk("owner"), `/campaigns/${ids.campaign}`);
    expect(it$<HTMLAnchorElement>("to-attribution").getAttribute("href")).toBe(at);
  });
});

describe("what if", () => {
  it("says how much would go to somebody else, in money and as a part of everything", async () => {
    await open("?model=last");
    const page = attributionPage({ model: "last" });
    expect(it$("headline").dataset.movedMinor).toBe(String(page.moved.valueMinor));
    expect(it$("headline").textContent).toBe("Under last touch, $5,719.57 (20.5%) would go to somebody else.");
  });

  it("says so where nobody gets anything else, and tells of conversions where there is no money", async () => {
    await open("?model=position");
    expect(it$("headline").textContent).toContain("everybody would be credited as they are now");
    await open("?model=last", (desk) => {
      desk.state.journeys = (query) => ({
        ...attributionPage(query),
        currency: null,
        valueMinor: 0,
        moved: { conversionsMicro: 37_500_000, valueMinor: 0 },
      });
    });
    expect(it$("headline").textContent).toBe("Under last touch, 37.5 conversions (17.4%) would go to somebody else.");
    expect(it$("figures").textContent).not.toContain("Worth");
  });

  it("keeps the model in the address, so that it can be shared, and shows what an address asks for", async () => {
    await open();
    expect(it$("what-if").dataset.model).toBe("position");
    await press("model-timeDecay");
    expect(location.search).toBe("?model=timeDecay");
    await type("what-if-halfLifeDays", "3");
    await leave("what-if-halfLifeDays");
    expect(location.search).toBe("?model=timeDecay&halfLifeDays=3");
    await press("model-last");
    expect(location.search).toBe("?model=last");
    await act(() => go(`${at}?model=timeDecay&halfLifeDays=3`));
    await settle();
    expect(it$("what-if").dataset.model).toBe("timeDecay");
    expect(it$<HTMLInputElement>("what-if-halfLifeDays").value).toBe("3");
  });

  it("keeps the picture there was until the new one is here", async () => {
    const desk = await open("?model=last");
    const before = it$("headline").textContent;
    const nodes = all("payee-row");
    desk.doors[PAGE] = () => {
      throw new TypeError("the line broke");
    };
    await press("model-first");
    expect(it$("headline").textContent).toBe(before);
    expect(it$("answered").className).toContain("stale");
    expect(it$("refusal").dataset.code).toBe("unreachable");
    expect(all("payee-row")).toEqual(nodes);
    desk.doors[PAGE] = ({ query }) => attributionPage(query);
    await press("ask-again");
    expect(it$("headline").textContent).toContain("Under first touch");
    expect(it$("answered").className).not.toContain("stale");
  });

  it("shows a refusal at the field it is about, also when the address was shared with a fault in it", async () => {
    await open("?model=timeDecay&halfLifeDays=999");
    expect(it$("field-problem").textContent).toBe("must be from 1 to 365.");
    expect(it$("what-if-halfLifeDays").getAttribute("aria-invalid")).toBe("true");
    await type("what-if-halfLifeDays", "14");
    await leave("what-if-halfLifeDays");
    expect(count("field-problem") + count("refusal")).toBe(0);
    expect(it$("headline").textContent).toContain("Under time decay");
  });

  it("asks nothing while a number cannot be read", async () => {
    const desk = await open("?model=position");
    const before = asked(desk, PAGE).length;
    await type("what-if-firstBp", "half");
    await leave("what-if-firstBp");
    expect(it$("field-problem").textContent).toContain("percentage");
    expect(asked(desk, PAGE)).toHaveLength(before);
    await type("what-if-firstBp", "62.5");
    await leave("what-if-firstBp");
    expect(asked(desk, PAGE).at(-1)?.query).toEqual({ model: "position", firstBp: "6250" });
  });

  it("gives every model what it needs and nothing of another's", async () => {
    const desk = await open("?model=position&firstBp=3000&windowDays=14");
    await press("model-wShaped");
    expect(asked(desk, PAGE).at(-1)?.query).toEqual({ model: "wShaped", windowDays: "14", milestones: "lead,sale" });
    await press("what-if-milestone-sale");
    expect(asked(desk, PAGE).at(-1)?.query.milestones).toBe("lead");
    await press("model-markov");
    await choose("what-if-order", "2");
    await settle();
    expect(asked(desk, PAGE).at(-1)?.query).toEqual({ model: "markov", windowDays: "14", order: "2" });
    await press("model-shapley");
    await choose("what-if-ordered", "true");
    await settle();
    expect(asked(desk, PAGE).at(-1)?.query).toEqual({ model: "shapley", windowDays: "14", ordered: "true" });
    await press("as-now");
    expect(location.search).toBe("");
  });

  it("asks for other days and one result", async () => {
    const desk = await open();
    await type("what-if-from", "2026-09-01");
    await leave("what-if-from");
    await choose("what-if-result", "lead");
    await settle();
    expect(asked(desk, PAGE).at(-1)?.query).toEqual({ from: "2026-09-01", result: "lead" });
    await type("what-if-from", "2026-12-24");
    await leave("what-if-from");
    await type("what-if-until", "2026-11-01");
    await leave("what-if-until");
    expect(it$("what-if-until").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("who is credited", () => {
  it("stands in one order under every model, the house last, with what each gains or loses", async () => {
    await open("?model=last");
    const order = () => all("payee-row").map((it) => it.dataset.payee);
    const before = order();
    expect(before.at(-1)).toBe("house");
    await press("model-first");
    expect(order()).toEqual(before);
    const page = attributionPage({ model: "first" });
    const mina = page.payees.find(({ payee }) => payee === ids.mina)!;
    expect(all("difference")[0]?.dataset.micro).toBe(String(mina.whatIf.conversionsMicro - mina.now.conversionsMicro));
    expect(texts("difference")[0]).toBe("+$2,651.25");
  });

  it("cuts two hundred payees, and shows all when asked to", async () => {
    await open("", (desk) => {
      desk.state.journeys = (query) => {
        const page = attributionPage(query);
        const [first] = page.payees;
        const many = Array.from({ length: 200 }, (_, place) => ({
          ...first!,
          payee: `inf_${place}`,
          name: `N${place}`,
        }));
        return { ...page, payees: many };
      };
    });
    expect(count("payee-row")).toBe(12);
    await press("all-payees");
    expect(count("payee-row")).toBe(200);
  });

  it("says when only a part of the visitors was looked at", async () => {
    await open("", (desk) => {
      desk.state.journeys = (query) => ({ ...attributionPage(query), lookedAtMicro: 120_000 });
    });
    expect(it$("looked-at").textContent).toContain("only 12% of them");
  });
});

describe("paths, removal, time", () => {
  it("tells every path with its rate, and how many more there are", async () => {
    await open();
    const second = all("path-row")[1]!;
    expect(second.querySelector("ol")?.getAttribute("aria-label")).toBe("Mina Okafor, then Jonas Wirth");
    expect(second.textContent).toContain("7.2%");
    expect(it$("more-paths").textContent).toBe("And 41 more paths with 57 conversions.");
    await press("all-paths");
    const longest = all("path-row").at(-1)!;
    expect(longest.textContent).toContain("4 more");
    expect(longest.querySelector("ol")?.getAttribute("aria-label")?.split(", then ")).toHaveLength(10);
  });

  it("draws who came first and who came last, and says it as a table too", async () => {
    await open();
    const label = it$("flow").querySelector("svg")?.getAttribute("aria-label");
    expect(label).toContain("Mina Okafor to Jonas Wirth: 48 conversions");
    expect(it$("paths").querySelector(".behind")?.textContent).toContain("Mina Okafor → Jonas Wirth");
  });

  it("shows removal effects with their intervals, the largest first, and says that they prove no cause", async () => {
    await open();
    const whiskers = [...it$("removal-effects").querySelectorAll<HTMLElement>('[data-testid="whisker"]')];
    expect(whiskers[0]?.dataset.key).toBe(ids.mina);
    expect(whiskers).toHaveLength(Object.keys(called).length);
    expect(it$("removal").textContent).toContain("about 1 of 58");
    expect(it$("removal").textContent).toContain("does not prove what somebody caused");
  });

  it("counts days and touches before a conversion, without the empty end", async () => {
    await open();
    expect(it$("lags").getAttribute("aria-label")).toContain("21+: 9");
    expect(it$("lengths").getAttribute("aria-label")).toContain("8–10: 1");
    expect(it$("lengths").getAttribute("aria-label")).not.toContain("11–20");
  });

  it("says what to do where nobody has converted", async () => {
    await open("", (desk) => {
      desk.state.journeys = emptyPage;
    });
    expect(it$("empty").textContent).toContain("12 journeys and no conversion");
    expect(it$("empty").textContent).toContain("makegood import");
    await press("widen");
    expect(location.search).toBe("?from=2025-11-23&until=2026-11-22");
    expect(count("planner") + count("weights") + count("holdouts")).toBe(3);
  });

  it("says why where nothing can be shown at all", async () => {
    await open("", (desk) => {
      desk.doors[PAGE] = () => refuse(404, "not-found", "There is no such campaign, or it is not yours.");
    });
    expect(it$("failed").textContent).toContain("There is nothing here");
  });
});

describe("frozen weights", () => {
  it("are listed with their days and their hash, which this browser computes again", async () => {
    await open();
    expect(it$("fit").textContent).toContain("Markov, order 1");
    const details = it$("fit").querySelector("details")!;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await expect.poll(() => it$("fit-hash").dataset.check).toBe("same");
    expect(it$("fit-weights").textContent).toContain("Mina Okafor");
  });

  it("that do not have the hash they are said to have are marked", async () => {
    await open("", (desk) => {
      desk.state.fits = desk.state.fits.map((it) => ({ ...it, fit: { ...it.fit, newcomerNano: 1 } }));
    });
    const details = it$("fit").querySelector("details")!;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await expect.poll(() => it$("fit-hash").dataset.check).toBe("other");
  });

  it("are frozen as the journeys are looked at, and lead to where terms name them", async () => {
    const desk = await open("?model=shapley&windowDays=14");
    await press("freeze");
    expect(it$<HTMLSelectElement>("fit-model").value).toBe("shapley");
    expect(it$<HTMLInputElement>("fit-until").value).toBe("2026-11-21");
    await choose("fit-model", "markov-2");
    await press("confirm-freeze");
    expect(asked(desk, "POST /v1/campaigns/:campaign/fits")[0]?.body).toEqual({
      model: "markov",
      order: 2,
      from: "2026-10-24",
      until: "2026-11-21",
      windowDays: 14,
      house: "included",
      after: "reuse",
    });
    expect(count("fit-form")).toBe(0);
    expect(count("fit")).toBe(2);
    expect(it$("draft-with-fit").getAttribute("href")).toBe(`/contracts/new?campaign=${ids.campaign}`);
  });

  it("are refused on days that are not over, and the form stays as it was", async () => {
    await open();
    await press("freeze");
    await type("fit-until", "2026-12-01");
    await press("confirm-freeze");
    expect(it$("field-problem").textContent).toBe("2026-12-01 is not over yet. Choose days up to 2026-11-21.");
    expect(it$<HTMLInputElement>("fit-until").value).toBe("2026-12-01");
  });
});

describe("the planner", () => {
  it("begins with this campaign's own rate and traffic, and computes by the law", async () => {
    await open();
    const { conversions, journeys } = attributionPage({});
    expect(it$<HTMLInputElement>("plan-base").value).toBe("1.71");
    expect(it$<HTMLInputElement>("plan-people").value).toBe(String(Math.round((journeys / 30) * 7)));
    expect(conversions / journeys).toBeCloseTo(0.0171, 4);
    const sizes = sampleSize({ basePpm: 17_100, liftBp: 1000, power: 0.8, significance: 0.05, heldBp: 1000 })!;
    expect(it$("plan-treated").dataset.value).toBe(String(sizes.treated));
    expect(it$("plan-held-people").dataset.value).toBe(String(sizes.held));
  });

  it("answers at once when anything is moved: eighty thousand in each half to find a tenth of two percent", async () => {
    await open();
    await type("plan-base", "2");
    await leave("plan-base");
    await type("plan-held", "5000");
    expect(it$("plan-treated").dataset.value).toBe("80679");
    expect(it$("plan-answer").textContent).toContain("+10% more do with it");
    const before = Number(it$("plan-smallest-4").dataset.bp);
    await type("plan-people", "100000");
    await leave("plan-people");
    expect(it$("plan-weeks").dataset.value).toBe("2");
    expect(Number(it$("plan-smallest-4").dataset.bp)).toBeLessThan(before);
  });

  it("says so where no number of people would do", async () => {
    await open();
    await type("plan-base", "80");
    await leave("plan-base");
    await type("plan-lift", "10000");
    expect(it$("plan-answer").textContent).toContain("No number of people would do");
  });

  it("does not count with what cannot be read", async () => {
    await open();
    await type("plan-base", "0");
    expect(it$("field-problem").textContent).toContain("above 0 and below 100");
    expect(it$("plan-treated").dataset.value).not.toBe("0");
  });
});

describe("a holdout", () => {
  it("cannot begin where no contract allows it, and says how one would", async () => {
    await open();
    expect(it$<HTMLButtonElement>("begin-holdout").disabled).toBe(true);
    expect(it$("nobody-allows").querySelector("a")?.getAttribute("href")).toMatch(/\/contracts\/con_.*\/amend/);
  });

  it("begins once it was said on whose contracts, and on whose not", async () => {
    const desk = await open("", allow);
    await press("begin-holdout");
    expect(it$("allowing").textContent).toContain("Mina Okafor allows up to 10%");
    expect(it$("not-allowing").textContent).toContain("2 running contracts do not allow it");
    await press("confirm-begin");
    expect(asked(desk, "POST /v1/campaigns/:campaign/holdouts")[0]?.body).toEqual({ partBp: 1000, days: 28 });
    expect(all("holdout")[0]?.dataset.over).toBe("false");
    expect(count("too-early")).toBe(1);
    expect(count("start-holdout")).toBe(0);
  });

  it("asked for more than is allowed cannot begin; one for no days neither", async () => {
    await open("", allow);
    await type("holdout-part", "2000");
    expect(it$<HTMLButtonElement>("begin-holdout").disabled).toBe(true);
    await type("holdout-part", "1000");
    await type("holdout-days", "0");
    expect(it$<HTMLButtonElement>("begin-holdout").disabled).toBe(true);
  });

  it("refused says why in the dialog", async () => {
    await open("", (desk) => {
      allow(desk);
      desk.state.allowing = { contracts: [], leftOut: 2 };
    });
    await press("begin-holdout");
    await press("confirm-begin");
    expect(it$("begin-dialog").querySelector('[data-testid="refusal"]')?.textContent).toContain("No running contract");
  });

  it("that runs shows both arms and the lift around zero, and ends when asked twice", async () => {
    const desk = await open("", (it) => {
      it.state.holdouts = [holdouts.running];
    });
    expect(it$("arms").textContent).toContain("118 of 4,120");
    expect(it$("lift").dataset.estimateBp).toBe(String(holdouts.running.lift?.estimateBp));
    expect(it$("lift").textContent).toContain("The interval includes zero, so it may be chance.");
    await press("end-holdout");
    expect(asked(desk, "POST /v1/holdouts/:holdout/end")).toEqual([]);
    await press("confirm-end");
    expect(asked(desk, "POST /v1/holdouts/:holdout/end")).toHaveLength(1);
    expect(it$("holdout").dataset.over).toBe("true");
    expect(count("start-holdout")).toBe(1);
  });

  it("says when it is too early to say anything, and what one that is over has shown", async () => {
    await open("", (desk) => {
      desk.state.holdouts = [holdouts.early, holdouts.over];
    });
    expect(it$("too-early").textContent).toContain("Too early to say");
    expect(it$("lift").textContent).toContain("that this is mere chance is unlikely");
  });
});

describe("a conversion", () => {
  const learned = { fit: "ab".repeat(32), from: "2026-07-01", until: "2026-09-30" };
  const weigh = (payee: string, effectNano: number) => ({ payee, effectNano, lowerNano: 0, upperNano: 2 * effectNano });

  const judged = (desk: Desk): void => {
    const [part] = desk.state.page.parts;
    const attribution = { model: "markov", windowDays: 30, house: "included", after: "restart", learned } as const;
    const effects = [weigh(ids.minas, 300_000_000), weigh("house", 100_000_000)];
    const context = { since: NOW - 20 * 86_400_000, milestones: [NOW - 5 * 86_400_000, null], effects };
    const milestones = { ...attribution, milestones: ["lead", "sale"] };
    const held = { shareMicro: 800_000, heldMicro: 200_000, released: false };
    desk.state.page = { ...desk.state.page, parts: [{ ...part!, ...held, attribution: milestones, context }] };
  };

  it("shows what its shares rest on: the result before, milestones, frozen weights, and what is held", async () => {
    const desk = openDesk("owner");
    judged(desk);
    await visit(desk, `/conversions/${ids.lead}`);
    expect(it$("starts-anew").textContent).toContain("starts anew after the lead before");
    expect(it$("milestones").textContent).toContain("sale: not reached in the window");
    expect(it$("frozen-weights").textContent).toContain("Mina Okafor");
    expect(it$("frozen-weights").textContent).toContain("30%");
    expect(it$("held-part").textContent).toContain("25% of the share is held until you release it");
  });

  it("tells an influencer that it is the brand's to release", async () => {
    const desk = openDesk("influencer");
    judged(desk);
    await visit(desk, `/conversions/${ids.lead}`);
    expect(it$("held-part").textContent).toContain("until the brand releases it");
  });

  it("has nothing of that where the terms ask for none of it", async () => {
    await visit(openDesk("owner"), `/conversions/${ids.lead}`);
    expect(count("starts-anew") + count("milestones") + count("frozen-weights") + count("held-part")).toBe(0);
  });
});

describe("shares held back", () => {
  it("are released from the contract, some at a time, until none is left", async () => {
    const desk = openDesk("owner");
    desk.state.contracts = desk.state.contracts.map((it) => ({
      ...it,
      terms: { ...it.terms, attribution: { ...it.terms.attribution, wide: { beyondBp: 5000 } } },
    }));
    await visit(desk, `/contracts/${ids.minas}`);
    await press("release-held");
    await press("confirm-release");
    expect(it$("released").textContent).toBe("2 shares count in full now; 1 more are still held.");
    await press("release-held");
    await press("confirm-release");
    expect(it$("released").textContent).toBe("3 shares count in full now. Nothing is held any more.");
  });

  it("are not spoken of where no terms hold any", async () => {
    await visit(openDesk("owner"), `/contracts/${ids.minas}`);
    expect(count("held")).toBe(0);
  });
});
