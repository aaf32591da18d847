import { cached, weather } from "../app/pocket.ts";
import { tell } from "../app/words.ts";
import { EarningsCard } from "./earnings.tsx";
import { Here } from "./here.tsx";
import { Links } from "./links.tsx";
import { Notices } from "./notices.tsx";
import { go, useReturn } from "./route.ts";
import { Status, Trouble } from "./status.tsx";

const Bar = () => {
  const way = useReturn<HTMLButtonElement>(({ at }) => at === "about");
  return (
    <header class="bar">
      <img src="/icon/32.png" alt="" width="24" height="24" />
      <div class="bar-title">
        <h1>{tell("extensionName")}</h1>
      </div>
      <Status />
      <button
        type="button"
        class="icon"
        data-testid="about"
        ref={way}
        aria-label={tell("aboutTitle")}
        onClick={() => go({ at: "about" })}
      >
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <path d="M4 6h12M4 10h12M4 14h12" />
        </svg>
      </button>
    </header>
  );
};

const Skeleton = () => (
  <div class="card skeleton" aria-hidden="true">
    <span />
    <span />
    <span />
  </div>
);

const Empty = () => (
  <div class="card empty" data-testid="no-contracts">
    <h3>{tell("noContractsTitle")}</h3>
    <p>{tell(offered() ? "noContractsOffered" : "noContractsSays")}</p>
  </div>
);

const offered = (): boolean => cached.value.contracts.some(({ status }) => status === "offered");

const Earnings = () => {
  const { earnings, refreshedAt } = cached.value;
  const known = refreshedAt !== undefined;
  return (
    <section aria-labelledby="earnings-title">
      <h2 id="earnings-title">{tell("earningsTitle")}</h2>
      {!known && weather.value.state === "updating" && <Skeleton />}
      {known && earnings.length === 0 && <Empty />}
      {earnings.map((it) => (
        <EarningsCard key={it.contract} earnings={it} />
      ))}
    </section>
  );
};

/** The first page of a connected popup: this page, what was earned, the links there are. */
export const Home = () => (
  <>
    <Bar />
    <main class="page">
      <Trouble />
      <Notices />
      <Here />
      <Earnings />
      <Links />
    </main>
  </>
);
