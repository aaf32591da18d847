import { useSignal } from "@preact/signals";
import { campaigns } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import type { Campaign } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { HostBadge } from "../parts/host-badge.tsx";
import { Head, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { NewCampaign } from "./new-campaign.tsx";

const Row = ({ campaign }: { readonly campaign: Campaign }) => (
  <li class="row-link" data-testid="campaign-row" data-campaign={campaign.id}>
    <div>
      <a class="row-title" href={`/campaigns/${campaign.id}`}>
        {campaign.name}
      </a>
      <p class="quiet">
        Since <When at={campaign.createdAt} />
      </p>
    </div>
    <ul class="chips">
      {campaign.hosts.map((host) => (
        <li key={host.host}>
          <HostBadge host={host} />
        </li>
      ))}
    </ul>
  </li>
);

/** A brand's campaigns, the way to start one, and, until the first one runs, the way there. */
export const CampaignsView = () => {
  const load = useLoad("campaigns", () => ask(campaigns));
  const adding = useSignal(false);
  return (
    <>
      <Head title="Campaigns" under="Each has its own landing pages, contracts and results.">
        <Button kind="primary" onPress={() => (adding.value = true)} testid="new-campaign">
          New campaign
        </Button>
      </Head>
      <Shown of={load}>
        {(shown) => (
          <>
            <FirstSteps campaigns={shown.campaigns} onCreate={() => (adding.value = true)} />
            {shown.campaigns.length > 0 && (
              <ul class="rows card" data-testid="campaigns">
                {shown.campaigns.map((it) => (
                  <Row key={it.id} campaign={it} />
                ))}
              </ul>
            )}
          </>
        )}
      </Shown>
      <NewCampaign open={adding.value} onClose={() => (adding.value = false)} />
    </>
  );
};
