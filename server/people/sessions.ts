import { ABSOLUTE_MS, IDLE_MS } from "./auth.ts";
import { EXTENSION } from "./routes.ts";
import type { Context, SessionRow } from "./tables.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const LISTED = 1_000;

/** A browser or a paired extension in which a person is signed in. */
export interface Session {
  readonly id: string;
  readonly client: "browser" | "extension";
  /** What the client said it is. */
  readonly userAgent: string;
  readonly createdAt: number;
  /** To the day. */
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

const shown = (row: SessionRow): Session => ({
  id: row.id,
  client: row.client === EXTENSION ? "extension" : "browser",
  userAgent: row.userAgent ?? "",
  createdAt: row.createdAt.getTime(),
  lastSeenAt: row.updatedAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
});

/** Every session of a person that still lives. */
export const sessionsOf = async (context: Context, userId: string): Promise<readonly Session[]> => {
  const rows = await context.adapter.findMany<SessionRow>({
    model: "session",
    where: [
      { field: "userId", value: userId },
      { field: "expiresAt", value: new Date(), operator: "gt" },
    ],
    sortBy: { field: "createdAt", direction: "asc" },
    limit: LISTED,
  });
  return rows.map(shown);
};

/** Ends one session of a person, at once; whether there was one. */
export const endSession = async (context: Context, userId: string, id: string): Promise<boolean> => {
  const where = [
    { field: "id", value: id },
    { field: "userId", value: userId },
  ];
  return (await context.adapter.deleteMany({ model: "session", where })) > 0;
};

/** Has an owner of several brands act for another one of them from now on, in one session. */
export const actFor = async ({ adapter }: Context, userId: string, id: string, brand: string): Promise<void> => {
  const where = [
    { field: "id", value: id },
    { field: "userId", value: userId },
  ];
  await adapter.updateMany({ model: "session", where, update: { activeOrganizationId: brand } });
};

const AGAIN_MS = 60_000;
/** When each context last tried to note a visit and could not: whoever tries makes everybody wait. */
const failed = new WeakMap<Context, number>();

/**
 * A visit puts the idle limit off, never past the absolute one; written once a day, not once a request. That it could not
 * be written down is no reason to send anybody away, nor to try again at once.
 */
export const noteVisit = async (context: Context, session: SessionRow): Promise<void> => {
  const now = Date.now();
  if (now - session.updatedAt.getTime() < DAY_MS || now - (failed.get(context) ?? 0) < AGAIN_MS) return;
  const expiresAt = Math.min(now + IDLE_MS, session.createdAt.getTime() + ABSOLUTE_MS);
  const update = { expiresAt: new Date(expiresAt), updatedAt: new Date(now) };
  await context.internalAdapter.updateSession(session.token, update).catch(() => failed.set(context, now));
};
