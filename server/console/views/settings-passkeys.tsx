import { useSignal } from "@preact/signals";
import type * as v from "valibot";
import * as wire from "../../../shared/wire/passkeys.ts";
import { ask } from "../kit/ask.ts";
import { useDeed } from "../kit/deed.ts";
import { useLoad } from "../kit/load.ts";
import { makePasskey, passkeysWork } from "../kit/passkey.ts";
import { prove } from "../kit/proof.ts";
import { known, ownsABrand } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Sessions } from "./settings-sessions.tsx";

type Passkey = v.InferOutput<typeof wire.Passkey>;
type Deed = "rename" | "remove";

const add = async (name: string) => {
  const proved = await prove("add-passkey");
  if (!proved.ok) return { ok: false, problem: proved.refusal } as const;
  const options = await ask(wire.startPasskey, { body: { proof: proved.value.proof } });
  if (!options.ok) return options;
  const made = await makePasskey(options.value);
  return made.ok ? ask(wire.addPasskey, { body: { name, registration: made.value } }) : made;
};

const remove = async (passkey: string) => {
  const proved = await prove(`remove-passkey:${passkey}`);
  if (!proved.ok) return { ok: false, problem: proved.refusal } as const;
  return ask(wire.removePasskey, { params: { passkey }, body: { proof: proved.value.proof } });
};

const Adding = ({ first, onDone }: { readonly first: boolean; readonly onDone: () => void }) => {
  const name = useSignal("");
  const deed = useDeed(add, onDone);
  return (
    <Form onSubmit={() => void deed.start(name.value)} problem={deed.problem.value} fields={["/name"]}>
      <TextBox
        label="What do you call it?"
        hint="So that you know later which device or password manager keeps it."
        placeholder="My laptop"
        maxLength={60}
        value={name.value}
        onInput={(text) => (name.value = text)}
        problem={saidOf(deed.problem.value, "/name")}
        testid="passkey-name"
      />
      {!first && <p class="quiet">You are asked twice: first for a passkey you have, then to make the new one.</p>}
      <Button kind="primary" busy={deed.busy.value} disabled={name.value.trim() === ""} testid="make-passkey">
        Make the passkey
      </Button>
    </Form>
  );
};

interface OneProps {
  readonly it: Passkey;
  readonly onDone: () => void;
}

const Renaming = ({ it, onDone }: OneProps) => {
  const name = useSignal(it.name);
  const form = useSubmit(wire.renamePasskey, onDone);
  return (
    <Form
      onSubmit={() => void form.submit({ params: { passkey: it.id }, body: { name: name.value } })}
      problem={form.problem.value}
      fields={["/name"]}
    >
      <TextBox
        label="Name"
        maxLength={60}
        value={name.value}
        onInput={(text) => (name.value = text)}
        problem={saidOf(form.problem.value, "/name")}
        testid="passkey-new-name"
      />
      <Button kind="primary" busy={form.busy.value} testid="confirm-rename">
        Rename
      </Button>
    </Form>
  );
};

const Removing = ({ it, onDone }: OneProps) => {
  const deed = useDeed(remove, onDone);
  return (
    <Form onSubmit={() => void deed.start(it.id)} problem={deed.problem.value}>
      <p>
        <strong>{it.name}</strong> no longer signs you in or confirms anything here. You confirm this with one of your
        passkeys.
      </p>
      <p class="quiet">
        You have lost them all? Whoever runs this server can remove a brand owner's; an influencer asks the brand for a
        new invitation.
      </p>
      <Button kind="danger" busy={deed.busy.value} testid="confirm-remove">
        Remove
      </Button>
    </Form>
  );
};

