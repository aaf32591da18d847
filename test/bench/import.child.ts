// Runs one command line and prints, as the last line of stderr, the most memory the process ever held and how long it took.
import { dispatch } from "../../server/commands/commands.ts";

const began = performance.now();
const exit = await dispatch(process.argv.slice(2), {
  cwd: process.cwd(),
  env: {},
  isTTY: false,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: () => ({ to: () => undefined, done: () => undefined }),
});
const { maxRSS } = process.resourceUsage();
process.stderr.write(`${JSON.stringify({ peakBytes: maxRSS * 1024, ms: performance.now() - began })}\n`);
process.exitCode = exit;
