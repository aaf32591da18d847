import { ok, type Result, refuse } from "../../shared/kit/shape.ts";

/** Is this host the very machine we are on? */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]" || hostname.endsWith(".localhost");

const withScheme = (text: string): string => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const guess = `http://${text}`;
  return URL.canParse(guess) && isLoopback(new URL(guess).hostname) ? guess : `https://${text}`;
};

/**
 * The origin of a server as a person typed it: `example.com` is `https://example.com`. Refused: what is no address
 * (`not-an-address`), and plain http to another machine (`not-private`), where anyone on the way could read the token.
 */
export const serverAddress = (typed: string): Result<string> => {
  const text = withScheme(typed.trim());
  // Browsers disagree on spaces in a host: some refuse them, some encode them.
  if (typed.trim() === "" || /\s/.test(text) || !URL.canParse(text))
    return refuse("not-an-address", "This is not a server address.");
  const { protocol, hostname, origin, username, password } = new URL(text);
  const web = protocol === "https:" || protocol === "http:";
  if (!web || username !== "" || password !== "") return refuse("not-an-address", "This is not a server address.");
  if (protocol === "http:" && !isLoopback(hostname))
    return refuse("not-private", "Use an address that starts with https.");
  return ok(origin);
};

/** May this be opened in a tab? Only web addresses, so that a server cannot open the browser's own pages. */
export const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
