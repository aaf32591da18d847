import { aligned, type Command, exits, type Io, perform } from "./command.ts";

/** Every command of the command line, loaded only when called: a file in this folder and a line here. */
export const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  attribute: () => import("./attribute.ts"),
  compare: () => import("./compare.ts"),
  settle: () => import("./settle.ts"),
  simulate: () => import("./simulate.ts"),
  terms: () => import("./terms.ts"),
  demo: () => import("./demo.ts"),
  serve: () => import("./serve.ts"),
  init: () => import("./init.ts"),
  "sign-in": () => import("./sign-in.ts"),
  import: () => import("./import.ts"),
  verify: () => import("./verify.ts"),
  redraw: () => import("./redraw.ts"),
};

const general = async (): Promise<string> => {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const rows = all.map(({ command }) => [command.name, command.says] as const);
  return `Makegood: performance-guarantee promotions, every cent explained.\n\nUsage: makegood COMMAND …\n\n${aligned(rows)}
Each command explains itself: makegood COMMAND --help
Exit codes: 0 fine, 1 refused input, 2 wrong usage.\n`;
};

/** Run one command line (without the program's own name) and answer its exit code. */
export const dispatch = async (argv: readonly string[], io: Io): Promise<number> => {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    const asked = rest[0];
    if (name === "help" && asked !== undefined) return dispatch([asked, "--help"], io);
    io.out(await general());
    return exits.fine;
  }
  if (name === undefined) {
    io.err(await general());
    return exits.usage;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    io.err(`There is no command "${name}"; there are ${Object.keys(commands).join(", ")}.\nSee: makegood --help\n`);
    return exits.usage;
  }
  const { command } = await load();
  return perform(command, rest, io);
};
