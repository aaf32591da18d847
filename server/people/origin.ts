const HARMLESS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request that a cookie speaks for may change anything: it must be JSON and come from our own pages.
 * Other sites can make a browser send our cookie, but they can neither name our origin nor send JSON without asking first.
 */
export const sameOrigin = (request: Request, baseURL: string): boolean => {
  if (HARMLESS.has(request.method)) return true;
  return isJson(request.headers) && comesFrom(request.headers, new URL(baseURL).origin);
};

/** Whether a body is said to be JSON: by exactly that type, whatever is said of it besides. */
export const isJson = (headers: Headers): boolean =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === "application/json";

const comesFrom = (headers: Headers, home: string): boolean => {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = headers.get("origin");
  return origin === null ? site === "same-origin" : origin === home;
};
