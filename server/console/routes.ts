import type { Route } from "./kit/route.ts";
import { CampaignView } from "./views/campaign.tsx";
import { CampaignsView } from "./views/campaigns.tsx";
import { ContractView } from "./views/contract.tsx";
import { AmendView, CounterView } from "./views/contract-propose.tsx";
import { ContractsView } from "./views/contracts.tsx";
import { ConversionView } from "./views/conversion.tsx";
import { ConversionsView } from "./views/conversions.tsx";
import { EnterView } from "./views/enter.tsx";
import { ExtensionView } from "./views/extension.tsx";
import { HomeView } from "./views/home.tsx";
import { InfluencersView } from "./views/influencers.tsx";
import { JoinView } from "./views/join.tsx";
import { NewContractView } from "./views/new-contract.tsx";
import { NewPollView } from "./views/new-poll.tsx";
import { PairView } from "./views/pair.tsx";
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
  { path: "/campaigns", title: "Campaigns", view: CampaignsView, section: "campaigns" },
  { path: "/campaigns/:campaign", title: "Campaign", view: CampaignView, section: "campaigns" },
  { path: "/campaigns/:campaign/poll", title: "New poll", view: NewPollView, section: "campaigns" },
  { path: "/conversions", title: "Conversions", view: ConversionsView, section: "conversions" },
  { path: "/conversions/:conversion", title: "Conversion", view: ConversionView, section: "conversions" },
  { path: "/influencers", title: "Influencers", view: InfluencersView, section: "influencers" },
  { path: "/contracts", title: "Contracts", view: ContractsView, section: "contracts" },
  { path: "/contracts/new", title: "Draft a contract", view: NewContractView, section: "contracts" },
  { path: "/contracts/:contract", title: "Contract", view: ContractView, section: "contracts" },
  { path: "/contracts/:contract/counter", title: "Other terms", view: CounterView, section: "contracts" },
  { path: "/contracts/:contract/amend", title: "Amend the contract", view: AmendView, section: "contracts" },
  { path: "/contracts/:contract/statement", title: "Statement", view: StatementView, section: "contracts" },
  { path: "/extension", title: "Extension", view: ExtensionView, section: "extension" },
  { path: "/settings", title: "Settings", view: SettingsView, section: "settings" },
  { path: "/settings/passkeys", title: "Signing in", view: PasskeysView, section: "settings" },
];
