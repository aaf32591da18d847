import { useSignal } from "@preact/signals";
import { createCampaign } from "../../../shared/wire/brand.ts";
import { useGo } from "../kit/here.ts";
import { hostFault, hostsIn } from "../kit/hosts.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TextArea, TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";

interface NewCampaignProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Start a campaign: its name and the hosts of its landing pages. */
export const NewCampaign = ({ open, onClose }: NewCampaignProps) => {
  const name = useSignal("");
  const typed = useSignal("");
  const goOn = useGo();
  const form = useSubmit(createCampaign, ({ id }) => goOn(`/campaigns/${id}`));
  const hosts = hostsIn(typed.value);
  const sent = useSignal<readonly string[]>([]);
  const submit = (): void => {
    sent.value = hosts;
    void form.submit({ body: { name: name.value, hosts: [...hosts] } });
  };
  const problem = form.problem.value;
  return (
    <Dialog open={open} onClose={onClose} title="New campaign" testid="campaign-dialog">
      <Form onSubmit={submit} problem={problem} fields={["/name", "/hosts"]} testid="campaign-form">
        <TextBox
          label="Name"
          placeholder="Spring enrolment"
          maxLength={120}
          value={name.value}
          onInput={(text) => (name.value = text)}
          problem={saidOf(problem, "/name")}
          testid="campaign-name"
        />
        <TextArea
          label="Landing hosts"
          hint="The sites links may lead to, one a line. Addresses may be pasted whole; only the host is kept."
          placeholder="shop.example"
          value={typed.value}
          onInput={(text) => (typed.value = text)}
          problem={hostFault(problem, sent.value)}
          testid="campaign-hosts"
        />
        {hosts.length > 0 && (
          <ul class="chips" aria-label="Hosts as they will be kept">
            {hosts.map((host) => (
              <li key={host}>
                <span class="badge plain mono">{host}</span>
              </li>
            ))}
          </ul>
        )}
        <Button kind="primary" busy={form.busy.value} testid="create-campaign">
          Create campaign
        </Button>
      </Form>
    </Dialog>
  );
};
