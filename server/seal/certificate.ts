import { createHash } from "node:crypto";
import type { Bundle } from "../../shared/contract/bundle.ts";
import { certificateText, sealLine } from "../../shared/contract/certificate.ts";
import type { Sealer } from "../../shared/contract/record.ts";
import { printed } from "./printer.ts";

const sealed = (pdf: Uint8Array, sealer: Sealer): Uint8Array => {
  const body = Buffer.concat([pdf, Buffer.from("\n")]);
  const hash = createHash("sha256").update(body).digest("hex");
  return Buffer.concat([body, Buffer.from(sealLine(sealer.seal(certificateText(hash))))]);
};

/**
 * The certificate of a signed contract, as a PDF that carries its bundle inside and is sealed as a whole. The same bundle,
 * key and origin always give the same bytes.
 */
export const certificate = async (
  bundle: Bundle,
  { sealer, origin }: { readonly sealer: Sealer; readonly origin: string },
): Promise<Uint8Array> => sealed(await printed({ bundle, origin }), sealer);
