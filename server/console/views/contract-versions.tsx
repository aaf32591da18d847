import { wording } from "../../../shared/contract/wording.ts";
import { dayOf } from "../../../shared/kit/time.ts";
import { partyName } from "../kit/contract.ts";
import { day, moment } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import type { Contract, ContractVersion } from "../kit/wire.ts";
import { versionStates } from "../kit/words.ts";
import { Differences } from "../parts/differences.tsx";
import { HashMark } from "../parts/hash-mark.tsx";
import { Badge, Card } from "../parts/small.tsx";
import { Wording } from "../parts/wording.tsx";
import { Files } from "./contract-proof.tsx";

interface VersionProps {
  readonly it: Contract;
  readonly version: ContractVersion;
  readonly before: ContractVersion | undefined;
}

const Full = ({ it, version, before }: VersionProps) => {
  const check = useHashCheck(version.terms, version.termsHash);
  return (
    <div class="stack">
      {before && (
        <Differences before={wording(before.terms)} after={wording(version.terms)} than={`version ${before.version}`} />
      )}
      <details>
        <summary>The whole text</summary>
        <Wording text={version.text} />
      </details>
      <HashMark termsHash={version.termsHash} check={check} />
      {version.signatures.length > 0 && (
        <p class="quiet">
          Signed by {version.signatures.map(({ name, at }) => `${name} on ${moment(at)}`).join(", and by ")}.
        </p>
      )}
      {version.state === "signed" && <Files id={it.id} version={version.version} />}
    </div>
  );
};

/** The days in which a signed version decides; its time ends with the first instant of the day after. */
const spanOf = ({ inForce, terms }: ContractVersion): string => {
  if (!inForce) return "never came to hold";
  const [first, last] = [inForce.from, inForce.until - 1].map((at) => day(dayOf(at, terms.timeZone)));
  return `holds ${first} – ${last}`;
};

const Version = (props: VersionProps) => {
  const { it, version } = props;
  return (
    <li data-testid="version" data-version={version.version} data-state={version.state}>
      <details>
        <summary>
          Version {version.version} <Badge word={versionStates[version.state]} />{" "}
          <span class="quiet">
            by {partyName(it, version.by)}, {moment(version.at)}
            {version.state === "signed" && ` · ${spanOf(version)}`}
          </span>
        </summary>
        <Full {...props} />
      </details>
    </li>
  );
};

/** All versions of the terms there have been, the newest first, each with what it changed. */
export const Versions = ({ it, versions }: { readonly it: Contract; readonly versions: readonly ContractVersion[] }) =>
  versions.length < 2 ? null : (
    <Card title="Versions">
      <ol class="plain-rows" data-testid="versions">
        {versions.toReversed().map((version) => (
          <Version
            key={version.version}
            it={it}
            version={version}
            before={versions.findLast((one) => one.version < version.version)}
          />
        ))}
      </ol>
    </Card>
  );
