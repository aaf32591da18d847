import { base32, mint } from "../shared/kit/id.ts";
import { ok } from "../shared/kit/shape.ts";
import { openBrand } from "./decisions/campaigns.ts";
import type { World } from "./world.ts";

/** A brand just made: what its owner needs to begin. The secret key is shown this once. */
export interface NewBrand {
  readonly brand: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Signs the owner in, once. */
  readonly signInUrl: string;
}

/** A link that signs an owner in, once, to act for one of their brands, and leads to a page of the console. */
export const signInUrl = async (
  world: World,
  email: string,
  path = "/campaigns",
  minutes = 60,
  brand?: string,
): Promise<string | undefined> => {
  const link = await world.people.oneTimeLink({ email, path, minutes, brand });
  return link && `${world.origin}/enter#token=${link.token}`;
};

/** Make a brand: its chain, its owner, its keys. */
export const makeBrand = async (
  world: World,
  given: { readonly name: string; readonly owner: string; readonly email: string },
): Promise<NewBrand> => {
  const brand = mint("brand", world.bytes(13));
  const publishableKey = `pk_${base32(world.bytes(13), 20)}`;
  await world.record.decide(brand, openBrand(publishableKey));
  await world.record.decide(brand, async (unit) => {
    unit.setPrivate("brand", { name: given.name });
    return ok(null);
  });
  const owner = { email: given.email, name: given.owner };
  const { userId } = await world.people.openBrand({ id: brand, name: given.name, owner });
  const { key } = await world.people.newSecretKey(brand, "First key", userId);
  const signIn = await signInUrl(world, given.email, undefined, undefined, brand);
  return { brand, publishableKey, secretKey: key, signInUrl: signIn ?? "" };
};
