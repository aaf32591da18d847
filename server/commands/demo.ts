import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openClock } from "../demo/clock.ts";
import { type Demo, setUpDemo } from "../demo/demo.ts";
import { openLanding } from "../demo/landing.ts";
import { start } from "../main.ts";
import { type Command, exits, type Io } from "./command.ts";
import { makeFolder, portIn } from "./folder.ts";
import { unstarted } from "./listening.ts";
import { untilStopped } from "./stop.ts";

const HOST = "127.0.0.1";
const EXTENSION = fileURLToPath(new URL("../../extension/.output/chrome-mv3", import.meta.url));

/** By the name of the machine, since passkeys need one; a port the system chooses is not known before it is bound. */
const originOf = (port: number): string | undefined => (port === 0 ? undefined : `http://localhost:${port}`);

const told = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([name, value]) => `  ${name.padEnd(24)}${value}`).join("\n");

const places = (origin: string, { influencers, dispute, campaign }: Demo): readonly (readonly [string, string])[] => {
  const [ana, ben, clara] = influencers;
  const contract = ({ contract: id }: { readonly contract: string }): string => `${origin}/contracts/${id}`;
  return [
    ["Being made good", `${contract(ana)}/statement`],
    ["An open dispute", `${origin}/disputes/${dispute}`],
    ["To be approved", `${contract(ben)}/statement`],
    ["To be signed", contract(clara)],
    ["Paid", `${origin}/payouts`],
    ["To be paid", `${origin}/payouts/run?rail=manual&currency=USD`],
    ["What if, by last touch", `${origin}/campaigns/${campaign}/attribution?model=last`],
    ["A certificate", contract(ana)],
    ["... to be checked at", `${origin}/verify`],
  ];
};

const say = (io: Io, origin: string, landing: string, demo: Demo): void => {
  const built = existsSync(EXTENSION) ? EXTENSION : "not built: run npm run build";
  io.out(`
Makegood is up. Press Ctrl+C to stop it.

${told([
  ["Console (the brand)", demo.brand.signInUrl],
  ...demo.influencers.map(({ name, signInUrl }): [string, string] => [`Portal (${name})`, signInUrl]),
  ["Landing page", landing],
  ["API description", `${origin}/openapi.json`],
  ["Secret key", demo.brand.secretKey],
])}

Each sign-in link works once; open the brand's and an influencer's in two browsers (or one in a private window).

Signed in as the brand, or as whom it concerns, you find:

${told(places(origin, demo))}

Ana fell short last month, and what she brings now makes that good, unpaid, until her window ends. Ben is paid by the week.
Clara has countered the brand's offer and signed her own terms.

The extension lies in
  ${built}
In Chromium open chrome://extensions, turn on Developer mode, choose "Load unpacked" and pick that folder.
Then open its popup, press Connect, and confirm the code in Ben's portal.

Follow one lead: open the landing page, copy a tracked link in the popup, open that link in another window,
answer the poll, leave an address, and watch the popup and the console move.
`);
};

/** Everything at once on this machine, with invented people: to look at, and to try. */
export const command: Command = {
  name: "demo",
  says: "Start everything with an invented brand, three influencers, their past and a landing page.",
  usage: "[--port 8787] [--landing-port 8788] [--folder DIR]",
  options: {
    port: { says: "port of the server (8787)", value: "N" },
    "landing-port": { says: "port of the landing page (8788)", value: "N" },
    folder: { says: "keep what happens in this empty folder; a temporary one if absent", value: "DIR" },
  },
  run: async (args, io) => {
    const [port, landingPort] = [portIn(args, 8787), portIn(args, 8788, "landing-port")];
    const asked = args.text("folder");
    const folder = asked === undefined ? mkdtempSync(join(tmpdir(), "makegood-demo-")) : resolve(io.cwd, asked);
    const refused = (at: number) => (error: unknown) => {
      throw unstarted(folder, { host: HOST, port: at }, error);
    };
    makeFolder({ shown: folder, path: folder });
    const clock = openClock();
    const settings = { folder, port, origin: originOf(port), loopback: true, now: clock.now };
    const running = await start(settings).catch(refused(port));
    const landing = await openLanding(landingPort).catch(async (error) => {
      await running.stop();
      return refused(landingPort)(error);
    });
    const host = `localhost:${landing.port}`;
    io.out("Living through three months of an invented brand ...\n");
    const demo = await setUpDemo(running.world, clock, host);
    landing.show({ makegood: running.origin, publishableKey: demo.brand.publishableKey });
    say(io, running.origin, `http://${host}/`, demo);
    await untilStopped();
    landing.close();
    await running.stop();
    return exits.fine;
  },
};
