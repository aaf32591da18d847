import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setUpDemo } from "../demo/demo.ts";
import { openLanding } from "../demo/landing.ts";
import { start } from "../main.ts";
import { type Command, exits, type Io } from "./command.ts";
import { portIn } from "./folder.ts";
import { unstarted } from "./listening.ts";
import { untilStopped } from "./stop.ts";

const HOST = "127.0.0.1";
const EXTENSION = fileURLToPath(new URL("../../extension/.output/chrome-mv3", import.meta.url));

const told = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([name, value]) => `  ${name.padEnd(22)}${value}`).join("\n");

const say = (io: Io, origin: string, landing: string, demo: Awaited<ReturnType<typeof setUpDemo>>): void => {
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

The extension lies in
  ${built}
In Chromium open chrome://extensions, turn on Developer mode, choose "Load unpacked" and pick that folder.
Then open its popup, press Connect, and confirm the code in the portal of an influencer.

Follow one lead: open the landing page, copy a tracked link in the popup, open that link in another window,
answer the poll, leave an address, and watch the popup and the console move.
`);
};

/** Everything at once on this machine, with invented people: to look at, and to try. */
export const command: Command = {
  name: "demo",
  says: "start everything with an invented brand, two influencers and a landing page",
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
    const running = await start({ folder, port, loopback: true }).catch(refused(port));
    const landing = await openLanding(landingPort).catch(async (error) => {
      await running.stop();
      return refused(landingPort)(error);
    });
    const host = `localhost:${landing.port}`;
    const demo = await setUpDemo(running.world, host);
    landing.show({ makegood: running.origin, publishableKey: demo.brand.publishableKey });
    say(io, running.origin, `http://${host}/`, demo);
    await untilStopped();
    landing.close();
    await running.stop();
    return exits.fine;
  },
};
