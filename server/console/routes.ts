import type { Route } from "./kit/route.ts";
import { AttributionView } from "./views/attribution.tsx";
import { CampaignView } from "./views/campaign.tsx";
import { CampaignsView } from "./views/campaigns.tsx";
import { ContractView } from "./views/contract.tsx";
import { AmendView, CounterView } from "./views/contract-propose.tsx";
import { ContractsView } from "./views/contracts.tsx";
import { ConversionView } from "./views/conversion.tsx";
import { ConversionsView } from "./views/conversions.tsx";
import { DebtsView } from "./views/debts.tsx";
import { DepositsView } from "./views/deposits.tsx";
import { DisputeView } from "./views/dispute.tsx";
import { NewDisputeView } from "./views/dispute-new.tsx";
import { DisputesView } from "./views/disputes.tsx";
import { EnterView } from "./views/enter.tsx";
import { ExtensionView } from "./views/extension.tsx";
import { HomeView } from "./views/home.tsx";
import { InfluencersView } from "./views/influencers.tsx";
import { JoinView } from "./views/join.tsx";
import { MediateView } from "./views/mediate.tsx";
import { NewContractView } from "./views/new-contract.tsx";
import { NewPollView } from "./views/new-poll.tsx";
import { PairView } from "./views/pair.tsx";
import { PayoutBatchView } from "./views/payout-batch.tsx";
import { PayoutDetailsView } from "./views/payout-details.tsx";
import { PayoutRunView } from "./views/payout-run.tsx";
import { PayoutSettingsView } from "./views/payout-settings.tsx";
import { PayoutsView } from "./views/payouts.tsx";
import { SettingsView } from "./views/settings.tsx";
import { PasskeysView } from "./views/settings-passkeys.tsx";
import { SignedOutView } from "./views/signed-out.tsx";
import { StatementView } from "./views/statement.tsx";

/** Every page there is, the more exact path first. */
export const routes: readonly Route[] = [
  { path: "/", title: "Home", view: HomeView },
  { path: "/enter", title: "Sign in", view: EnterView, open: true },
  { path: "/join", title: "Invitation", view: JoinView, open: true },
  { path: "/pair", title: "Connect the extension", view: PairView, open: true },
  { path: "/signed-out", title: "Signed out", view: SignedOutView, open: true },
  { path: "/campaigns", title: "Campaigns", view: CampaignsView, section: "campaigns", brand: true },
  { path: "/campaigns/:campaign", title: "Campaign", view: CampaignView, section: "campaigns", brand: true },
  {
    path: "/campaigns/:campaign/attribution",
    title: "Attribution",
    view: AttributionView,
    section: "campaigns",
    brand: true,
    steady: true,
  },
  { path: "/campaigns/:campaign/poll", title: "New poll", view: NewPollView, section: "campaigns", brand: true },
  { path: "/conversions", title: "Conversions", view: ConversionsView, section: "conversions", brand: true },
  { path: "/conversions/:conversion", title: "Conversion", view: ConversionView, section: "conversions" },
  { path: "/influencers", title: "Influencers", view: InfluencersView, section: "influencers", brand: true },
  { path: "/contracts", title: "Contracts", view: ContractsView, section: "contracts" },
  { path: "/contracts/new", title: "Draft a contract", view: NewContractView, section: "contracts", brand: true },
  { path: "/contracts/:contract", title: "Contract", view: ContractView, section: "contracts" },
  { path: "/contracts/:contract/counter", title: "Other terms", view: CounterView, section: "contracts" },
  { path: "/contracts/:contract/amend", title: "Amend the contract", view: AmendView, section: "contracts" },
  { path: "/contracts/:contract/statement", title: "Statement", view: StatementView, section: "contracts" },
  { path: "/mediate/:dispute", title: "Mediation", view: MediateView, open: true, wide: true },
  { path: "/disputes", title: "Disputes", view: DisputesView, section: "disputes" },
  { path: "/disputes/new", title: "Open a dispute", view: NewDisputeView, section: "disputes" },
  { path: "/disputes/:dispute", title: "Dispute", view: DisputeView, section: "disputes" },
  { path: "/payouts", title: "Payouts", view: PayoutsView, section: "payouts" },
  { path: "/payouts/run", title: "Pay", view: PayoutRunView, section: "payouts", brand: true },
  {
    path: "/payouts/batches/:batch",
    title: "Batch of payouts",
    view: PayoutBatchView,
    section: "payouts",
    brand: true,
  },
  { path: "/payouts/deposits", title: "Deposit and tax", view: DepositsView, section: "payouts", brand: true },
  { path: "/payouts/debts", title: "Debts", view: DebtsView, section: "payouts", brand: true },
  { path: "/payouts/settings", title: "Payout settings", view: PayoutSettingsView, section: "payouts", brand: true },
  { path: "/payouts/details", title: "Where you are paid", view: PayoutDetailsView, section: "payouts" },
  { path: "/extension", title: "Extension", view: ExtensionView, section: "extension" },
  { path: "/settings", title: "Settings", view: SettingsView, section: "settings", brand: true },
  { path: "/settings/passkeys", title: "Signing in", view: PasskeysView, section: "settings" },
];
