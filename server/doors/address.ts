import type { IncomingMessage } from "node:http";
import type { Context } from "hono";

/**
 * The network address at the other end of the socket, for limits on guessing; it is never kept. What a request claims
 * of its own address is not believed.
 */
export const addressOf = (c: Context): string | undefined =>
  (c.env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket?.remoteAddress;
