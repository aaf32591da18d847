import type { Bundle, SignatureRecord } from "../../../shared/contract/bundle.ts";
import type { Check } from "../../../shared/contract/recheck.ts";
import { Card, When } from "../parts/small.tsx";
import { Wording } from "../parts/wording.tsx";
import type { Outcome } from "./reading.ts";
import { keyWords, titles, type Verdict, verdictOf } from "./words.ts";

const signs = { ok: "✓", failed: "✗", unknown: "?" } as const;
const spoken = { ok: "Matches", failed: "Does not match", unknown: "Could not be checked" } as const;

interface RowProps {
  readonly title: string;
  readonly check: Pick<Check, "state" | "because">;
  readonly name: string;
}

const CheckRow = ({ title, check, name }: RowProps) => (
  <li class={`check ${check.state}`} data-check={name} data-state={check.state}>
    <span class="check-sign" role="img" aria-label={spoken[check.state]}>
      {signs[check.state]}
    </span>
    <div>
      <p class="strong">{title}</p>
      <p class="break">{check.because}</p>
    </div>
  </li>
);

const rank = { failed: 0, unknown: 1, ok: 2 } as const;

const rowOf = (check: Check): RowProps =>
  check.party
    ? { name: `${check.name}-${check.party}`, title: `${titles[check.name]}, ${check.party}`, check }
    : { name: check.name, title: titles[check.name], check };

const Checks = ({ it }: { readonly it: Extract<Outcome, { state: "read" }> }) => {
  const rows = [...it.checks.map(rowOf), { name: "key", title: "Sealing key", check: keyWords[it.keys] }];
  return (
    <Card title="What was checked">
      <ul class="checks" data-testid="checks">
        {rows
          .sort((a, b) => rank[a.check.state] - rank[b.check.state])
          .map((row) => (
            <CheckRow key={row.name} {...row} />
          ))}
      </ul>
    </Card>
  );
};

const methods = {
  passkey: "by a passkey, asked for at the moment of signing",
  session: "by a signed-in session",
} as const;

const Signer = ({ it: { record, signer } }: { readonly it: SignatureRecord }) => (
  <div class="signer" data-testid="signer" data-party={record.party}>
    <p class="quiet">
      For the {record.party}
      {signer && `, ${signer.partyName}`}
    </p>
    <p class="signature">{signer?.name ?? "Name erased"}</p>
    <p>
      <When at={record.signedAt} />
    </p>
    <p class="quiet">
      Proven {methods[record.method]}. Network {record.address ?? "not known"}.
    </p>
    {record.agent && <p class="quiet break">{record.agent}</p>}
  </div>
);

const Signers = ({ bundle }: { readonly bundle: Bundle }) => (
  <Card title="Who signed">
    <div class="signers">
      {bundle.signatures.map((signature) => (
        <Signer key={signature.seal.signature} it={signature} />
      ))}
    </div>
  </Card>
);

const Consent = ({ bundle }: { readonly bundle: Bundle }) => {
  const texts = new Map(bundle.signatures.map(({ record }) => [record.consentVersion, record.consent]));
  return (
    <details class="card">
      <summary>What the signers consented to</summary>
      {[...texts].map(([version, paragraphs]) => (
        <div key={version} class="stack">
          <p class="quiet">Version {version}</p>
          {paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
      ))}
    </details>
  );
};

const Banner = ({ verdict, name }: { readonly verdict: Verdict; readonly name: string }) => (
  <div class={`verdict ${verdict.tone}`} data-testid="verdict" data-tone={verdict.tone}>
    <p class="quiet break">{name}</p>
    <h2 tabIndex={-1}>{verdict.title}</h2>
    <p>{verdict.says}</p>
  </div>
);

/** What is in a file, and how each thing in it stands. */
export const Result = ({ it }: { readonly it: Outcome }) => {
  if (it.state === "refused")
    return <Banner name={it.name} verdict={{ tone: "bad", title: "This cannot be checked", says: it.because }} />;
  const { bundle, checks, keys, name } = it;
  const [first] = bundle.signatures;
  const verdict = verdictOf(checks, keys);
  return (
    <>
      <Banner name={name} verdict={verdict} />
      {verdict.tone === "good" && <Signers bundle={bundle} />}
      <Checks it={it} />
      {verdict.tone !== "good" && <Signers bundle={bundle} />}
      <Card
        title="What was signed"
        aside={
          first && (
            <span class="quiet break">
              {first.record.contract}, version {first.record.version}
            </span>
          )
        }
      >
        <Wording text={bundle.text} />
      </Card>
      <Consent bundle={bundle} />
      <details class="card">
        <summary>The terms as data</summary>
        <div class="scroller">
          <pre>{JSON.stringify(bundle.terms, null, 2)}</pre>
        </div>
      </details>
    </>
  );
};
