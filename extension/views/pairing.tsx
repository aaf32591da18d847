import { browser } from "wxt/browser";
import { isWebAddress } from "../app/address.ts";
import type { Pairing as Waiting } from "../app/connection.ts";
import { stopPairing } from "../app/pairing.ts";
import { tell } from "../app/words.ts";

const openPage = (url: string): void => {
  if (isWebAddress(url)) void browser.tabs.create({ url });
};

/** The code to confirm, big enough to compare at a glance, and the way to where it is confirmed. */
export const Pairing = ({ connection }: { connection: Waiting }) => (
  <main class="page pairing">
    <header class="hero">
      <img src="/icon/48.png" alt="" width="40" height="40" />
      <div>
        <h1>{tell("pairingTitle")}</h1>
        <p>{new URL(connection.server).host}</p>
      </div>
    </header>
    <section class="card code-card">
      <p id="code-says">{tell("pairingSays")}</p>
      <output class="user-code" data-testid="user-code" aria-labelledby="code-says">
        {connection.userCode}
      </output>
      <button
        type="button"
        class="primary"
        data-testid="open-verification"
        onClick={() => openPage(connection.verificationUrl)}
      >
        {tell("openVerification")}
      </button>
      <p class="waiting" role="status">
        <span class="pulse" aria-hidden="true" />
        {tell("pairingWaits")}
      </p>
      <p class="fine">{tell("pairingMayClose")}</p>
    </section>
    <button type="button" class="quiet" data-testid="stop-pairing" onClick={() => void stopPairing()}>
      {tell("cancel")}
    </button>
  </main>
);
