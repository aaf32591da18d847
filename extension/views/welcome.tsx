import { useSignal } from "@preact/signals";
import { serverAddress } from "../app/address.ts";
import type { Connection } from "../app/connection.ts";
import { beginPairing } from "../app/pairing.ts";
import { tell } from "../app/words.ts";
import { Disclosure } from "./disclosure.tsx";

type Unconnected = Extract<Connection, { state: "apart" | "lapsed" }>;

const firstTrouble = (connection: Unconnected): string => {
  if (connection.state === "lapsed") return tell("lapsed");
  if (connection.because === "denied") return tell("pairingDenied");
  return connection.because === "expired" ? tell("pairingExpired") : "";
};

const troubles = {
  "not-an-address": "notAnAddress",
  "not-private": "notPrivate",
  unreachable: "serverAway",
  // Something answers there, but not as a server of ours would.
  unreadable: "serverAway",
} as const;

const troubleOf = ({ code, because }: { code: string; because: string }): string => {
  const word = code.startsWith("status-") ? "serverAway" : troubles[code as keyof typeof troubles];
  return word ? tell(word) : because;
};

/** The form that asks for the server's address and starts pairing. */
const ConnectForm = ({ connection }: { connection: Unconnected }) => {
  const typed = useSignal(connection.server);
  const trouble = useSignal(firstTrouble(connection));
  const busy = useSignal(false);

  const connect = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    trouble.value = "";
    const server = serverAddress(typed.value);
    if (!server.ok) {
      trouble.value = troubleOf(server.refusal);
      return;
    }
    busy.value = true;
    const begun = await beginPairing(server.value);
    busy.value = false;
    if (!begun.ok) trouble.value = troubleOf(begun.refusal);
  };

  return (
    <form class="card connect" onSubmit={connect} noValidate>
      <label for="server">{tell("serverAddress")}</label>
      <input
        id="server"
        data-testid="server-address"
        type="text"
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        aria-describedby="server-trouble"
        aria-invalid={trouble.value !== "" && connection.state === "apart"}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
        }}
      />
      <button type="submit" class="primary" data-testid="connect" aria-disabled={busy.value}>
        {busy.value ? tell("connecting") : tell("connect")}
      </button>
      <p id="server-trouble" class="trouble" role="alert">
        {trouble}
      </p>
    </form>
  );
};

/** The first page: what this is, what it does and never does, and the way in. */
export const Welcome = ({ connection }: { connection: Unconnected }) => (
  <main class="page welcome">
    <header class="hero">
      <img src="/icon/48.png" alt="" width="40" height="40" />
      <div>
        <h1>{tell("extensionName")}</h1>
        <p>{tell("promise")}</p>
      </div>
    </header>
    <ConnectForm connection={connection} />
    <Disclosure />
  </main>
);
