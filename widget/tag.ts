import { content } from "./content.ts";
import { read, tell } from "./result.ts";
import { flush, later, nonce, post, quietly } from "./send.ts";
import { here, type View, watch } from "./view.ts";
import { arrive, forget, identified, permit, whence } from "./visitor.ts";

type Call = (word: unknown, given?: unknown) => void;
type Installed = Call & { readonly q?: Iterable<Parameters<Call>>; on?: boolean };

let server: string;
let k: string | undefined;
let now = {} as View; // Until a prerendered page is shown.
let visited: (() => void) | undefined;
const nonces: Record<string, string> = {};

const says = (view: View, more?: object): object => ({ k, ...whence(), ...view, ...more });
const beacon = (more: object, view = now): void => post(`${server}beacon`, says(view, more));

const visit = (view: View, r?: string): void => {
  now = view;
  const tell = (): void => {
    visited = identified() ? undefined : tell;
    beacon({ r }, view);
  };
  later(tell);
};

/** The same thing said twice on one page view is one submission, sent twice. */
const submit = (name: unknown, given: object): void => {
  const told = tell(name, given as Readonly<Record<string, unknown>>);
  const same = now.n + JSON.stringify(told);
  nonces[same] ||= nonce();
  const view = { p: here(), n: nonces[same] };
  later(() => post(`${server}results`, says(view, told)));
};

/** A yes after the page was already counted counts it again, under the same nonce, with a name to it. */
const decide = (yes: boolean): void => {
  permit(yes);
  if (!yes) forget();
  else if (visited && identified()) later(visited);
};

const call: Installed = (word, given) =>
  quietly(() => {
    if (word === "consent") decide(given === true);
    else if (word === "cta") later(() => beacon({ kind: "cta" }));
    else submit(word, Object(given));
  });

const onSubmit = ({ target }: Event): void =>
  quietly(() => {
    const name = (target as Element).getAttribute("data-mg-lead");
    if (name === null) return;
    submit(name || "lead", read(target as Element));
    flush();
  });

const begin = ({ src, dataset }: HTMLScriptElement): void => {
  const queued = window.makegood as Installed | undefined;
  if (queued?.on) return; // Another copy is at work.
  server = new URL("/v1/", src).href;
  k = dataset.key;
  permit(dataset.consent !== "required");
  arrive();
  call.on = true;
  window.makegood = call;
  // Leaving or hiding the page flushes; `unload` is never used: it would cost the page its back/forward cache.
  addEventListener("pagehide", flush);
  addEventListener("visibilitychange", flush);
  addEventListener("submit", onSubmit, true);
  watch((view, r) => {
    visit(view, r);
    // Whoever an experiment holds out is shown no poll: the click tells, as far as it may.
    const ask = (): string => `${server}page?k=${k}&p=${encodeURIComponent(view.p)}&c=${whence().c}`;
    content(`${new URL("poll.js", src)}`, ask, () => says(view));
  });
  // Calls made before the tag was there, in the order they were made.
  for (const said of queued?.q || []) call(said[0], said[1]);
};

quietly(() => {
  // There is no current script when the tag was put in late, as a module.
  begin((document.currentScript || document.querySelector("script[data-key]")) as HTMLScriptElement);
});
