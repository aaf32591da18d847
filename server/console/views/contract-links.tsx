import { useSignal } from "@preact/signals";
import { grabLink, links } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { whole } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract, Link } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Copy } from "../parts/copy.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";

const Row = ({ it }: { readonly it: Link }) => (
  <li class="link-row" data-testid="link-row" data-code={it.code}>
    <div>
      <p class="mono break" data-testid="link-url">
        {it.url}
      </p>
      <p class="quiet break">
        to {it.destination} · <span class="num">{whole(it.clicks)}</span> clicks
      </p>
    </div>
    <Copy text={it.url} testid="copy-link" />
  </li>
);

const schemeOf = (host: string): string => (/^(localhost|127\.)/.test(host) ? "http" : "https");

const Grab = ({ it, onGrabbed }: { readonly it: Contract; readonly onGrabbed: () => void }) => {
  const verified = it.hosts.filter((host) => host.verified).map(({ host }) => host);
  const typed = useSignal("");
  const form = useSubmit(grabLink, () => {
    typed.value = "";
    onGrabbed();
  });
  return (
    <Form
      class="inline"
      onSubmit={() => void form.submit({ params: { contract: it.id }, body: { destination: typed.value.trim() } })}
      problem={form.problem.value}
      fields={["/destination"]}
      testid="grab-form"
    >
      <TextBox
        label="Page to link to"
        type="url"
        inputMode="url"
        placeholder={verified[0] ? `${schemeOf(verified[0])}://${verified[0]}/…` : "https://…"}
        hint={
          verified.length > 0
            ? `On ${verified.join(", ")}. The same page always gets the same link.`
            : "None of the campaign's hosts carries the brand's tag yet, so no link can be made."
        }
        value={typed.value}
        onInput={(text) => (typed.value = text)}
        problem={saidOf(form.problem.value, "/destination")}
        testid="grab-destination"
      />
      <Button busy={form.busy.value} testid="grab-link">
        Make the link
      </Button>
    </Form>
  );
};

/** The tracked links of a contract, and for its influencer the way to make one. */
export const Links = ({ it, mayGrab }: { readonly it: Contract; readonly mayGrab: boolean }) => {
  const load = useLoad(`links ${it.id}`, () => ask(links, { params: { contract: it.id } }));
  return (
    <Card title="Tracked links" aside={mayGrab && <a href="/extension">Make them while browsing</a>}>
      {mayGrab && <Grab it={it} onGrabbed={load.again} />}
      <Shown of={load} lines={2}>
        {({ links: all }) => (
          <ul class="plain-rows" data-testid="links">
            {all.length === 0 && <li class="quiet">No link yet.</li>}
            {all.map((link) => (
              <Row key={link.code} it={link} />
            ))}
          </ul>
        )}
      </Shown>
    </Card>
  );
};
