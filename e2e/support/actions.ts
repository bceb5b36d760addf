import { readFileSync } from "node:fs";
import path from "node:path";
import { adminOf, clinicId } from "./core";
import { read } from "./shape";
import { root, type AppName, type Site } from "./stack";
import type { WireRequest } from "./wire";

/** A server action of a built app. */
export interface Action {
  id: string;
  name: string;
  /** A page that carries the action. */
  page: string;
}

/** Every server action of the build, by its real id. */
export function actionsOf(app: AppName): Action[] {
  const file = path.join(root, "apps", app, ".next/server/server-reference-manifest.json");
  const manifest = read.record(read.record(JSON.parse(readFileSync(file, "utf8"))).node);
  return Object.entries(manifest).map(([id, entry]) => {
    const fields = read.record(entry);
    const worker = Object.keys(read.record(fields.workers))[0] ?? "";
    const parts = worker.split("/").slice(1, -1);
    return {
      id,
      name: read.text(fields, "exportedName"),
      page: `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join("/")}`,
    };
  });
}

const anyId = "00000000-0000-7000-8000-000000000000";
const mail = "intrus@e2e.test";

/** Arguments that each action would take for good, so that nothing but its guard can refuse them. */
function argumentsOf(name: string, organization: string): unknown[] {
  const known: Record<string, unknown[]> = {
    openClinic: [organization],
    inviteMember: [{ email: mail, role: "specialist" }],
    changeRole: [anyId, "admin"],
    createAccessKey: [{ name: "intrus", scopes: ["patients:read"] }],
    addDomain: [{ domain: "intrus.e2e.test", app: "clinic" }],
    saveBrand: [{ color_primary: "#101010", color_accent: "" }, '"1"'],
    saveIntegration: [{ service: "daily", key: "intrus" }],
    createOrganization: [
      {
        name: "Intrus",
        slug: "intrus",
        language_code: "ro",
        timezone: "Europe/Bucharest",
        admin_email: mail,
      },
    ],
    openGrant: [{ organization_id: organization, reason: "un motiv destul de lung", ttl: "15" }],
    archiveOrganization: [organization, "un motiv destul de lung"],
    slugIsFree: ["armonia"],
  };
  return known[name] ?? [anyId, anyId];
}

/** The call as the browser sends it. */
export function actionRequest(action: Action, site: Site, organization: string): WireRequest {
  return {
    method: "POST",
    path: action.page.replace("[id]", organization).replace("[token]", "x"),
    host: site.host,
    headers: {
      "next-action": action.id,
      accept: "text/x-component",
      origin: site.origin,
      "content-type": "text/plain;charset=UTF-8",
    },
    body: JSON.stringify(argumentsOf(action.name, organization)),
  };
}

/** A one-time code for a clinic is as good as its data. */
export const handedOver = (text: string) => text.includes("/auth/handoff?code=");

/** Everything of a clinic that an action could change, as one text to compare. */
export async function clinicState(slug: string): Promise<string> {
  const admin = await adminOf(slug);
  const base = `/v1/organizations/${await clinicId(slug)}`;
  const organization = read.record(await admin.data("GET", base));
  const lists = await Promise.all(
    ["members", "invitations", "domains", "access-keys", "api-keys", "break-glass"].map(async (name) => {
      const rows = read.list(await admin.data("GET", `${base}/${name}?page_size=100`));
      return `${name} ${rows.length}`;
    }),
  );
  return [
    `version ${String(organization.row_version)}`,
    `status ${String(organization.status)}`,
    ...lists,
  ].join(", ");
}
