import { refusal, unopened } from "./folder.ts";

/** Where a server was to listen. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const ofListening: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is in use. Stop what listens there, or choose another --port.`,
  EACCES: ({ port }) => `Port ${port} may not be used. Choose a --port from 1024 on.`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine. Choose another --host.`,
  ENOTFOUND: ({ host }) => `There is no host ${host}. Choose another --host.`,
};

/** Why a server did not start, as a sentence that says what to do; errors of another kind stay what they are. */
export const unstarted = (folder: string, place: Place, error: unknown): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const sentence = syscall === "listen" || syscall === "getaddrinfo" ? ofListening[String(code)] : undefined;
  return sentence === undefined ? unopened(folder, error) : refusal(sentence(place));
};
