// The first `make up` has two long builds. This makes the web apps while the Go compiler works on the operator's command; `restartix up`
// then finds them in Turborepo's cache. What fails here fails there again, with its message. A signal ends the compilers too.
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";

mkdirSync(".data/logs", { recursive: true });
const log = openSync(".data/logs/web-ahead.log", "w", 0o600);
const env = { ...process.env, CI: "true", NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
let running;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    if (running) process.kill(-running.pid, "SIGTERM"); // its own group: pnpm, Turborepo and Next.js
    process.exit(1);
  });

for (const words of [["install", "--frozen-lockfile"], ["run", "build"]]) {
  const code = await new Promise((done) => {
    running = spawn("pnpm", words, { env, detached: true, stdio: ["ignore", log, log] });
    running.on("error", () => done(1)).on("exit", done);
  });
  running = undefined;
  if (code !== 0) process.exit(1);
}
