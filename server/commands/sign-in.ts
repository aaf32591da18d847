import { signInUrl } from "../brands.ts";
import { type Command, exits, misuse } from "./command.ts";
import { folderIn, folderOption, inWorld, originIn, refusal, USUAL_ORIGIN } from "./folder.ts";

const unknown = (email: string, brand: string | undefined): string =>
  brand === undefined
    ? `Nobody here has the address ${email}. It is the one given to makegood init.`
    : `Nobody here with the address ${email} owns the brand ${brand}. Both are what makegood init was given and printed.`;

/** `makegood sign-in`: a new one-time link for an owner whose last one was used or has expired. */
export const command: Command = {
  name: "sign-in",
  says: "Print a new one-time sign-in link for a brand's owner.",
  usage: "--email you@acme.example [options]",
  options: {
    email: { value: "ADDRESS", says: "the address the brand was made with" },
    brand: { value: "ID", says: "the brand to act for, of several that one address has; the first when not given" },
    "forget-passkeys": { says: "also remove the owner's passkeys, for when they were lost" },
    folder: folderOption,
    origin: { value: "URL", says: `where the server is reached; ${USUAL_ORIGIN} when not given` },
  },
  more: `
Whoever can read the data folder can sign in as its owners: keep it to yourself. The link works once, within an hour.
An owner who has a passkey confirms with it whatever needs confirming; with --forget-passkeys the new link is enough.`,
  run: async (args, io) => {
    const email = args.text("email")?.trim();
    if (!email) throw misuse("--email is missing: whose link it is.");
    const brand = args.text("brand");
    const url = await inWorld(folderIn(args, io), originIn(args) ?? USUAL_ORIGIN, async (world) => {
      if (args.flag("forget-passkeys")) await world.people.forgetPasskeys({ email });
      return signInUrl(world, email, undefined, undefined, brand);
    });
    if (url === undefined) throw refusal(unknown(email, brand));
    io.out(`${url}\n`);
    return exits.fine;
  },
};
