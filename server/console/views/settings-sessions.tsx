import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type * as v from "valibot";
import { DAY_MS } from "../../../shared/kit/time.ts";
import { endSession, leave, sessions } from "../../../shared/wire/people.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { clientName } from "../kit/client.ts";
import { useDeed } from "../kit/deed.ts";
import { dayOf, moment } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { useNow } from "../kit/now.ts";
import { go } from "../kit/place.ts";
import { departed } from "../kit/session.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Card, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";

type Session = v.InferOutput<typeof sessions.reply>["sessions"][number];

/** So many are shown at once; whoever signs in by links alone may have many more. */
const SHOWN = 8;

const called = ({ client, userAgent }: Session): string =>
  client === "extension" ? `Extension in ${clientName(userAgent)}` : clientName(userAgent);

/** This one first, then those that were used last. */
const inOrder = (all: readonly Session[]): readonly Session[] =>
  [...all].sort((a, b) => Number(b.own) - Number(a.own) || b.lastSeenAt - a.lastSeenAt || b.createdAt - a.createdAt);

/** End one. This one is left as by signing out, so that the browser forgets its cookie too; one that is gone is ended. */
const end = async ({ id, own }: Session): Promise<Answered<unknown>> => {
  if (own) return ask(leave, { body: {} });
  const answer = await ask(endSession, { params: { session: id }, body: {} });
  return !answer.ok && answer.problem.code === "not-found" ? { ok: true, value: null } : answer;
};

/** The server notes a use once a day, so a day is as much as can be said. */
const LastUse = ({ it, now }: { readonly it: Session; readonly now: number }) => {
  if (it.own) return <>in use now</>;
  if (now - it.lastSeenAt < DAY_MS) return <>used in the last day</>;
  return <>last used about {dayOf(it.lastSeenAt)}</>;
};

interface RowProps {
  readonly it: Session;
  readonly now: number;
  readonly onEnd: () => void;
}

const Row = ({ it, now, onEnd }: RowProps) => (
  <li class="link-row passkey-row" data-testid="session-row" data-client={it.client} data-own={it.own}>
    <div>
      <strong title={it.userAgent}>{called(it)}</strong> {it.own && <span class="badge good">This browser</span>}
      <p class="quiet">
        Since <When at={it.createdAt} /> · <LastUse it={it} now={now} />
      </p>
    </div>
    <div class="actions">
      <Button
        small
        kind="quiet"
        label={it.own ? "End this one: sign out here" : `End ${called(it)}, since ${moment(it.createdAt)}`}
        onPress={onEnd}
        testid="end-session"
      >
        End
      </Button>
    </div>
  </li>
);

const What = ({ it }: { readonly it: Session }) => {
  if (it.own) return <p>This is the browser you are using: you are signed out here, and need a new way to sign in.</p>;
  if (it.client === "extension")
    return (
      <p>
        <strong>{called(it)}</strong>, connected since <When at={it.createdAt} />, is disconnected at once. Only
        somebody signed in as you can connect it again.
      </p>
    );
  return (
    <p>
      <strong>{called(it)}</strong>, signed in since <When at={it.createdAt} />, is signed out at once.
    </p>
  );
};

interface ListProps {
  readonly all: readonly Session[];
  readonly onEnd: (it: Session) => void;
}

const List = ({ all, onEnd }: ListProps) => {
  const now = useNow().value;
  const rows = inOrder(all).map((it) => <Row key={it.id} it={it} now={now} onEnd={() => onEnd(it)} />);
  const rest = rows.slice(SHOWN);
  return (
    <>
      <ul class="plain-rows">{rows.slice(0, SHOWN)}</ul>
      {rest.length > 0 && (
        <details data-testid="more-sessions">
          <summary>{rest.length === 1 ? "One more" : `${rest.length} more`}</summary>
          <ul class="plain-rows">{rest}</ul>
        </details>
      )}
      {all.every(({ own }) => own) && <p class="quiet">Nowhere else.</p>}
    </>
  );
};

/** The button that was pressed is gone with its row: the focus is at the list it stood in. */
const useFocusAtList = (ended: string) => {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    if (ended !== "") list.current?.focus();
  }, [ended]);
  return list;
};

/** Where a person is signed in, and the way to end each: a device that was lost, an extension no longer used. */
export const Sessions = () => {
  const load = useLoad("sessions", () => ask(sessions));
  const picked = useSignal<Session | null>(null);
  const ended = useSignal<Session | null>(null);
  const deed = useDeed(end, () => {
    const it = picked.peek();
    picked.value = null;
    if (it?.own) {
      departed();
      return go("/signed-out", "replace");
    }
    ended.value = it;
    const now = load.now.peek();
    if (now.state === "here") load.put({ sessions: now.value.sessions.filter(({ id }) => id !== it?.id) });
    load.refresh();
  });
  const list = useFocusAtList(ended.value?.id ?? "");
  const it = picked.value;
  return (
    <Card title="Where you are signed in">
      <section ref={list} class="stack" tabIndex={-1} aria-label="Where you are signed in" data-testid="sessions">
        <Shown of={load} lines={3}>
          {({ sessions: all }) => <List all={all} onEnd={(one) => (picked.value = one)} />}
        </Shown>
      </section>
      <p class="unseen" role="status">
        {ended.value && `${called(ended.value)} is signed out.`}
      </p>
      <Confirm
        open={it !== null}
        title={it?.own ? "Sign out here?" : "End this?"}
        label={it?.own ? "Sign out" : "End"}
        kind="danger"
        busy={deed.busy.value}
        problem={deed.problem.value}
        onConfirm={() => it && void deed.start(it)}
        onClose={() => (picked.value = null)}
        testid="end"
      >
        {it && <What it={it} />}
      </Confirm>
    </Card>
  );
};
