import { adminOf, clinicId } from "./core";

/** Changes settings of a clinic as its administrator; null gives a key its default back. */
export async function changeSettings(slug: string, settings: Record<string, number | null>): Promise<void> {
  const admin = await adminOf(slug);
  const path = `/v1/organizations/${await clinicId(slug)}`;
  await admin.data(
    "PATCH",
    path,
    { settings },
    {
      "if-match": (await admin.call("GET", path)).headers.get("etag") ?? "",
      "content-type": "application/merge-patch+json",
    },
  );
}
