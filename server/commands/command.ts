import { type ParseArgsConfig, parseArgs } from "node:util";
import { isFault } from "../history/fault.ts";
import { visible } from "../report/text.ts";

/** A bar on the terminal for long work: drawn only when stderr is one, and gone when `done` is called. */
export interface Progress {
  to(amount: number): void;
  done(): void;
}

/** What a command may touch of the outside world besides files: two writers, a folder, a terminal. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is a person watching stderr? */
  readonly isTTY: boolean;
  out(text: string): void;
  err(text: string): void;
  /** A bar from 0 to `total`; a total of 0 means nobody knows how much there is. */
  progress(label: string, total: number): Progress;
}

/** Do some work under a bar of its own, which is put away whatever comes of it. */
export const barred = <Made>(
  io: Io,
  label: string,
  total: number,
  work: (to: (done: number) => void) => Made,
): Made => {
  const progress = io.progress(label, total);
  try {
    progress.to(0);
    return work(progress.to);
  } finally {
    progress.done();
  }
};

/** One option: a switch, or one that takes a value (`value` is what the help calls it). */
export interface Option {
  readonly says: string;
  readonly value?: string;
  readonly many?: boolean;
}

/** The command line after parsing: names without dashes. */
export interface Arguments {
  readonly operands: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
}

/** How a command ends: it did its work, it refused its input, it was called wrongly. */
export const exits = { fine: 0, refused: 1, usage: 2 } as const;

/** One command of the command line. `usage` is what follows its name; `operands` the fewest and most it takes. */
export interface Command {
  readonly name: string;
  readonly says: string;
  readonly usage: string;
  readonly operands?: readonly [fewest: number, most: number];
  readonly options: Readonly<Record<string, Option>>;
  /** Paragraphs for the command's own help: formats, examples. */
  readonly more?: string;
  run(args: Arguments, io: Io): Promise<number>;
}

const MISUSE = "makegood-misuse";

/** The command line itself is wrong: thrown by a command, answered with exit code 2 and the way to the help. */
export const misuse = (because: string): Error => new Error(because, { cause: MISUSE });

const isMisuse = (it: unknown): it is Error => it instanceof Error && it.cause === MISUSE;

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type Said = Extract<Token, { kind: "option" }>;

/** The first thing wrong with one option, as it was written, in a sentence. */
const wrongWith = ({ name, rawName, value, inlineValue }: Said, options: Command["options"]): string | undefined => {
  const known = Object.hasOwn(options, name) ? options[name] : undefined;
  if (known === undefined || rawName !== `--${name}`) return `There is no option ${visible(rawName)} here.`;
  if (known.value === undefined) return value === undefined ? undefined : `--${name} takes no value: write it alone.`;
  if (value === undefined || value === "") return `--${name} needs a value, as in --${name} ${known.value}`;
  // What follows is rather the next option than this one's value.
  if (!inlineValue && value.startsWith("-") && value !== "-")
    return `--${name} needs a value, as in --${name} ${known.value}; one that begins with a dash is written --${name}=${visible(value)}`;
  return undefined;
};

const refuseWrong = (command: Command, tokens: readonly Token[]): void => {
  const met = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const wrong = wrongWith(token, command.options);
    if (wrong !== undefined) throw misuse(wrong);
    if (met.has(token.name) && token.value !== undefined && command.options[token.name]?.many !== true)
      throw misuse(`--${token.name} is given twice. Keep one of them.`);
    met.add(token.name);
  }
};

const refuseOperands = ({ name, usage, operands = [0, 0] }: Command, given: readonly string[]): void => {
  const [fewest, most] = operands;
  if (given.length < fewest || given.slice(0, most).includes("")) throw misuse(`${name} needs ${usage}`);
  if (given.length > most) throw misuse(`"${visible(given[most] ?? "")}" is one operand too many`);
};

const parsed = (command: Command, argv: readonly string[]): Arguments => {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const [name, { value, many }] of Object.entries(command.options)) {
    options[name] = { type: value === undefined ? "boolean" : "string", multiple: many ?? false };
  }
  // Not strict: the parser's own sentences name no remedy, and let an option be given twice or empty.
  const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true });
  const { values, positionals, tokens } = read;
  refuseWrong(command, tokens);
  refuseOperands(command, positionals);
  const found = values as Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  return {
    operands: positionals,
    text: (name) => (typeof found[name] === "string" ? found[name] : undefined),
    flag: (name) => found[name] === true,
    list: (name) => (Array.isArray(found[name]) ? found[name] : []),
  };
};

/** Two columns, the second aligned: what every help page is made of. */
export const aligned = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
};

/** The help page of one command. */
export const helpOf = (command: Command): string => {
  const options = Object.entries(command.options).map(
    ([name, { value, says }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, says] as const,
  );
  const usage = `makegood ${command.name} ${command.usage}`.trimEnd();
  const more = command.more === undefined ? "" : `\n${command.more.trim()}\n`;
  return `${command.says}\n\nUsage: ${usage}\n\n${aligned([...options, ["--help", "show this page"]])}${more}`;
};

/** Parse, run, and turn what was refused into its exit code. What is not a refusal is a bug and is thrown on. */
export const perform = async (command: Command, argv: readonly string[], io: Io): Promise<number> => {
  const end = argv.indexOf("--");
  const heard = end === -1 ? argv : argv.slice(0, end);
  if (heard.includes("--help") || heard.includes("-h")) {
    io.out(helpOf(command));
    return exits.fine;
  }
  try {
    return await command.run(parsed(command, argv), io);
  } catch (fault) {
    if (isFault(fault)) {
      io.err(`${fault.message}\n`);
      return exits.refused;
    }
    if (!isMisuse(fault)) throw fault;
    io.err(`${fault.message}\nSee: makegood ${command.name} --help\n`);
    return exits.usage;
  }
};