const Row = ({ it, onPick }: { readonly it: Passkey; readonly onPick: (deed: Deed) => void }) => (
  <li class="link-row passkey-row" data-testid="passkey-row">
    <div>
      <strong>{it.name}</strong> {!it.usable && <span class="badge warn">Only at {it.host}</span>}
      <p class="quiet">
        Added <When at={it.createdAt} />
        {it.lastUsedAt !== undefined && (
          <>
            {" · last used "}
            <When at={it.lastUsedAt} />
          </>
        )}
      </p>
    </div>
    <div class="actions">
      <Button small kind="quiet" label={`Rename ${it.name}`} onPress={() => onPick("rename")} testid="rename-passkey">
        Rename
      </Button>
      <Button small kind="quiet" label={`Remove ${it.name}`} onPress={() => onPick("remove")} testid="remove-passkey">
        Remove
      </Button>
    </div>
  </li>
);

const notHere =
  "This browser cannot use passkeys on this page. They need a browser of the last years, and an address with a host name and https.";

type Load = ReturnType<typeof useLoad<v.InferOutput<typeof wire.passkeys.reply>>>;

const Changes = ({ load }: { readonly load: Load }) => {
  const picked = useSignal<{ readonly deed: Deed; readonly it: Passkey } | null>(null);
  const done = (): void => {
    picked.value = null;
    load.again();
  };
  const now = picked.value;
  return (
    <>
      <Shown of={load} lines={2}>
        {({ passkeys, unavailable }) => (
          <>
            {(unavailable ?? (passkeysWork() ? undefined : notHere)) && (
              <p class="notice" data-testid="passkeys-unavailable">
                {unavailable ?? notHere}
              </p>
            )}
            <ul class="plain-rows" data-testid="passkeys">
              {passkeys.length === 0 && <li class="quiet">None yet.</li>}
              {passkeys.map((it) => (
                <Row key={it.id} it={it} onPick={(deed) => (picked.value = { deed, it })} />
              ))}
            </ul>
          </>
        )}
      </Shown>
      <Dialog
        open={now !== null}
        title={now?.deed === "rename" ? "Rename this passkey" : "Remove this passkey?"}
        onClose={() => (picked.value = null)}
      >
        {now?.deed === "rename" && <Renaming it={now.it} onDone={done} />}
        {now?.deed === "remove" && <Removing it={now.it} onDone={done} />}
      </Dialog>
    </>
  );
};

const Own = () => {
  const load = useLoad("passkeys", () => ask(wire.passkeys));
  const adding = useSignal(false);
  const { now } = load;
  const here = now.value.state === "here" ? now.value.value : undefined;
  const can = here !== undefined && here.unavailable === undefined && passkeysWork();
  return (
    <Card
      title="Your passkeys"
      aside={
        can && (
          <Button small onPress={() => (adding.value = true)} testid="add-passkey">
            Add a passkey
          </Button>
        )
      }
    >
      <Changes load={load} />
      <Dialog open={adding.value} title="New passkey" onClose={() => (adding.value = false)}>
        <Adding
          first={!here?.passkeys.some(({ usable }) => usable)}
          onDone={() => {
            adding.value = false;
            load.again();
          }}
        />
      </Dialog>
    </Card>
  );
};

/** How a person signs in, and where they are: their own passkeys and what those are for, and their browsers and extensions. */
export const PasskeysView = () => (
  <>
    <Head
      over={ownsABrand(known()) ? <a href="/settings">Settings</a> : undefined}
      title="Signing in"
      under="Your passkeys, and where you are signed in: yours alone, no brand and no colleague sees or uses them."
    />
    <Own />
    <Card title="What a passkey does">
      <ul class="plain-list">
        <li>It signs you in with your finger, face or device PIN, without waiting for a one-time link.</li>
        <li>
          Once you have one, signing a contract and changing where money is paid ask for it each time, so that a browser
          left open is not enough.
        </li>
        <li>Until then, having signed in within the last 12 hours is enough for both.</li>
        <li>It stays on your device or in your password manager; this server keeps only its public half.</li>
      </ul>
    </Card>
    <Sessions />
  </>
);
