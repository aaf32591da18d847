import { randomBytes } from "node:crypto";
import { access, link, rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { refusal } from "./refusal.ts";

const taken = (shown: string): Error => refusal(`${shown}: is there already. Name another file, or add --force.`);

/** Refuses, before any work is done, a file that is there already. */
export const refuseTaken = async (cwd: string, shown: string): Promise<void> => {
  const isThere = await access(resolve(cwd, shown)).then(
    () => true,
    () => false,
  );
  if (isThere) throw taken(shown);
};

/**
 * Write a file whole or not at all: beside its place first, then into it at once. What is there already is replaced only
 * if that is meant.
 */
export const writeWhole = async (cwd: string, shown: string, text: string, isForced: boolean): Promise<void> => {
  const path = resolve(cwd, shown);
  const beside = `${path}.${randomBytes(6).toString("hex")}.part`;
  try {
    await writeFile(beside, text, { flag: "wx" });
    if (isForced) await rename(beside, path);
    else await link(beside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "EEXIST" ? taken(shown) : refusal(`${shown}: cannot be written (${String(code)}).`);
  } finally {
    await rm(beside, { force: true });
  }
};
