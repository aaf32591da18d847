import type { Contract } from "../kit/wire.ts";
import { Download } from "../parts/download.tsx";
import { Card } from "../parts/small.tsx";

interface FilesProps {
  readonly id: string;
  readonly version?: number;
}

/** The files that prove a signed version: the certificate to read and print, and the bundle for computers. */
export const Files = ({ id, version }: FilesProps) => {
  const query = version === undefined ? "" : `?version=${version}`;
  const small = version !== undefined;
  return (
    <div class="actions">
      <Download
        path={`/v1/contracts/${id}/certificate${query}`}
        name="certificate.pdf"
        label="Certificate (PDF)"
        small={small}
        testid={small ? `certificate-${version}` : "certificate"}
      />
      <Download
        path={`/v1/contracts/${id}/bundle${query}`}
        name="contract.makegood.json"
        label="Proof as a file"
        small={small}
        testid={small ? `bundle-${version}` : "bundle"}
      />
    </div>
  );
};

/** What proves that both have signed, to take away and to check without trusting us. */
export const SignedProof = ({ it }: { readonly it: Contract }) => (
  <Card title="Proof of what was signed" testid="proof">
    <p>
      The certificate holds the text, the signatures, how each signer was signed in, and the seals over all of it; the
      file holds the same for computers. Anybody can check either{" "}
      <a href="/verify" target="_blank" rel="noopener" data-testid="to-verify">
        on the page that verifies
      </a>
      , which computes everything in their own browser.
    </p>
    <Files id={it.id} />
    <p class="quiet">
      These are simple electronic signatures in the sense of eIDAS: neither advanced nor qualified ones.
    </p>
  </Card>
);
