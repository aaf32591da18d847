import type * as v from "valibot";
import type { sessions } from "../../shared/wire/people.ts";
import type { Asked, Refuse, Who } from "./desk.ts";
import * as world from "./world.ts";

type Session = v.InferOutput<typeof sessions.reply>["sessions"][number];

const DAY = 86_400_000;
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

const session = (id: string, client: Session["client"], userAgent: string, daysAgo: number, seenAgo: number) => ({
  id,
  client,
  userAgent,
  createdAt: world.NOW - daysAgo * DAY,
  lastSeenAt: world.NOW - seenAgo * DAY,
  expiresAt: world.NOW + 20 * DAY,
  own: id === "ses_own",
});

/** Who is signed in, for which brand, and where. */
export const peopleState = () => ({
  brands: [{ id: world.ids.brand as string, name: "Larkspur Academy" }],
  acting: world.ids.brand as string,
  sessions: [
    session("ses_phone", "browser", safari, 40, 9),
    session("ses_pocket", "extension", chrome, 12, 0.4),
    session("ses_own", "browser", firefox, 3, 0.1),
  ] as readonly Session[],
});

type State = ReturnType<typeof peopleState> & { who: Who };

/** The doors of people: who they are, the brands they own, and where they are signed in. */
export const peopleDoors = (state: State, refuse: Refuse): Record<string, (asked: Asked) => unknown> => {
  const acting = () => state.brands.find(({ id }) => id === state.acting) ?? refuse(404, "not-found", "No such brand.");
  return {
    "GET /v1/me": () => ({
      id: state.who === "owner" ? "usr_ada" : "usr_mina",
      name: state.who === "owner" ? "Ada Marsh" : "Mina Okafor",
      email: "",
      memberships: [
        state.who === "influencer"
          ? { brand: world.ids.brand, brandName: "Larkspur Academy", role: "influencer", influencer: world.ids.mina }
          : { brand: acting().id, brandName: acting().name, role: "owner" },
      ],
    }),
    "GET /v1/brands": () => ({ brands: state.brands.map((it) => ({ ...it, acting: it.id === state.acting })) }),
    "POST /v1/brands/:brand/act-for": ({ params }) => {
      const brand = params.brand ?? "";
      if (!state.brands.some(({ id }) => id === brand)) refuse(404, "not-found", `There is no brand ${brand}.`);
      state.acting = brand;
      return { brand };
    },
    "GET /v1/sessions": () => ({ sessions: state.sessions }),
    "POST /v1/sessions/:session/end": ({ params }) => {
      const left = state.sessions.filter(({ id }) => id !== params.session);
      if (left.length === state.sessions.length) refuse(404, "not-found", `There is no session ${params.session}.`);
      state.sessions = left;
      return { ended: true };
    },
  };
};
