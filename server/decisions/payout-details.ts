import type { Json } from "../../shared/kit/canonical.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import type { Details, Payer } from "../../shared/pay/payout.details.ts";
import { CHANGED_MS } from "../../shared/pay/payout.ts";
import { read } from "../engine/book.ts";
import type { Work } from "../engine/record.ts";
import type { PayToDoc, SettingsDoc, WithholdDoc } from "../engine/shapes.payout.ts";
import { accountFault } from "../partners/pain001.ts";
import { rails } from "../partners/rails.ts";
import { type Digest, deskOf, settingsOf } from "./payouts.ts";

const json = (it: object): Json => it as unknown as Json;

/** Say where an influencer is paid. Changing it holds payouts for 72 hours; the same details again change nothing. */
export const sayDetails =
  (influencer: string, details: Details, digest: Digest, by: string): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`influencer/${influencer}`)))
      return refuse("not-found", `There is no influencer ${influencer}.`);
    const fault = rails[details.rail](deskOf(unit)).reaches(details);
    if (fault) return { ok: false, refusal: fault };
    const named = digest(["details", influencer, json(details)]);
    const before = await read<PayToDoc>(unit, `pay-to/${influencer}`);
    if (before?.details === named) return ok(influencer);
    const heldUntil = before ? unit.now + CHANGED_MS : null;
    unit.setPrivate(`payout-details/${influencer}`, json(details));
    const { rail } = details;
    await unit.record({ type: "payout-details-changed", influencer, rail, details: named, heldUntil }, by);
    return ok(influencer);
  };

/** What a brand may set about its payouts; what is not given stays. */
export interface SettingsGiven {
  readonly payer?: Payer | undefined;
  readonly prefunded?: boolean | undefined;
  readonly platformFeeBp?: number | undefined;
}

/** Say from which account payouts are paid, and whether out of a deposit. */
export const saySettings =
  (given: SettingsGiven, digest: Digest, by: string): Work<null> =>
  async (unit) => {
    const fault = given.payer && accountFault(given.payer);
    if (fault) return { ok: false, refusal: fault };
    const before = await settingsOf(unit);
    const after: SettingsDoc = {
      payer: given.payer ? digest(["payer", json(given.payer)]) : before.payer,
      prefunded: given.prefunded ?? before.prefunded,
      feeBp: given.platformFeeBp ?? before.feeBp,
    };
    if (after.feeBp > 0 && !after.prefunded)
      return refuse("fee-needs-deposit", "A platform fee is taken out of a deposit: switch prefunding on with it.");
    const same = after.payer === before.payer && after.prefunded === before.prefunded && after.feeBp === before.feeBp;
    if (same) return ok(null);
    if (given.payer) unit.setPrivate("payer", json(given.payer));
    await unit.record({ type: "payout-settings-changed", ...after }, by);
    return ok(null);
  };

/** Say how much of an influencer's payouts is kept back for tax. */
export const sayWithholding =
  (influencer: string, withholdBp: number, by: string): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`influencer/${influencer}`)))
      return refuse("not-found", `There is no influencer ${influencer}.`);
    const before = (await read<WithholdDoc>(unit, `withhold/${influencer}`))?.withholdBp ?? 0;
    if (before !== withholdBp) await unit.record({ type: "withholding-set", influencer, withholdBp }, by);
    return ok(influencer);
  };
