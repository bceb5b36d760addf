"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { attempt, type Result } from "@workspace/api-client/result";
import type { AddedMember } from "@workspace/api-client/shapes";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { currentOrganization } from "@workspace/org/request";
import { inviteSchema, staffRole, type InviteInput } from "./schema";

const id = z.uuid();
const here = async () => `/v1/organizations/${(await currentOrganization())?.id ?? ""}`;

/** Invites someone; a person the platform already knows becomes a member at once. */
export async function inviteMember(input: InviteInput): Promise<Result<"invited" | "joined">> {
  return attempt(async () => {
    await requireSession("members.manage");
    const { data } = await coreWrite<AddedMember>({
      method: "POST",
      path: `${await here()}/members`,
      body: inviteSchema.parse(input),
    });
    revalidatePath("/members");
    return data.status === "invited" ? "invited" : "joined";
  });
}

export async function changeRole(userId: string, role: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("members.manage");
    await coreWrite<unknown>({
      method: "PATCH",
      path: `${await here()}/members/${id.parse(userId)}`,
      body: { role: staffRole.parse(role) },
    });
    revalidatePath("/members");
    return null;
  });
}

export async function removeMember(userId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("members.manage");
    await coreWrite<null>({ method: "DELETE", path: `${await here()}/members/${id.parse(userId)}` });
    revalidatePath("/members");
    return null;
  });
}

export async function revokeInvitation(invitationId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("members.manage");
    await coreWrite<null>({
      method: "DELETE",
      path: `${await here()}/invitations/${id.parse(invitationId)}`,
    });
    revalidatePath("/members");
    return null;
  });
}

export async function resendInvitation(invitationId: string): Promise<Result> {
  return attempt(async () => {
    await requireSession("members.manage");
    await coreWrite<unknown>({
      method: "POST",
      path: `${await here()}/invitations/${id.parse(invitationId)}/resend`,
    });
    revalidatePath("/members");
    return null;
  });
}
