#!/usr/bin/env node
// Plain JavaScript that any Node since 14 can start: the command line itself is TypeScript and needs Node 24 or later,
// which the package brings along as a dependency.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, "cli.ts");

const bundledNode = () => {
  const binary = process.platform === "win32" ? "node.exe" : "node";
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", "node", "bin", binary);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
};

const relay = (child) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl-C on a terminal reaches the child by itself; sent twice it would cut a graceful shutdown short.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`Makegood could not start ${child.spawnfile}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that cannot end this process still shows in the exit code, as shells write it.
    setTimeout(() => process.exit(128 + (constants.signals[signal] || 0)), 100);
  });
};

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  import("./cli.ts");
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `Makegood needs Node.js ${NEEDED} or later; this is ${process.version}. Run "npm ci" in ${dirname(here)}, which brings one.\n`,
    );
    process.exitCode = 1;
  } else {
    relay(spawn(node, [cli, ...process.argv.slice(2)], { stdio: "inherit" }));
  }
}
