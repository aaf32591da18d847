import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Context } from "hono";
import type { World } from "../world.ts";

/** What the proxies in front say, furthest first: each adds the address it was asked from at the end. */
const forwarded = ({ headersDistinct }: IncomingMessage): readonly string[] =>
  (headersDistinct["x-forwarded-for"] ?? []).flatMap((line) => line.split(",")).map((it) => it.trim());

/**
 * The network address a request comes from: for limits on guessing, and cut down to its network in what is signed. It is
 * the other end of the socket, or, behind proxies of one's own, what the outermost of them saw. What a request claims of
 * its own address stands before that, and is not believed.
 */
export const addressOf = ({ proxies }: Pick<World, "proxies">, { env }: Pick<Context, "env">): string | undefined => {
  const incoming = (env as { readonly incoming?: IncomingMessage } | undefined)?.incoming;
  const seen = incoming && proxies > 0 ? (forwarded(incoming).at(-proxies) ?? "") : "";
  return isIP(seen) > 0 ? seen : incoming?.socket?.remoteAddress;
};
