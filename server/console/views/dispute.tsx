import { dispute } from "../../../shared/wire/disputes.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import { disputeItem, disputeReasons, disputeStatuses, nameOf } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { CopyBox } from "../parts/copy.tsx";
import { Badge, Card, Head, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Evidence } from "./dispute-evidence.tsx";
import { Moves } from "./dispute-moves.tsx";
import { Talk } from "./dispute-said.tsx";
import { Turn } from "./dispute-turn.tsx";

const Half = ({ page, url }: { readonly page: DisputePage; readonly url: string }) => (
  <Card title="Your half of the mediator’s key" class="accented" testid="half">
    <p>
      {page.mediator
        ? `The terms name ${page.mediator} as the mediator.`
        : "The terms name nobody, so agree on a mediator first."}{" "}
      Send them this link yourself, by a way you trust. {nameOf(page, page.you === "brand" ? "influencer" : "brand")}{" "}
      has another one.
    </p>
    <CopyBox what="Your link for the mediator" text={url} label="Copy the link" kind="primary" testid="mediator-url" />
    <p class="hint">
      One half is enough to read the dispute; only both together decide it, so neither side can decide alone. A side
      that keeps its half back only lets the deadline pass, to what the terms say. The halves work until it is resolved.
    </p>
  </Card>
);

/** What the dispute is, in its heading. */
export const disputeTitle = (page: DisputePage): string =>
  `${nameOf(page, page.opener)} disputes ${disputeItem(page)}: ${disputeReasons[page.reason].toLowerCase()}`;

const Page = ({
  page,
  put,
  again,
}: {
  readonly page: DisputePage;
  readonly put: (page: DisputePage) => void;
  readonly again: () => void;
}) => (
  <>
    <Head
      over={<a href="/disputes">Disputes</a>}
      title={disputeTitle(page)}
      under={
        <>
          <Badge word={disputeStatuses[page.status]} testid="dispute-status" />{" "}
          <a href={`/contracts/${page.item.contract}`}>{page.campaignName}</a> · opened <When at={page.openedAt} />
        </>
      }
    >
      <Button onPress={again}>Refresh</Button>
    </Head>
    <Turn page={page} />
    {page.mediatorUrl && <Half page={page} url={page.mediatorUrl} />}
    {page.status !== "resolved" && <Moves page={page} onMoved={put} />}
    <Talk page={page} />
    <Evidence page={page} />
  </>
);

/** One dispute: the amount, whose turn it is, what was said and proposed, and the evidence. */
export const DisputeView = ({ params }: ViewProps) => {
  const id = params.dispute ?? "";
  const load = useLoad(`dispute ${id}`, () => ask(dispute, { params: { dispute: id } }));
  return (
    <Shown of={load} lines={10} page>
      {(page) => <Page page={page} put={load.put} again={load.again} />}
    </Shown>
  );
};
