import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { scriptTag } from "../doors/brand.ts";

/** What the demo's landing page is made of. */
export interface Landing {
  /** Where Makegood is reached. */
  readonly makegood: string;
  readonly publishableKey: string;
}

const style = `:root{color-scheme:light dark;--ink:#1d1b2e;--paper:#fffdf8;--soft:#6b6780;--brand:#5b3df5;--card:#fff;--line:#e6e2f3}
@media (prefers-color-scheme:dark){:root{--ink:#f1eefc;--paper:#15131f;--soft:#a9a4c0;--brand:#9d8bff;--card:#1e1b2c;--line:#332f48}}
*{box-sizing:border-box}body{margin:0;font:17px/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:64rem;margin:0 auto;padding:clamp(1.5rem,6vw,5rem) 1.5rem;display:grid;gap:clamp(2rem,6vw,5rem);grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));align-items:center}
h1{font-size:clamp(2rem,5vw,3.25rem);line-height:1.1;letter-spacing:-.02em;margin:.25em 0}.eyebrow{color:var(--brand);font-weight:600;margin:0}
ul{padding-left:1.2em;color:var(--soft)}form{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.75rem;display:grid;gap:1rem;box-shadow:0 12px 40px #0001}
label{display:grid;gap:.35rem;font-weight:600}input{font:inherit;padding:.7rem .85rem;border:1px solid var(--line);border-radius:.6rem;background:var(--paper);color:inherit}
input:focus-visible,button:focus-visible{outline:3px solid var(--brand);outline-offset:2px}button{font:inherit;font-weight:700;color:#fff;background:#5b3df5;border:0;border-radius:.6rem;padding:.8rem 1rem;cursor:pointer}
small,footer{color:var(--soft)}footer{text-align:center;padding:1.5rem}`;

const page = (title: string, body: string, { makegood, publishableKey }: Landing): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,">
${scriptTag(makegood, publishableKey)}</head><body><main>${body}</main>
<footer>A made-up camp: the landing page of the Makegood demo.</footer></body></html>`;

const offer = `<section><p class="eyebrow">Winter 2027 · ages 10 to 14</p><h1>Build your first game in five days</h1>
<p>A week of code, art and sound with teachers who ship games for a living. Leave an address and we will send the programme.</p>
<ul><li>Groups of eight, two teachers each</li><li>Laptops and lunch included</li><li>Show day for the whole family</li></ul></section>
<form data-mg-lead method="post" action="/thanks"><label>Your name<input name="name" autocomplete="name" required maxlength="100"></label>
<label>E-mail<input name="email" type="email" autocomplete="email" required maxlength="200"></label>
<button>Send me the programme</button><small>We write once, and never pass your address on.</small></form>`;

const thanks = `<section><p class="eyebrow">Thank you</p><h1>The programme is on its way</h1><p>See you in winter! <a href="/">Back to the page</a></p></section>`;

const send = (response: ServerResponse, status: number, type: string, body: string, csp: string): void => {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": csp,
    "cache-control": "no-store",
  });
  response.end(body);
};

/** The strictest policy a brand might have: the tag and the poll must work under it. */
const policy = (makegood: string): string =>
  `default-src 'none'; script-src ${makegood}; connect-src ${makegood}; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;

const answer = (landing: Landing, path: string, response: ServerResponse): void => {
  const csp = policy(landing.makegood);
  const html = (title: string, body: string): void => send(response, 200, "text/html", page(title, body, landing), csp);
  if (path === "/style.css") send(response, 200, "text/css", style, csp);
  else if (path === "/thanks") html("Thank you", thanks);
  else if (path === "/") html("Game camp", offer);
  else send(response, 404, "text/plain", "Not found\n", csp);
};

/** A landing page's server: where it listens, and how to say what the page is made of once that is known. */
export interface LandingServer {
  readonly port: number;
  show(landing: Landing): void;
  close(): void;
}

/** Open the demo's landing page on a port of its own; it shows nothing until told what to show. */
export const openLanding = (port: number): Promise<LandingServer> => {
  let shown: Landing | undefined;
  const server = createServer((request, response) => {
    request.resume();
    if (shown) answer(shown, new URL(request.url ?? "/", "http://localhost").pathname, response);
    else response.writeHead(503).end();
  });
  const opened = (): LandingServer => ({
    port: (server.address() as AddressInfo).port,
    show: (landing) => {
      shown = landing;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(opened()));
  });
};
