import { useSignal } from "@preact/signals";
import { addHost } from "../../../shared/wire/brand.ts";
import { hostsIn } from "../kit/hosts.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Campaign } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { HostBadge } from "../parts/host-badge.tsx";
import { Card } from "../parts/small.tsx";

interface HostsProps {
  readonly campaign: Campaign;
  readonly onChange: () => void;
}

/** The sites this campaign's links may lead to, and which of them carry the tag already. */
export const Hosts = ({ campaign, onChange }: HostsProps) => {
  const typed = useSignal("");
  const form = useSubmit(addHost, () => {
    typed.value = "";
    onChange();
  });
  const waiting = campaign.hosts.some(({ verified }) => !verified);
  return (
    <Card title="Landing hosts">
      <ul class="chips" data-testid="hosts">
        {campaign.hosts.map((host) => (
          <li key={host.host}>
            <HostBadge host={host} />
          </li>
        ))}
      </ul>
      {waiting && (
        <p class="quiet">
          A host is verified as soon as a page on it shows <a href="/settings">the tag</a>. Links can lead to verified
          hosts only.
        </p>
      )}
      <Form
        class="inline"
        onSubmit={() =>
          void form.submit({
            params: { campaign: campaign.id },
            body: { host: hostsIn(typed.value)[0] ?? typed.value },
          })
        }
        problem={form.problem.value}
        fields={["/host"]}
      >
        <TextBox
          label="Another host"
          placeholder="www.shop.example"
          value={typed.value}
          onInput={(text) => (typed.value = text)}
          problem={saidOf(form.problem.value, "/host")}
          testid="host-name"
        />
        <Button busy={form.busy.value} testid="add-host">
          Add
        </Button>
      </Form>
    </Card>
  );
};
