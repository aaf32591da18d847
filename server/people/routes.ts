/** Where the routes below hang. */
export const BASE_PATH = "/api/auth";

/** The name the browser extension gives when it asks to be paired. */
export const EXTENSION = "makegood-extension";

/** The page on which a signed-in person types the extension's code. */
export const PAIRING_PAGE = "/pair";

/** Every route that is open, and what it is for. The sign-in library has dozens more; they answer 404. */
export const openRoutes: Readonly<Record<string, string>> = {
  "POST /link/open": "signs in with a one-time link",
  "POST /invitation/view": "says who invites whom, before anything is used up",
  "POST /invitation/accept": "uses an invitation up and signs in",
  "GET /get-session": "says who is signed in",
  "POST /sign-out": "ends this session",
  "POST /device/code": "begins the pairing of an extension",
  "POST /device/token": "asks whether the pairing was approved",
  "GET /device": "looks at a pairing by its code, and claims it for the person signed in",
  "POST /device/approve": "lets the extension in",
  "POST /device/deny": "keeps the extension out",
};

/** What only a person at a browser may do: a stolen extension token must not let further devices in. */
export const browserOnly: ReadonlySet<string> = new Set([
  "/device",
  "/device/approve",
  "/device/deny",
  "/link/open",
  "/invitation/accept",
]);

/** Whether a request is for one of the open routes, spelled exactly. */
export const isOpen = (method: string, pathname: string): boolean =>
  pathname.startsWith(`${BASE_PATH}/`) && Object.hasOwn(openRoutes, `${method} ${pathname.slice(BASE_PATH.length)}`);

/** The name of the cookie that keeps a browser signed in to a server that is reached at this origin. */
export const sessionCookie = (origin: string): string =>
  `${origin.startsWith("https:") ? "__Secure-" : ""}makegood.session_token`;
