import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SIGN_IN = "sign-in.secret";
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * A secret of 32 random bytes, made at the first start, kept in `folder` for this user alone and read back ever after.
 * Unless another file is named it is the one that signs cookies and tokens: losing that signs everybody out, and nothing
 * else is lost.
 */
export const secretIn = (folder: string, file = SIGN_IN): string => {
  const path = join(folder, file);
  mkdirSync(folder, { recursive: true });
  placeOnce(path, randomBytes(32).toString("base64url"));
  chmodSync(path, 0o600);
  const secret = readFileSync(path, "utf8").trim();
  if (!SECRET.test(secret))
    throw new Error(`${path} is not a secret of ours. Restore it, or delete it to make a new one.`);
  return secret;
};

/** A hard link appears whole or not at all and never replaces a file, so two first starts agree on one secret. */
const placeOnce = (path: string, secret: string): void => {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    readFileSync(path);
    return;
  } catch {}
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
};
