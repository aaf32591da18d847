/** How the `link` of the brand's own visits starts: the host of the page follows, by which they belong to campaigns. */
const PAGE = "page:";

/** What a visit that came through no link is kept under: the page's host. */
export const pageLink = (host: string): string => PAGE + host;

/** The host of the page a visit was to; nothing for what came through a link, and visits from before hosts were kept. */
export const pageIn = (link: string): string | undefined =>
  link.startsWith(PAGE) ? link.slice(PAGE.length) : undefined;
