import { randomBytes } from "node:crypto";
import { adminOf, clinicId } from "./core";
import { read } from "./shape";

/** A text that stands in the private data of one clinic and nowhere else. */
export interface Canary {
  slug: string;
  text: string;
}

const planted = new Map<string, Canary>();

/**
 * Writes the clinic's canary wherever a member may write text that only members may read: the legal name, an invitation, an
 * access key, a domain. Done once for a run.
 */
export async function canaryOf(slug: string): Promise<Canary> {
  const known = planted.get(slug);
  if (known) return known;
  const text = `canar${slug}${randomBytes(6).toString("hex")}`;
  const admin = await adminOf(slug);
  const path = `/v1/organizations/${await clinicId(slug)}`;
  const clinic = await admin.call("GET", path);
  await admin.data(
    "PATCH",
    path,
    { legal_name: `${text} SRL`, tax_id: text },
    { "if-match": clinic.headers.get("etag") ?? "", "content-type": "application/merge-patch+json" },
  );
  await admin.data("POST", `${path}/members`, { email: `${text}@e2e.test`, role: "specialist" });
  await admin.data("POST", `${path}/access-keys`, { name: text, scopes: ["appointments:read"] });
  await admin.data("POST", `${path}/domains`, { domain: `${text}.e2e.test`, app: "clinic" });
  const canary = { slug, text };
  planted.set(slug, canary);
  return canary;
}

/** The canary of a clinic as its own administrator reads it at the API: proof that it was really planted. */
export async function readBack(canary: Canary): Promise<boolean> {
  const admin = await adminOf(canary.slug);
  const data = read.record(await admin.data("GET", `/v1/organizations/${await clinicId(canary.slug)}`));
  return JSON.stringify(data).includes(canary.text);
}
