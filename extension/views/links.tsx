import { useSignal } from "@preact/signals";
import { cached, connection, update } from "../app/pocket.ts";
import { isPaired } from "../app/reach.ts";
import type { Grab, Link } from "../app/shelves.ts";
import { ago, shortly } from "../app/speak.ts";
import { dropGrab } from "../app/wishes.ts";
import { tell, tellCount } from "../app/words.ts";
import { now } from "./clock.ts";
import { copy } from "./copy.ts";

const FEW = 5;

const campaignOf = (contract: string): string =>
  cached.value.contracts.find(({ id }) => id === contract)?.campaignName ?? "";

const matches = (link: Link, sought: string): boolean =>
  [link.url, link.destination, campaignOf(link.contract)].some((text) => text.toLowerCase().includes(sought));

const Waiting = ({ grab }: { grab: Grab }) => (
  <li class="link" data-testid="waiting-link">
    <div class="link-text">
      <span class="link-to">{shortly(grab.destination)}</span>
      <span class="fine">{tell("waitsForServer")}</span>
    </div>
    <button type="button" class="small" onClick={() => void dropGrab(grab.key)}>
      {tell("discard")}
    </button>
  </li>
);

const One = ({ link }: { link: Link }) => {
  const done = useSignal(false);
  const press = async (): Promise<void> => {
    done.value = await copy(link.url);
  };
  return (
    <li class="link" data-testid="link">
      <div class="link-text">
        <span class="link-to" title={link.destination}>
          {shortly(link.destination)}
        </span>
        <span class="fine">
          <bdi>{campaignOf(link.contract)}</bdi> · {tellCount("clicks", link.clicks)} · {ago(link.createdAt, now.value)}
        </span>
      </div>
      <button
        type="button"
        class="small"
        aria-label={tell("copyLinkTo", shortly(link.destination))}
        onClick={() => void press()}
      >
        {done.value ? tell("copiedShort") : tell("copy")}
      </button>
    </li>
  );
};

const sendNow = (): void => {
  if (isPaired(connection.value)) void update(connection.value);
};

const Queue = ({ grabs }: { grabs: readonly Grab[] }) =>
  grabs.length === 0 ? null : (
    <div data-testid="queue">
      <p class="note row">
        <span>{tellCount("linksWait", grabs.length)}</span>
        <button type="button" class="small" onClick={sendNow}>
          {tell("tryAgain")}
        </button>
      </p>
      <ul class="links">
        {grabs.map((grab) => (
          <Waiting key={grab.key} grab={grab} />
        ))}
      </ul>
    </div>
  );

/** The links there are, newest first, to find and copy again, also without a connection. */
export const Links = () => {
  const sought = useSignal("");
  const all = useSignal(false);
  const { links, grabs } = cached.value;
  const found = links.filter((link) => matches(link, sought.value.trim().toLowerCase()));
  const shown = all.value ? found : found.slice(0, FEW);
  return (
    <section class="card" aria-labelledby="links-title">
      <h2 id="links-title">{tell("linksTitle")}</h2>
      <Queue grabs={grabs} />
      {links.length > 0 && (
        <input
          type="search"
          data-testid="search-links"
          placeholder={tell("searchLinks")}
          aria-label={tell("searchLinks")}
          value={sought}
          onInput={({ currentTarget }) => {
            sought.value = currentTarget.value;
          }}
        />
      )}
      {links.length === 0 && <p class="muted">{tell("noLinks")}</p>}
      {links.length > 0 && found.length === 0 && <p class="muted">{tell("noLinksFound")}</p>}
      <ul class="links">
        {shown.map((link) => (
          <One key={link.code} link={link} />
        ))}
      </ul>
      {shown.length < found.length && (
        <button
          type="button"
          class="small"
          onClick={() => {
            all.value = true;
          }}
        >
          {tellCount("showAllLinks", found.length)}
        </button>
      )}
    </section>
  );
};
