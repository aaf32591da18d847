import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { campaign } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import { followCampaign, type Liveness } from "../kit/live.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import type { CampaignPage } from "../kit/wire.ts";
import { LinkButton } from "../parts/button.tsx";
import { Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Credited } from "./campaign-credited.tsx";
import { Figures } from "./campaign-figures.tsx";
import { Hosts } from "./campaign-hosts.tsx";
import { Money } from "./campaign-money.tsx";
import { Polls } from "./campaign-polls.tsx";

const said: Readonly<Record<Liveness, string>> = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
};

const LiveMark = ({ liveness }: { readonly liveness: ReadonlySignal<Liveness> }) => (
  <span class={`live ${liveness.value}`} role="status" data-testid="liveness" data-liveness={liveness.value}>
    <span class="live-dot" aria-hidden="true" /> {said[liveness.value]}
  </span>
);

/** Follow the campaign from the first picture of it on. */
const useLive = (id: string, load: Loading<CampaignPage>): ReadonlySignal<Liveness> => {
  const liveness = useSignal<Liveness>("connecting");
  const first = load.now.value.state === "here";
  useEffect(() => {
    const shown = load.now.peek();
    if (shown.state !== "here") return undefined;
    const line = followCampaign(id, shown.value.position, { heard: load.put, lost: load.refresh });
    const unsubscribe = line.liveness.subscribe((it) => {
      liveness.value = it;
    });
    return () => {
      unsubscribe();
      line.stop();
    };
  }, [id, first]);
  return liveness;
};

/** A campaign as it happens: who comes, what they do, who is credited, and what it costs. */
export const CampaignView = ({ params }: ViewProps) => {
  const id = params.campaign ?? "";
  const load = useLoad(`campaign ${id}`, () => ask(campaign, { params: { campaign: id } }));
  const liveness = useLive(id, load);
  return (
    <Shown of={load} lines={8} page>
      {(page) => (
        <>
          <Head
            over={<a href="/campaigns">Campaigns</a>}
            title={page.campaign.name}
            under={<LiveMark liveness={liveness} />}
          >
            <LinkButton href={`/campaigns/${id}/attribution`} testid="to-attribution">
              Attribution
            </LinkButton>
            <LinkButton href={`/campaigns/${id}/poll`} testid="new-poll">
              New poll
            </LinkButton>
            <LinkButton kind="primary" href={`/contracts/new?campaign=${id}`} testid="new-contract">
              Draft a contract
            </LinkButton>
          </Head>
          <Figures page={page} />
          <Money page={page} />
          <Credited page={page} />
          <Polls page={page} onChange={load.again} />
          <Hosts campaign={page.campaign} onChange={load.again} />
        </>
      )}
    </Shown>
  );
};
