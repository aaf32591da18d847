import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
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

const Sure = ({ stay }: { stay: () => void }) => {
  const place = useRef<HTMLFieldSetElement>(null);
  // The button that was pressed is gone: the keyboard goes on at what has taken its place.
  useEffect(() => place.current?.focus(), []);
  return (
    <fieldset class="ask" aria-label={tell("disconnect")} ref={place} tabIndex={-1}>
      <p>{tell("disconnectSays")}</p>
      <div class="row">
        <button type="button" class="danger" data-testid="disconnect-sure" onClick={() => void leave()}>
          {tell("disconnectSure")}
        </button>
        <button type="button" class="small" data-testid="disconnect-not" onClick={stay}>
          {tell("cancel")}
        </button>
      </div>
    </fieldset>
  );
};

const Leave = () => {
  const asked = useSignal<boolean | undefined>(undefined);
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked.value === false) place.current?.focus();
  }, [asked.value]);
  const ask = (it: boolean): void => {
    asked.value = it;
  };
  if (asked.value) return <Sure stay={() => ask(false)} />;
  return (
    <button type="button" class="danger" data-testid="disconnect" ref={place} onClick={() => ask(true)}>
      {tell("disconnect")}
    </button>
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
