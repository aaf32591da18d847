import { isIP } from "node:net";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";

/** Whom a browser makes passkeys for: a host name, and the one origin whose pages may use them. */
export interface Party {
  readonly rpId: string;
  readonly origin: string;
}

/** Why passkeys cannot work where this server is reached. */
export type NoParty = Refusal<"passkeys-need-a-name" | "passkeys-need-https">;

const isLocal = (host: string): boolean => host === "localhost" || host.endsWith(".localhost");

/** Browsers bind a passkey to a domain, never to a bare address, and only where nobody on the way can change the page. */
export const partyOf = (baseURL: string): Result<Party, NoParty> => {
  const { hostname, origin, protocol, port } = new URL(baseURL);
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0)
    return refuse(
      "passkeys-need-a-name",
      `Passkeys belong to a host name, and this server is reached at ${address}, which is a bare address. They work once it is started with an origin that has a name, such as http://localhost${port && `:${port}`} on this machine.`,
    );
  if (protocol !== "https:" && !isLocal(hostname))
    return refuse(
      "passkeys-need-https",
      `Passkeys work over https only, and this server is reached at ${origin}. They work once its origin begins with https.`,
    );
  return ok({ rpId: hostname, origin });
};
