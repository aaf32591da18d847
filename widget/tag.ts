import { content } from "./content.ts";
import { read, tell } from "./result.ts";
import { flush, nonce, quietly, retry, say } from "./send.ts";
import { here, type View, watch } from "./view.ts";
import { arrive, forget, identified, permit, whence } from "./visitor.ts";

/** A page view: told, and asked whether a poll belongs on it. */
const see = (view: View): void => {
  now = view;
  const tell = (): void =>
    say(`${server}beacon`, () => {
      visited = identified() ? undefined : tell;
      return says(view);
    });
  tell();
  content(server, k, view.p, () => says(view));
};

let server: URL;
let k: string;
let now = {} as View; // Until a prerendered page is shown.
let visited: (() => void) | undefined;
const nonces: Record<string, string> = {};

const call: Installed = (word, given) =>
  quietly(() => {
    if (word === "consent") decide(given === true);
    else if (word === "cta") say(`${server}beacon`, () => says(now, { kind: "cta" }));
    else submit(word, Object(given));
  });

type Call = (word: unknown, given?: unknown) => void;
type Installed = Call & { readonly q?: Iterable<Parameters<Call>>; on?: boolean };

const says = (view: View, more?: object): object => ({ k, ...whence(), ...view, ...more });

/** A yes after the page was already counted counts it again, under the same nonce, with a name to it. A no erases. */
const decide = (yes: boolean): void => {
  permit(yes);
  if (!yes) forget();
  else if (identified()) visited?.();
};

const onSubmit = ({ target }: Event): void =>
  quietly(() => {
    const lead = (target as HTMLFormElement).dataset.mgLead;
    if (lead == null) return;
    submit(lead || "lead", read(target as Element));
    flush();
  });

/** The same thing said twice on one page view is one submission, sent twice. */
const submit = (name: unknown, given: object): void => {
  const told = tell(name, given as Readonly<Record<string, unknown>>);
  const same = now.n + JSON.stringify(told);
  nonces[same] ||= nonce();
  const view = { p: here(), n: nonces[same] };
  say(`${server}results`, () => says(view, told), true);
};

const begin = ({ src, dataset }: HTMLScriptElement): void => {
  const queued = window.makegood as Installed | undefined;
  if (queued?.on) return; // Another copy is at work.
  server = new URL("/v1/", src);
  k = dataset.key as string;
  permit(dataset.consent !== "required");
  arrive();
  call.on = true;
  window.makegood = call;
  // Leaving or hiding the page flushes; `unload` is never used: it would cost the page its back/forward cache.
  addEventListener("pagehide", flush);
  addEventListener("pagehide", retry);
  addEventListener("visibilitychange", flush);
  addEventListener("submit", onSubmit, true);
  watch(see);
  // Calls made before the tag was there, in the order they were made.
  for (const said of queued?.q || []) call(...said);
};

quietly(() => {
  // There is no current script when the tag was put in late, as a module.
  begin((document.currentScript || document.querySelector("script[data-key]")) as HTMLScriptElement);
});
