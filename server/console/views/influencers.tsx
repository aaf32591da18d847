import { useSignal } from "@preact/signals";
import { influencers, invite, inviteAgain } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Influencer } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { CopyBox } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Badge, Head } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";

const joined = { title: "Joined", tone: "good", says: "Has accepted the invitation." } as const;
const invited = { title: "Invited", tone: "warn", says: "Has not accepted the invitation yet." } as const;

const Row = ({ it, onAgain }: { readonly it: Influencer; readonly onAgain: (sent: Sent) => void }) => {
  const form = useSubmit(inviteAgain, ({ influencer, invitationUrl }) =>
    onAgain({ name: influencer.name, url: invitationUrl }),
  );
  return (
    <li class="row-link" data-testid="influencer-row" data-influencer={it.id}>
      <div>
        <span class="row-title">{it.name}</span> <Badge word={it.joined ? joined : invited} />
      </div>
      <div class="actions">
        <Button
          kind="quiet"
          busy={form.busy.value}
          onPress={() => void form.submit({ params: { influencer: it.id }, body: {} })}
          testid="invite-again"
        >
          New link
        </Button>
        <a href={`/contracts/new?influencer=${it.id}`}>Draft a contract</a>
      </div>
    </li>
  );
};

/** An invitation as it was just made: for whom, and the link. */
interface Sent {
  readonly name: string;
  readonly url: string;
}

const Invited = ({ name, url }: Sent) => (
  <div class="stack" data-testid="invitation">
    <p>
      Send this link to <strong>{name}</strong>, by whatever way you trust. It works once, within fourteen days, and is
      shown only now.
    </p>
    <CopyBox what="Invitation link" text={url} label="Copy the link" kind="primary" testid="invitation-url" />
  </div>
);

const Invite = ({ onInvited }: { readonly onInvited: () => void }) => {
  const name = useSignal("");
  const email = useSignal("");
  const sent = useSignal<Sent | null>(null);
  const form = useSubmit(invite, ({ influencer, invitationUrl }) => {
    sent.value = { name: influencer.name, url: invitationUrl };
    onInvited();
  });
  const problem = form.problem.value;
  if (sent.value) return <Invited {...sent.value} />;
  const address = email.value.trim();
  return (
    <Form
      onSubmit={() => void form.submit({ body: { name: name.value, ...(address !== "" && { email: address }) } })}
      problem={problem}
      fields={["/name", "/email"]}
      testid="invite-form"
    >
      <TextBox
        label="Name"
        maxLength={120}
        value={name.value}
        onInput={(text) => (name.value = text)}
        problem={saidOf(problem, "/name")}
        testid="invite-name"
      />
      <TextBox
        label="E-mail (optional)"
        type="email"
        maxLength={254}
        hint="For your own records; no mail is sent."
        value={email.value}
        onInput={(text) => (email.value = text)}
        problem={saidOf(problem, "/email")}
        testid="invite-email"
      />
      <Button kind="primary" busy={form.busy.value} testid="send-invite">
        Make the invitation
      </Button>
    </Form>
  );
};

/** The people who promote the brand, and the way to invite another. */
export const InfluencersView = () => {
  const load = useLoad("influencers", () => ask(influencers));
  const inviting = useSignal(false);
  const again = useSignal<Sent | null>(null);
  return (
    <>
      <Head title="Influencers" under="The people who promote you.">
        <Button kind="primary" onPress={() => (inviting.value = true)} testid="invite">
          Invite an influencer
        </Button>
      </Head>
      <Shown of={load}>
        {(shown) =>
          shown.influencers.length === 0 ? (
            <Empty title="Nobody is invited yet">
              <p class="quiet">
                An invitation is a link you send yourself. It signs them in and shows them their contracts.
              </p>
            </Empty>
          ) : (
            <ul class="rows card" data-testid="influencers">
              {shown.influencers.map((it) => (
                <Row key={it.id} it={it} onAgain={(sent) => (again.value = sent)} />
              ))}
            </ul>
          )
        }
      </Shown>
      <Dialog
        open={inviting.value}
        title="Invite an influencer"
        onClose={() => (inviting.value = false)}
        testid="invite-dialog"
      >
        <Invite onInvited={load.again} />
      </Dialog>
      <Dialog
        open={again.value !== null}
        title="A new link"
        onClose={() => (again.value = null)}
        testid="invite-again-dialog"
      >
        {again.value && <Invited {...again.value} />}
      </Dialog>
    </>
  );
};
