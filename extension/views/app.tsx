import { connection } from "../app/pocket.ts";
import { About } from "./about.tsx";
import { Announcer } from "./announcer.tsx";
import { ConversionView } from "./conversion.tsx";
import { Home } from "./home.tsx";
import { Pairing } from "./pairing.tsx";
import { route } from "./route.ts";
import { StatementView } from "./statement.tsx";
import { Welcome } from "./welcome.tsx";

const Paired = () => {
  const to = route.value;
  if (to.at === "about") return <About />;
  if (to.at === "statement") return <StatementView key={to.contract} contract={to.contract} />;
  if (to.at === "conversion") return <ConversionView key={to.conversion} {...to} />;
  return <Home />;
};

const Page = () => {
  const now = connection.value;
  if (now.state === "paired") return <Paired />;
  if (now.state === "pairing") return <Pairing connection={now} />;
  return <Welcome key={now.state} connection={now} />;
};

/** The whole popup. */
export const App = () => (
  <>
    <Announcer />
    <Page />
  </>
);
