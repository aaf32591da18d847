process.on("message", (asked) => {
  if (asked === "cpu") process.send?.({ cpu: process.cpuUsage() });
  if (asked === "stop") process.exit(0);
});
// A bench that dies takes its servers with it.
process.on("disconnect", () => process.exit(0));

/** Say that the server in this process is up, and where. */
export const ready = (told: object): void => void process.send?.({ ready: told });
