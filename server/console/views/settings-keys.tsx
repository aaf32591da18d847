import { useSignal } from "@preact/signals";
import { newSecretKey, revokeSecretKey, secretKeys } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { CopyBox } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";

const NewKey = ({ onMade }: { readonly onMade: () => void }) => {
  const name = useSignal("");
  const made = useSignal<string | null>(null);
  const form = useSubmit(newSecretKey, ({ key }) => {
    made.value = key;
    onMade();
  });
  if (made.value)
    return (
      <div class="stack">
        <p>
          <strong>Copy it now.</strong> It is shown this once; the server keeps only a hash of it.
        </p>
        <CopyBox what="Secret key" text={made.value} label="Copy the key" kind="primary" testid="secret-key" />
      </div>
    );
  return (
    <Form
      onSubmit={() => void form.submit({ body: { name: name.value } })}
      problem={form.problem.value}
      fields={["/name"]}
      testid="key-form"
    >
      <TextBox
        label="What is it for?"
        placeholder="Shop server"
        maxLength={120}
        value={name.value}
        onInput={(text) => (name.value = text)}
        problem={saidOf(form.problem.value, "/name")}
        testid="key-name"
      />
      <Button kind="primary" busy={form.busy.value} testid="create-key">
        Make the key
      </Button>
    </Form>
  );
};

interface Named {
  readonly id: string;
  readonly name: string;
}

const Revoke = ({ it, onDone }: { readonly it: Named; readonly onDone: () => void }) => {
  const form = useSubmit(revokeSecretKey, onDone);
  return (
    <Form onSubmit={() => void form.submit({ params: { key: it.id }, body: {} })} problem={form.problem.value}>
      <p>
        Whatever still uses <strong>{it.name}</strong> is refused from now on. This cannot be undone.
      </p>
      <Button kind="danger" busy={form.busy.value} testid="confirm-revoke">
        Revoke
      </Button>
    </Form>
  );
};

/** The secret keys of a brand's servers: never the keys themselves, only how each starts. */
export const Keys = () => {
  const load = useLoad("keys", () => ask(secretKeys));
  const making = useSignal(false);
  const revoking = useSignal<Named | null>(null);
  return (
    <Card
      title="Secret keys"
      aside={
        <Button small onPress={() => (making.value = true)} testid="new-key">
          New key
        </Button>
      }
    >
      <Shown of={load} lines={2}>
        {({ keys }) => (
          <ul class="plain-rows" data-testid="keys">
            {keys.length === 0 && <li class="quiet">None yet. Make one for the server that reports your sales.</li>}
            {keys.map((it) => (
              <li key={it.id} class="link-row">
                <div>
                  <strong>{it.name}</strong> <span class="mono quiet">{it.start}…</span>
                  <p class="quiet">
                    Since <When at={it.createdAt} />
                  </p>
                </div>
                <Button
                  small
                  kind="quiet"
                  label={`Revoke ${it.name}`}
                  onPress={() => (revoking.value = it)}
                  testid="revoke"
                >
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <Dialog open={making.value} title="New secret key" onClose={() => (making.value = false)}>
        <NewKey onMade={load.again} />
      </Dialog>
      <Dialog open={revoking.value !== null} title="Revoke this key?" onClose={() => (revoking.value = null)}>
        {revoking.value && (
          <Revoke
            it={revoking.value}
            onDone={() => {
              revoking.value = null;
              load.again();
            }}
          />
        )}
      </Dialog>
    </Card>
  );
};
