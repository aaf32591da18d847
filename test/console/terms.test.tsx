// @vitest-environment happy-dom
// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
import { describe, expect, it } from "vitest";
import { renamedResult } from "../../server/console/terms/results.tsx";
import { readTerms } from "../../shared/contract/sense.ts";
import { misfit } from "../../shared/judge/fit.ts";
import { openDesk } from "./desk.ts";
import { choose, count, it$, press, type, visit } from "./screen.tsx";
import { fits } from "./world.attribution.ts";
import { ids } from "./world.ts";

const write = async (): Promise<void> =>
  visit(openDesk("owner"), `/contracts/new?campaign=${ids.campaign}&influencer=${ids.mina}`);
const draft = () => JSON.parse(it$<HTMLTextAreaElement>("terms-json").value);
const at = (pointer: string): string | null | undefined =>
  document.querySelector(`[data-at="${pointer}"] .problem, [data-at="${pointer}"] .warning`)?.textContent;

describe("the form of terms", () => {
  it("writes remedies one inside the other, as deep as they go", async () => {
    await write();
    await press("terms-has/guarantee");
    await choose("terms/guarantee/remedy/kind", "makeGood");
    await type("terms/guarantee/remedy/days", "30");
    await choose("terms/guarantee/remedy/then/kind", "carryOver");
    await choose("terms/guarantee/remedy/then/then/kind", "penalty");
    await type("terms/guarantee/remedy/then/then/amountMinor", "7.50");
    await type("terms/guarantee/remedy/then/then/capMinor", "150");
    await press("terms/guarantee/remedy/then/then/mayOwe");
    const penalty = { kind: "penalty", amountMinor: 750, capMinor: 15000, mayOwe: true };
    expect(draft().guarantee.remedy).toEqual({
      kind: "makeGood",
      days: 30,
      then: { kind: "carryOver", then: penalty },
    });
    expect(readTerms(draft()).ok).toBe(true);
    await choose("terms/guarantee/remedy/then/kind", "");
    expect(draft().guarantee.remedy).toEqual({ kind: "makeGood", days: 30 });
  });

  it("writes each model with what belongs to it, and leaves nothing of the one before", async () => {
    await write();
    const said = () => draft().attribution;
    const held = { windowDays: 30, house: "included" };
    await type("terms/attribution/firstBp", "30");
    expect(said()).toMatchObject({ model: "position", firstBp: 3000 });
    await press("add-result");
    const [, second] = Object.keys(draft().results);
    await choose("terms/attribution/model", "wShaped");
    expect(said()).toEqual({ ...held, model: "wShaped", milestones: ["lead", second] });
    await press(`milestone-${second}`);
    expect(said().milestones).toEqual(["lead"]);
    await choose("terms/attribution/model", "timeDecay");
    await type("terms/attribution/halfLifeDays", "3");
    expect(said()).toEqual({ ...held, model: "timeDecay", halfLifeDays: 3 });
    await choose("terms/attribution/model", "linearUnique");
    await choose("terms/attribution/after", "restart");
    await type("terms/attribution/viewDays", "7");
    await type("terms/attribution/holdoutBp", "20");
    expect(said()).toEqual({ ...held, model: "linearUnique", after: "restart", viewDays: 7, holdoutBp: 2000 });
    expect(readTerms(draft()).ok).toBe(true);
    await choose("terms/attribution/after", "");
    await type("terms/attribution/viewDays", "");
    await type("terms/attribution/holdoutBp", "");
    expect(said()).toEqual({ ...held, model: "linearUnique" });
  });

  it("renames a milestone with its result", async () => {
    await write();
    await choose("terms/attribution/model", "wShaped");
    expect(renamedResult(draft(), "lead", "signup")).toMatchObject({ attribution: { milestones: ["signup"] } });
  });

  it("offers the campaign's frozen weights, and takes over all that they were made with", async () => {
    await write();
    await choose("terms/attribution/model", fits[0]!.fit.model);
    const { hash, fit } = fits[0]!;
    await choose("terms/attribution/learned/fit", hash);
    const { model, windowDays, house, from, until } = fit;
    expect(draft().attribution).toMatchObject({ model, windowDays, house, learned: { fit: hash, from, until } });
    expect(misfit(fit, draft().attribution)).toBeUndefined();
    await press("terms-has/attribution/wide");
    await type("terms/attribution/wide/beyondBp", "80");
    expect(draft().attribution.wide).toEqual({ beyondBp: 8000 });
    await choose("terms/attribution/model", "last");
    expect(draft().attribution).toMatchObject({ model: "last" });
    for (const gone of ["learned", "wide", "order", "ordered"]) expect(draft().attribution).not.toHaveProperty(gone);
  });

  it("writes bonuses by each of their conditions, paid by amount or by rate", async () => {
    await write();
    await press("add-rule-bonus");
    await press("terms-has/guarantee");
    const bonus = () => draft().pay[1];
    await choose("terms-condition/pay/1", "pct");
    await type("terms/pay/1/when/atLeastPctOfTarget", "110");
    expect(bonus().when).toEqual({ result: "lead", atLeastPctOfTarget: 110 });
    await choose("terms-condition/pay/1", "value");
    await type("terms/pay/1/when/atLeast", "2500.00");
    expect(bonus().when).toEqual({ result: "lead", atLeast: 250_000, measure: "value" });
    await choose("terms/currency", "JPY");
    expect(bonus().when.atLeast).toBe(2500);
    await choose("terms-condition/pay/1", "engagement");
    await type("terms/pay/1/when/atLeastBp", "12.5");
    expect(bonus().when).toEqual({ rate: "engagement", atLeastBp: 1250 });
    await choose("terms-pays/pay/1", "rate");
    await type("terms/pay/1/rateBp", "5");
    expect(bonus()).toMatchObject({ rule: "bonus", rateBp: 500, of: "period" });
    expect(bonus()).not.toHaveProperty("amountMinor");
    expect(readTerms(draft()).ok).toBe(true);
  });

  it("writes caps, notice and disputes, and leaves nothing behind of what is emptied", async () => {
    await write();
    await type("terms/caps/perPeriodMinor", "900");
    await type("terms/timing/noticeDays", "30");
    await type("terms/disputes/mediator", "Guild of Fair Deals");
    await choose("terms/disputes/silence", "brand");
    expect(draft()).toMatchObject({
      caps: { perPeriodMinor: 90_000 },
      timing: { noticeDays: 30 },
      disputes: { mediator: "Guild of Fair Deals", silence: "brand" },
    });
    await type("terms/caps/perPeriodMinor", "");
    await type("terms/disputes/mediator", "");
    await choose("terms/disputes/silence", "");
    expect(Object.keys(draft())).not.toEqual(expect.arrayContaining(["caps"]));
    expect(Object.keys(draft())).not.toEqual(expect.arrayContaining(["disputes"]));
  });

  it("says at its field what does not hold, and what is to be thought over", async () => {
    await write();
    await press("add-rule-tiered");
    await choose("terms/pay/1/mode", "retroactive");
    await type("terms/pay/1/steps/1/amountMinor", "1.00");
    await expect.poll(() => at("/pay/1/steps/1"), { timeout: 10_000 }).toContain("reaching it lowers the pay");
    await press("add-rule-bonus");
    await choose("terms-condition/pay/2", "pct");
    await expect
      .poll(() => at("/pay/2/when/atLeastPctOfTarget"), { timeout: 10_000 })
      .toContain("needs a guarantee of lead");
    expect(count("terms-problems")).toBe(1);
    expect(it$<HTMLButtonElement>("terms-save").disabled).toBe(true);
  });
});
