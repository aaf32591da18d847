import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Audience } from "../../shared/wire/endpoint.ts";
import { sameOrigin } from "../people/origin.ts";
import type { Who } from "../people/who.ts";
import type { World } from "../world.ts";

/** In whose name a request acts in one brand. `by` is what facts say caused them. */
export type Seat =
  | { readonly brand: string; readonly role: "brand" | "server"; readonly by: string }
  | { readonly brand: string; readonly role: "influencer"; readonly influencer: string; readonly by: string };

const seatsOf = (who: Who): readonly Seat[] => {
  if (who.kind === "server") return [{ brand: who.brand, role: "server", by: `key:${who.key}` }];
  return who.memberships.map((it) =>
    it.role === "owner"
      ? { brand: it.brand, role: "brand", by: "brand" }
      : { brand: it.brand, role: "influencer", influencer: it.influencer, by: `influencer:${it.influencer}` },
  );
};

const otherOrigin = refuse("other-origin", "This can only be done from our own pages, with a JSON body.");

/** Everybody, but not another site's page that makes a browser send our cookie along. */
export const admitAnyone = (
  world: World,
  request: Request,
): Result<{ readonly who: undefined; readonly seats: readonly Seat[] }> => {
  const cookie = request.headers.get("cookie")?.includes("makegood.session_token=");
  return cookie && !sameOrigin(request, world.origin) ? otherOrigin : ok({ who: undefined, seats: [] });
};

/** Who asks, and the seats of theirs that this door is for. Refuses strangers, wrong roles and other sites' pages. */
export const admit = async (
  world: World,
  request: Request,
  audience: readonly Audience[],
): Promise<Result<{ readonly who: Who; readonly seats: readonly Seat[] }>> => {
  const who = await world.people.whoIs(request.headers);
  if (!who) return refuse("not-signed-in", "Sign in, or send a key that is good, and try again.");
  const fromCookie = who.kind === "person" && who.via === "cookie";
  if (request.method !== "GET" && fromCookie && !sameOrigin(request, world.origin)) return otherOrigin;
  const seats = seatsOf(who).filter(({ role }) => audience.includes(role));
  if (seats.length === 0) return refuse("not-allowed", "This is not for the role you are signed in with.");
  return ok({ who, seats });
};
