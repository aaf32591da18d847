import { parseEmail } from "../../shared/judge/email.ts";
import { isPlain } from "../../shared/kit/name.ts";
import { makeBrand, type NewBrand } from "../brands.ts";
import { scriptTag } from "../doors/brand.ts";
import { type Arguments, aligned, type Command, exits, misuse } from "./command.ts";
import { folderIn, folderOption, inWorld, originIn, refusal, USUAL_ORIGIN } from "./folder.ts";

const LONGEST_NAME = 120;

const nameIn = (args: Arguments, option: string): string | undefined => {
  const name = args.text(option)?.trim();
  if (name === undefined) return undefined;
  if (name !== "" && name.length <= LONGEST_NAME && isPlain(name)) return name;
  throw misuse(`--${option} takes a name of 1 to ${LONGEST_NAME} letters.`);
};

const wished = (args: Arguments) => {
  const name = nameIn(args, "name");
  const email = args.text("email")?.trim();
  if (name === undefined) throw misuse("--name is missing: what the brand is called.");
  if (email === undefined) throw misuse("--email is missing: whose the brand is.");
  const read = parseEmail(email);
  if (!read.ok) throw refusal(`"${email}" is not an e-mail address. ${read.because}`);
  return { name, email, owner: nameIn(args, "owner") ?? read.local };
};

const told = (name: string, made: NewBrand, tag: string): string => `${name} is ready.

${aligned([
  ["Brand", made.brand],
  ["Publishable key", made.publishableKey],
  ["Secret key", made.secretKey],
  ["Script tag", tag],
  ["Sign in", made.signInUrl],
])}
The secret key is for your own servers and is shown this once: only a hash of it is kept. The sign-in link works once,
within an hour, while the server runs (makegood serve). The script tag belongs on every landing page.
`;

/** `makegood init`: a brand, its owner and its keys. */
export const command: Command = {
  name: "init",
  says: "Make a brand and print its keys and its owner's sign-in link.",
  usage: '--name "Acme" --email you@acme.example [options]',
  options: {
    name: { value: "NAME", says: "what the brand is called" },
    email: { value: "ADDRESS", says: "whose the brand is; nothing is sent to it" },
    owner: { value: "NAME", says: "what its owner is called; the address's first part when not given" },
    folder: folderOption,
    origin: { value: "URL", says: `where the server is reached; ${USUAL_ORIGIN} when not given` },
    json: { says: "print one JSON object: brand, publishableKey, secretKey, signInUrl, scriptTag" },
  },
  more: `
A running server on the same folder knows the brand at once. Each call makes one more brand, also under a name there is.`,
  run: async (args, io) => {
    const { name, email, owner } = wished(args);
    const origin = originIn(args) ?? USUAL_ORIGIN;
    const made = await inWorld(folderIn(args, io), origin, (world) => makeBrand(world, { name, owner, email }));
    const tag = scriptTag(origin, made.publishableKey);
    const { brand, publishableKey, secretKey, signInUrl } = made;
    const object = { brand, publishableKey, secretKey, signInUrl, scriptTag: tag };
    io.out(args.flag("json") ? `${JSON.stringify(object)}\n` : told(name, made, tag));
    return exits.fine;
  },
};
