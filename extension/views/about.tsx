import { useSignal } from "@preact/signals";
import { disconnect } from "../app/pairing.ts";
import { connection } from "../app/pocket.ts";
import { tell } from "../app/words.ts";
import { Disclosure } from "./disclosure.tsx";
import { Frame } from "./frame.tsx";
import { go } from "./route.ts";

const leave = async (): Promise<void> => {
  go({ at: "home" });
  await disconnect();
};

const Leave = () => {
  const asked = useSignal(false);
  if (!asked.value) {
    return (
      <button
        type="button"
        class="danger"
        data-testid="disconnect"
        onClick={() => {
          asked.value = true;
        }}
      >
        {tell("disconnect")}
      </button>
    );
  }
  return (
    <fieldset class="ask" aria-label={tell("disconnect")}>
      <p>{tell("disconnectSays")}</p>
      <div class="row">
        <button type="button" class="danger" data-testid="disconnect-sure" onClick={() => void leave()}>
          {tell("disconnectSure")}
        </button>
        <button
          type="button"
          class="small"
          onClick={() => {
            asked.value = false;
          }}
        >
          {tell("cancel")}
        </button>
      </div>
    </fieldset>
  );
};

/** Which server this is connected to, what the extension does and never does, and the way out. */
export const About = () => (
  <Frame title={tell("aboutTitle")}>
    <section class="card">
      <h2>{tell("connectedTo")}</h2>
      <p class="mono">{connection.value.server}</p>
      <Leave />
    </section>
    <Disclosure />
  </Frame>
);
