import type { Result } from "../../shared/kit/shape.ts";
import { askPairing, leave, startPairing } from "../../shared/wire/people.ts";
import { alone } from "./alone.ts";
import { type Connection, connectionNow, keepConnection, moveConnection, type Pairing } from "./connection.ts";
import { welcomeOwner } from "./owner.ts";
import { isPaired, mayComeRight, reach, reachAs } from "./reach.ts";
import { emptyVault } from "./vault.ts";

const SLOWER_MS = 5000;

/** Ask a server for a code to show. From here on the background goes on asking, whether the popup is open or not. */
export const beginPairing = async (server: string): Promise<Result<Pairing>> => {
  const started = await reach(server, startPairing, { body: {} });
  if (!started.ok) return started;
  const { deviceCode, userCode, verificationUrl, expiresAt, intervalMs } = started.value;
  const pairing: Pairing = {
    state: "pairing",
    server,
    deviceCode,
    userCode,
    verificationUrl,
    expiresAt,
    intervalMs,
    askAt: Date.now() + intervalMs,
  };
  await keepConnection(pairing);
  return { ok: true, value: pairing };
};

const after = async (pairing: Pairing): Promise<Connection> => {
  const { server, deviceCode } = pairing;
  const asked = await reach(server, askPairing, { body: { deviceCode } });
  const again = (intervalMs: number): Pairing => ({ ...pairing, intervalMs, askAt: Date.now() + intervalMs });
  if (!asked.ok) {
    const over = Date.now() > pairing.expiresAt || !mayComeRight(asked.status);
    return over ? { state: "apart", server, because: "expired" } : again(pairing.intervalMs);
  }
  const answer = asked.value;
  if (answer.state === "paired") return { state: "paired", server, token: answer.token };
  if (answer.state === "waiting") return again(pairing.intervalMs);
  if (answer.state === "slower") return again(pairing.intervalMs + SLOWER_MS);
  return { state: "apart", server, because: answer.state };
};

/**
 * Ask once whether the code was confirmed, unless it is too early to ask or someone else in the extension is asking.
 * Whatever the answer, it is kept; calling this again and again is all there is to pairing (RFC 8628, section 3.5).
 */
export const askOnce = (): Promise<void> =>
  alone("pairing", async () => {
    const pairing = await connectionNow();
    if (pairing.state !== "pairing" || Date.now() < pairing.askAt) return;
    const now = await after(pairing);
    if (isPaired(now)) await welcomeOwner(now);
    await moveConnection(pairing, now);
  });

/** Stop waiting for the code to be confirmed. */
export const stopPairing = async (): Promise<void> => {
  const { server } = await connectionNow();
  await keepConnection({ state: "apart", server });
};

/** Forget everything: the token, the cache, what was waiting. The server is told too, if it can be reached. */
export const disconnect = async (): Promise<void> => {
  const connection = await connectionNow();
  await keepConnection({ state: "apart", server: connection.server });
  const emptied = emptyVault();
  if (isPaired(connection)) await reachAs(connection, leave, { body: {} });
  await emptied;
};
