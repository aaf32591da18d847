/** Resolves when the process is asked to stop: by Ctrl+C, or by whoever runs it. */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
