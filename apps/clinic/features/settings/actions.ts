"use server";

import { revalidatePath } from "next/cache";
import { attempt, within, type Result } from "@workspace/api-client/result";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import {
  brandSchema,
  profileSchema,
  rulesSchema,
  type BrandInput,
  type ProfileInput,
  type RulesInput,
} from "./schema";

/** Every section answers with the new version, so that a second save of the same page is not stale. */
type Saved = Result<{ etag: string }>;

const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

const orNull = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === "" ? null : value]));

const lowerCase = (colours: BrandInput): BrandInput => ({
  color_primary: colours.color_primary.toLowerCase(),
  color_accent: colours.color_accent.toLowerCase(),
});

export async function saveProfile(input: ProfileInput, ifMatch: string): Promise<Saved> {
  return attempt(async () => {
    await requireSession("settings.manage");
    const { etag } = await coreWrite<unknown>({
      method: "PATCH",
      path: await here(),
      body: orNull(profileSchema.parse(input)),
      ifMatch,
    });
    revalidatePath("/", "layout");
    return { etag: etag ?? "" };
  });
}

export async function saveBrand(input: BrandInput, ifMatch: string): Promise<Saved> {
  return attempt(async () => {
    await requireSession("settings.manage");
    const { etag } = await coreWrite<unknown>({
      method: "PATCH",
      path: await here(),
      body: orNull(lowerCase(brandSchema.parse(input))),
      ifMatch,
    });
    revalidatePath("/", "layout");
    return { etag: etag ?? "" };
  });
}

export async function saveRules(input: RulesInput, ifMatch: string): Promise<Saved> {
  const result = await attempt(async () => {
    await requireSession("settings.manage");
    const { embed_origins: origins, ...rest } = rulesSchema.parse(input);
    const settings = { ...rest, embed_origins: origins === "" ? [] : origins.split(/\s+/) };
    const { etag } = await coreWrite<unknown>({
      method: "PATCH",
      path: await here(),
      body: { settings },
      ifMatch,
    });
    revalidatePath("/settings", "layout");
    return { etag: etag ?? "" };
  });
  return within("settings.", result);
}
