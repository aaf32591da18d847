import { signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { browser } from "wxt/browser";
import { contractsFor, type Destination, destinationOf } from "../app/destination.ts";
import { type Grabbed, grab } from "../app/grab.ts";
import { cached, connection } from "../app/pocket.ts";
import { isPaired } from "../app/reach.ts";
import type { Contract } from "../app/shelves.ts";
import { shortly } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { announce } from "./announcer.tsx";
import { now } from "./clock.ts";
import { Copied } from "./copied.tsx";
import { copy } from "./copy.ts";

/** The page the popup was opened on; `unknown` until asked. Its address is seen only because the toolbar button was pressed, and stays here until a link is asked for. */
const page = signal<{ readonly state: "unknown" } | { readonly state: "known"; readonly url: string | undefined }>({
  state: "unknown",
});

/** Ask the browser which page the popup was opened on. */
export const lookHere = async (): Promise<void> => {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  page.value = { state: "known", url: tab?.url };
};

const Marks = ({ destination: { ours, others } }: { destination: Destination }) => (
  <>
    {ours && (
      <p class="note info" data-testid="stripped-ours">
        {tell("strippedOurs")}
      </p>
    )}
    {others.length > 0 && (
      <p class="note info" data-testid="stripped-others">
        {tell("strippedOthers", others.join(", "))}
      </p>
    )}
  </>
);

/** What became of a press, and whether its link is on the clipboard. */
type Shown = Grabbed & { readonly copied: boolean };

interface OfferProps {
  readonly contract: Contract;
  readonly destination: Destination;
  readonly first: boolean;
}

/** One contract that covers this page, and the button that makes its link. */
const Offer = ({ contract, destination, first }: OfferProps) => {
  const busy = useSignal(false);
  const outcome = useSignal<Shown | undefined>(undefined);
  const disclosure = contract.terms.requires?.disclosure ?? "#ad";

  const press = async (): Promise<void> => {
    if (busy.value || !isPaired(connection.value)) return;
    busy.value = true;
    const grabbed = await grab(connection.value, contract.id, destination.url);
    const copied = grabbed.state === "made" && (await copy(grabbed.link.url));
    if (grabbed.state === "waiting") announce(tell("grabWaits"));
    busy.value = false;
    outcome.value = { ...grabbed, copied };
  };

  // What came of the press must be in sight, also where the popup is too low for it.
  const offer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome.value) offer.current?.scrollIntoView?.({ block: "nearest" });
  }, [outcome.value]);

  return (
    <div class="offer" ref={offer}>
      <button
        type="button"
        class={first ? "primary big" : "big"}
        data-testid="grab"
        data-contract={contract.id}
        aria-disabled={busy.value}
        onClick={() => void press()}
      >
        <span class="big-label">{busy.value ? tell("making") : tell("copyTrackedLink")}</span>
        <span class="big-for">
          <bdi>{contract.brandName}</bdi> · <bdi>{contract.campaignName}</bdi>
        </span>
      </button>
      <Outcome outcome={outcome.value} disclosure={disclosure} />
    </div>
  );
};

const Outcome = ({ outcome, disclosure }: { outcome: Shown | undefined; disclosure: string }) => {
  if (!outcome) return null;
  if (outcome.state === "made") return <Copied link={outcome.link} copied={outcome.copied} disclosure={disclosure} />;
  const waits = outcome.state === "waiting";
  return (
    <p class={waits ? "note" : "note bad"} role={waits ? undefined : "alert"} data-testid={`grab-${outcome.state}`}>
      {waits ? tell("grabWaits") : outcome.because}
    </p>
  );
};

const Offers = ({ destination }: { destination: Destination }) => {
  // The contract last used comes first, as of when the popup was opened: buttons must not trade places under a pointer.
  const last = useRef(cached.value.lastContract);
  const fitting = useComputed(() => contractsFor(destination, cached.value.contracts, last.current, now.value));
  if (fitting.value.length === 0) {
    return (
      <p class="muted" data-testid="no-campaign">
        {tell("noCampaign", destination.host)}
      </p>
    );
  }
  if (!destination.secure) {
    return (
      <p class="note" data-testid="not-secure">
        {tell("notSecure", destination.host)}
      </p>
    );
  }
  return (
    <>
      <p class="destination" title={destination.url}>
        <span class="muted">{tell("leadsTo")}</span> <span data-testid="destination">{shortly(destination.url)}</span>
      </p>
      <Marks destination={destination} />
      {fitting.value.map((contract, index) => (
        <Offer key={contract.id} contract={contract} destination={destination} first={index === 0} />
      ))}
    </>
  );
};

/** The page the popup was opened on: whether a campaign covers it, and the button that makes a tracked link to it. */
export const Here = () => {
  const found = page.value;
  const destination = found.state === "known" ? destinationOf(found.url) : undefined;
  return (
    <section class="card here" aria-labelledby="here-title">
      <h2 id="here-title">{tell("hereTitle")}</h2>
      {destination && <Offers destination={destination} />}
      {!destination && <p class="muted">{found.state === "known" ? tell("noPage") : "…"}</p>}
    </section>
  );
};
