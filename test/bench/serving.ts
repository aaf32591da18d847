import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A server under test, in a process of its own, and what it said when it was ready. */
export type Up<Told> = Told & { readonly child: ChildProcess; readonly port: number };

const told = <Key extends string>(child: ChildProcess, key: Key): Promise<Record<string, never>> =>
  new Promise((resolve, reject) => {
    const left = (code: number | null): void => reject(new Error(`the server under test ended with ${code}`));
    const hear = (message: unknown): void => {
      const it = message as Record<string, Record<string, never>>;
      if (!(key in it)) return;
      child.off("message", hear);
      child.off("exit", left);
      resolve(it[key] as Record<string, never>);
    };
    child.on("message", hear);
    child.once("exit", left);
  });

/** Start a server that a file of this folder is, of one kind. */
export const up = async <Told>(file: string, kind: string): Promise<Up<Told>> => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [kind], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return { child, ...(await told(child, "ready")) } as unknown as Up<Told>;
};

/** What a server has used so far, all its threads together, in microseconds. */
export const cpuMicros = async ({ child }: Pick<Up<unknown>, "child">): Promise<number> => {
  const answer = told(child, "cpu");
  child.send("cpu");
  const { user, system } = (await answer) as unknown as NodeJS.CpuUsage;
  return user + system;
};

/** The middle one. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
