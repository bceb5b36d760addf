import { readFileSync } from "node:fs";
import path from "node:path";

/** Where the platform under test listens; scripts/e2e.sh starts it with the same offset. */
const offset = Number(process.env.E2E_PORT_OFFSET ?? "10000");

export const ports = {
  api: 9000 + offset,
  clinic: 9100 + offset,
  portal: 9200 + offset,
  console: 9300 + offset,
  inbox: 9080 + offset,
  /** Of the suite itself: the gate in front of the Core API, the apps behind it, the name server. */
  gate: 9010 + offset,
  gatedClinic: 9110 + offset,
  gatedPortal: 9210 + offset,
  gatedConsole: 9310 + offset,
  dns: 9053 + offset,
};

export const root = path.join(import.meta.dirname, "../..");
/** The state of the stack under test: keys, demo sign-ins, logs. */
export const dataFolder = process.env.E2E_DATA ?? path.join(root, ".data", "e2e");
export const results = path.join(import.meta.dirname, "../results");

export type AppName = "clinic" | "portal" | "console";
export const appNames: readonly AppName[] = ["clinic", "portal", "console"];

/** One app on one host. */
export interface Site {
  app: AppName;
  /** Of the clinic; empty in the console. */
  slug: string;
  /** Without a scheme, with the port. */
  host: string;
  /** Without a trailing slash. */
  origin: string;
}

function site(app: AppName, slug: string, port: number): Site {
  const host = `${slug === "" ? "" : `${slug}.`}${app}.localhost:${port}`;
  return { app, slug, host, origin: `http://${host}` };
}

export const clinicSite = (slug: string) => site("clinic", slug, ports.clinic);
export const portalSite = (slug: string) => site("portal", slug, ports.portal);
export const consoleSite = () => site("console", "", ports.console);

/** The same host served by the app that stands behind the gate. */
export function gated(of: Site): Site {
  const port = { clinic: ports.gatedClinic, portal: ports.gatedPortal, console: ports.gatedConsole };
  return site(of.app, of.slug, port[of.app]);
}

export const coreApi = `http://127.0.0.1:${ports.api}`;
export const inboxUrl = `http://127.0.0.1:${ports.inbox}`;

/** The environment of the Core API of the stack under test, secrets included. */
export function stackEnv(): Record<string, string> {
  const lines = readFileSync(path.join(dataFolder, "up.env"), "utf8").split("\n");
  return Object.fromEntries(
    lines.filter(Boolean).map((line): [string, string] => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1).replace(/^'|'$/g, "")];
    }),
  );
}
