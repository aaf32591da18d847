import { type Running, start } from "../main.ts";
import { type Arguments, type Command, exits, type Io, misuse } from "./command.ts";
import { folderIn, folderOption, makeFolder, originIn, portIn, USUAL_ORIGIN } from "./folder.ts";
import { unfinishedTold } from "./imported.ts";
import { type Place, unstarted } from "./listening.ts";
import { untilStopped } from "./stop.ts";

const USUAL_PORT = 8787;
const USUAL_HOST = "127.0.0.1";

const EVERYWHERE = new Set(["0.0.0.0", "::", ""]);

const refuseEverywhere = (origin: string | undefined, { host }: Place): void => {
  if (origin === undefined && EVERYWHERE.has(host))
    throw misuse(`--host ${host} listens everywhere. Say with --origin at which address people reach it.`);
};

const proxiesIn = (args: Arguments): number => {
  const text = args.text("proxies") ?? "0";
  if (!/^\d$/.test(text)) throw misuse(`--proxies takes 0 to 9, not "${text}".`);
  return Number(text);
};

const hint = (folder: string, origin: string): string => {
  const elsewhere = folder === folderOption.value ? "" : ` --folder ${folder}`;
  const reached = origin === USUAL_ORIGIN ? "" : ` --origin ${origin}`;
  return `There is no brand yet. Make one, in another terminal:\n\n  makegood init --name "Acme" --email you@acme.example${elsewhere}${reached}\n\n`;
};

const say = async (io: Io, { origin, world }: Running, folder: string): Promise<void> => {
  io.out(`Makegood is up at ${origin}\nEverything is kept in ${folder}. Press Ctrl+C to stop.\n`);
  io.err(await unfinishedTold(world.store));
  if ((await world.store.brands()).length === 0) io.out(`\n${hint(folder, origin)}`);
};

/** `makegood serve`: the server, until it is asked to stop. */
export const command: Command = {
  name: "serve",
  says: "Start the server on a data folder.",
  usage: "[options]",
  options: {
    port: { value: "N", says: `the port to listen on; ${USUAL_PORT} when not given, 0 for any that is free` },
    host: { value: "HOST", says: `the address to listen on; ${USUAL_HOST} when not given` },
    folder: folderOption,
    origin: { value: "URL", says: "the address people reach it at, if it stands behind another server" },
    proxies: { value: "N", says: "how many servers of yours it stands behind: their word on who asks is believed" },
    loopback: { says: "allow landing pages on this machine itself; for trying things out" },
  },
  more: `
It listens on this machine alone unless --host says otherwise, and speaks plain HTTP: on the internet, put a server in
front of it that speaks HTTPS, say its address with --origin, and with --proxies 1 that it adds to X-Forwarded-For the
address it was asked from: otherwise all callers seem to be one. Ctrl+C or SIGTERM stops it; nothing it had answered for
is lost then, nor when it is killed.`,
  run: async (args, io) => {
    const place = { host: args.text("host") ?? USUAL_HOST, port: portIn(args, USUAL_PORT) };
    const { shown, path } = folderIn(args, io);
    const origin = originIn(args);
    refuseEverywhere(origin, place);
    const proxies = proxiesIn(args);
    const loopback = args.flag("loopback");
    const settings = { folder: path, port: place.port, hostname: place.host, loopback, origin, proxies };
    makeFolder({ shown, path });
    const running = await start(settings).catch((error) => {
      throw unstarted(shown, place, error);
    });
    const stopped = untilStopped();
    await say(io, running, shown);
    await stopped;
    await running.stop();
    io.out("Stopped.\n");
    return exits.fine;
  },
};
