import type { RailName } from "../../shared/pay/payout.details.ts";
import { manual } from "./manual.ts";
import { bank } from "./pain001.ts";
import { bounded, type Desk, type Rail } from "./rail.ts";

/** The rails there are, by name. */
export const rails: Readonly<Record<RailName, (desk: Desk) => Rail>> = {
  manual: (desk) => bounded(manual(desk)),
  bank: (desk) => bounded(bank(desk)),
};
