import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Gate } from "./gate";
import { appNames, consoleSite, clinicSite, gated, portalSite, ports, root, type AppName } from "./stack";
import { test as base } from "./test";
import { ask } from "./wire";

const sites = { clinic: clinicSite("armonia"), portal: portalSite("armonia"), console: consoleSite() };

function start(app: AppName): ChildProcess {
  const folder = path.join(root, "apps", app, ".next/standalone/apps", app);
  return spawn(process.execPath, [path.join(folder, "server.js")], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH ?? "",
      HOSTNAME: "127.0.0.1",
      PORT: gated(sites[app]).origin.split(":").at(-1) ?? "",
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_OPTIONS: `--require ${JSON.stringify(path.join(root, "scripts/localhost-dns.cjs"))}`,
      CORE_API_URL: `http://127.0.0.1:${ports.gate}`,
      CLINIC_DOMAIN: `clinic.localhost:${ports.gatedClinic}`,
      PORTAL_DOMAIN: `portal.localhost:${ports.gatedPortal}`,
      CONSOLE_DOMAIN: `console.localhost:${ports.gatedConsole}`,
    },
  });
}

async function answers(app: AppName): Promise<void> {
  const site = gated(sites[app]);
  const port = Number(site.origin.split(":").at(-1));
  for (let tries = 0; tries < 300; tries++) {
    const up = await ask(port, { path: "/sign-in", host: site.host }).then(
      ({ status }) => status === 200,
      () => false, // nobody listens yet
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the gated ${app} app does not answer on ${site.origin}`);
}

/** The same built apps a second time, behind a gate in front of the same Core API. Started when a test first asks for it. */
export const test = base.extend<{ gate: Gate }, { gatedApps: Gate }>({
  gatedApps: [
    async ({}, use) => {
      const gate = new Gate();
      await gate.start();
      const children = appNames.map(start);
      try {
        await Promise.all(appNames.map(answers));
        await use(gate);
      } finally {
        await Promise.all(
          children.map(async (child) => {
            if (child.exitCode !== null || child.signalCode !== null) return;
            child.kill();
            await once(child, "exit");
          }),
        );
        await gate.stop();
      }
    },
    { scope: "worker", timeout: 60_000 },
  ],
  gate: async ({ gatedApps }, use) => {
    gatedApps.reset();
    await use(gatedApps);
    gatedApps.reset();
  },
});
