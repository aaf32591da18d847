import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { leave } from "../../shared/wire/people.ts";
import { signedOut } from "./kit/ask.ts";
import { go, place } from "./kit/place.ts";
import { matched, type Route } from "./kit/route.ts";
import { actingFor, departed, type Me, ownsABrand, promotes, session, whoAmI } from "./kit/session.ts";
import { useSubmit } from "./kit/submit.ts";
import { titled } from "./kit/title.ts";
import { BrandSwitch } from "./parts/brand-switch.tsx";
import { Button } from "./parts/button.tsx";
import { Icon, type IconName, Mark } from "./parts/icon.tsx";
import { Empty, Failed, Skeleton } from "./parts/states.tsx";
import { routes } from "./routes.ts";
import { SignedOutView } from "./views/signed-out.tsx";

interface Entry {
  readonly name: IconName;
  readonly title: string;
  readonly path: string;
  readonly seenBy: (me: Me) => boolean;
}

const menu: readonly Entry[] = [
  { name: "campaigns", title: "Campaigns", path: "/campaigns", seenBy: ownsABrand },
  { name: "conversions", title: "Conversions", path: "/conversions", seenBy: ownsABrand },
  { name: "influencers", title: "Influencers", path: "/influencers", seenBy: ownsABrand },
  { name: "contracts", title: "Contracts", path: "/contracts", seenBy: () => true },
  { name: "disputes", title: "Disputes", path: "/disputes", seenBy: () => true },
  { name: "payouts", title: "Payouts", path: "/payouts", seenBy: () => true },
  { name: "extension", title: "Extension", path: "/extension", seenBy: promotes },
  { name: "settings", title: "Settings", path: "/settings", seenBy: ownsABrand },
  { name: "settings", title: "Settings", path: "/settings/passkeys", seenBy: (me) => !ownsABrand(me) },
];

/** On a narrow screen the menu scrolls; the entry of the page shown is brought into view. */
const useCurrentInView = (section: IconName | undefined) => {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [section]);
  return nav;
};

const Menu = ({ me, section }: { readonly me: Me; readonly section: IconName | undefined }) => (
  <nav aria-label="Main" ref={useCurrentInView(section)}>
    <ul class="menu">
      {menu
        .filter(({ seenBy }) => seenBy(me))
        .map(({ name, title, path }) => (
          <li key={name}>
            <a href={path} aria-current={name === section ? "page" : undefined}>
              <Icon name={name} />
              {title}
            </a>
          </li>
        ))}
    </ul>
  </nav>
);

const brandsOf = (me: Me): string => [...new Set(me.memberships.map(({ brandName }) => brandName))].join(", ");

const Person = ({ me }: { readonly me: Me }) => {
  const out = useSubmit(leave, () => {
    departed();
    go("/signed-out", "replace");
  });
  return (
    <div class="person">
      <p>
        <strong data-testid="me-name">{me.name || me.email}</strong>
        <span class="quiet">{brandsOf(me)}</span>
      </p>
      <Button kind="quiet" small busy={out.busy.value} testid="leave" onPress={() => void out.submit({ body: {} })}>
        Sign out
      </Button>
    </div>
  );
};

const Lonely = ({ wide, children }: { readonly wide?: boolean | undefined; readonly children: ComponentChildren }) => (
  <main class={wide ? "lonely wide" : "lonely"}>
    <p class="wordmark">
      <Mark /> Makegood
    </p>
    {children}
  </main>
);

/** After every change of place, or of the brand acted for, the focus is at the top of what is new. */
const useArrival = (title: string, path: string, brand: string | undefined) => {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [title, path, brand]);
  return main;
};

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const find = (path: string): Found | undefined => {
  for (const route of routes) {
    const params = matched(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
};

const sectionOf = (route: Route | undefined): string => menu.find(({ name }) => name === route?.section)?.path ?? "/";

/** Whoever begins to act for another brand, in whichever tab, finds nothing of the one before at its own address: they go on one level up. */
const useOwnPlace = (brand: string | undefined, route: Route | undefined): void => {
  const before = useRef(brand);
  useLayoutEffect(() => {
    const isNew = before.current !== undefined && before.current !== brand;
    before.current = brand;
    if (isNew && (route?.path.includes(":") || place.peek().query.size > 0)) go(sectionOf(route), "replace");
  }, [brand]);
};

/** A page that is not to be had, and the way to those that are. */
const Elsewhere = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <Empty title={title} page>
    {children}
    <p>
      <a href="/">Go to the start</a>
    </p>
  </Empty>
);

const Outlet = ({ found }: { readonly found: Found | undefined }) => {
  const { path, query, hash } = place.value;
  if (!found) return <Elsewhere title="There is no such page" />;
  const View = found.route.view;
  const key = found.route.steady ? path : `${path}?${query}`;
  return <View key={key} params={found.params} query={query} hash={new URLSearchParams(hash)} />;
};

const Shell = ({ me, found }: { readonly me: Me; readonly found: Found | undefined }) => {
  const title = found?.route.title ?? "Not found";
  const brand = actingFor(me)?.brand;
  const main = useArrival(title, place.value.path, brand);
  useOwnPlace(brand, found?.route);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="side">
        <a class="wordmark" href="/">
          <Mark /> <span>Makegood</span>
        </a>
        {ownsABrand(me) && <BrandSwitch me={me} />}
        <Menu me={me} section={found?.route.section} />
        <Person me={me} />
      </header>
      <main id="main" ref={main} tabIndex={-1} key={JSON.stringify(me)}>
        <p class="unseen" aria-live="polite">
          {title}
        </p>
        {found?.route.brand && !ownsABrand(me) ? (
          <Elsewhere title="This page is for brands">
            <p class="quiet">
              You are signed in as <strong>{me.name || me.email}</strong>, who promotes for one.
            </p>
          </Elsewhere>
        ) : (
          <Outlet found={found} />
        )}
      </main>
    </div>
  );
};

/** The whole app: the page asked for, inside the menu of whoever is signed in, or the way back in for whoever is not. */
export const App = () => {
  const found = find(place.value.path);
  const who = session.value;
  const isOut = who.state === "nobody" || signedOut.value;
  const title = found?.route.title ?? "Not found";
  useEffect(() => titled(isOut && !found?.route.open ? "Signed out" : title), [isOut, found?.route, title]);
  if (found?.route.open)
    return (
      <Lonely wide={found.route.wide}>
        <Outlet found={found} />
      </Lonely>
    );
  if (isOut)
    return (
      <Lonely>
        <SignedOutView />
      </Lonely>
    );
  if (who.state === "somebody") return <Shell me={who.me} found={found} />;
  return (
    <Lonely>
      {who.state === "unknown" ? <Failed problem={who.problem} again={() => void whoAmI()} /> : <Skeleton />}
    </Lonely>
  );
};
