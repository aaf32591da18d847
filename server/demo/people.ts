import type { Terms } from "../../shared/contract/terms.ts";
import { mint } from "../../shared/kit/id.ts";
import { must, present, type Result } from "../../shared/kit/shape.ts";
import { addInfluencer, joinBrand } from "../decisions/campaigns.ts";
import { draftContract, offerContract, type Sealing, signContract, termsHashOf } from "../decisions/contracts.ts";
import type { World } from "../world.ts";

/** The demo's brand, and who speaks for it. */
export const BRAND = { name: "Pixel Camp", owner: "Olive Owner", email: "olive@pixelcamp.example" } as const;

/** The value of what cannot be refused in a demo that is right. */
export const done = <Value>(result: Result<Value>): Value => {
  must(result.ok, `the demo was refused: ${result.ok ? "" : result.refusal.because}`);
  return result.value;
};

/** An influencer of the demo: who they are, and the link that signs them in, once. */
export interface DemoPerson {
  readonly name: string;
  readonly influencer: string;
  readonly signInUrl: string;
}

/** Somebody is invited, and comes. */
export const arrive = async (world: World, brand: string, name: string): Promise<DemoPerson> => {
  const influencer = mint("influencer", world.bytes(13));
  done(await world.record.decide(brand, addInfluencer(influencer, name, "invited", "brand")));
  const { token } = await world.people.invite({ brand, influencer, name });
  const { userId } = done(await world.people.acceptInvitation(token));
  done(await world.record.decide(brand, joinBrand(influencer, name)));
  await world.people.nameInfluencer(brand, influencer, name);
  await world.people.rename(userId, name);
  const link = present(
    await world.people.oneTimeLink({ userId, path: "/contracts", minutes: 720 }),
    "a link for someone just made",
  );
  return { name, influencer, signInUrl: `${world.origin}/enter#token=${link.token}` };
};

/** The brand drafts terms for somebody and offers them. */
export const offer = async (
  world: World,
  brand: string,
  given: { readonly campaign: string; readonly influencer: string; readonly terms: Terms },
): Promise<string> => {
  const contract = mint("contract", world.bytes(13));
  done(await world.record.decide(brand, draftContract({ contract, ...given }, "brand")));
  return done(await world.record.decide(brand, offerContract(contract, "brand")));
};

// The people of the demo are invented; their signatures are sealed like anybody's, so that their certificates can be seen.
const sealing = (world: World, partyName: string): Sealing => {
  const salt = Buffer.from(world.bytes(32)).toString("hex");
  return { sealer: world.sealer, method: "session", address: null, agent: null, partyName, salt };
};

/** The brand's owner signs. */
export const signForBrand = async (world: World, brand: string, contract: string, terms: Terms): Promise<void> => {
  const given = { by: "brand", termsHash: termsHashOf(terms), name: BRAND.owner } as const;
  done(
    await world.record.decide(
      brand,
      signContract(contract, { ...given, sealing: sealing(world, BRAND.name) }, "brand"),
    ),
  );
};

/** An influencer signs. */
export const signFor = async (
  world: World,
  brand: string,
  { name, influencer }: DemoPerson,
  contract: string,
  terms: Terms,
): Promise<void> => {
  const given = { by: "influencer", termsHash: termsHashOf(terms), name, sealing: sealing(world, name) } as const;
  done(await world.record.decide(brand, signContract(contract, given, `influencer:${influencer}`)));
};
