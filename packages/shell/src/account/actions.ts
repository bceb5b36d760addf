"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import {
  authPaths,
  type PasskeyCeremony,
  type RecoveryCodes,
  type TotpEnrolment,
} from "@workspace/api-client/auth-shapes";
import { attempt, type Result } from "@workspace/api-client/result";
import type { Me } from "@workspace/api-client/shapes";
import { corePublic, coreWrite } from "@workspace/auth/core";
import { requireLogin, requireSession } from "@workspace/auth/session";
import { passwordSchema, profileSchema, type PasswordInput, type ProfileInput } from "./schema";

export async function saveProfile(input: ProfileInput): Promise<Result> {
  return attempt(async () => {
    await requireSession();
    await coreWrite<Me>({ method: "PATCH", path: "/v1/me", body: profileSchema.parse(input) });
    revalidatePath("/", "layout");
    return null;
  });
}

/** Changes the own password; the other devices are signed out by the API. */
export async function changePassword(input: PasswordInput): Promise<Result> {
  return attempt(async () => {
    await requireSession();
    await coreWrite<null>({
      method: "POST",
      path: authPaths.passwordChange,
      body: passwordSchema.parse(input),
    });
    return null;
  });
}

/** Sends the link that changes the password to the person's own address. */
export async function sendPasswordLink(): Promise<Result> {
  return attempt(async () => {
    const { me } = await requireSession();
    await corePublic<null>({ method: "POST", path: authPaths.passwordForgot, body: { email: me.email } });
    return null;
  });
}

export async function beginTotp(): Promise<Result<TotpEnrolment>> {
  return attempt(async () => {
    await requireLogin();
    return (await coreWrite<TotpEnrolment>({ method: "POST", path: authPaths.totpEnrol })).data;
  });
}

/** Confirms the app by a first code; the recovery codes are shown this once. */
export async function activateTotp(code: string): Promise<Result<string[]>> {
  return attempt(async () => {
    await requireLogin();
    const body = { code: z.string().trim().max(12).parse(code) };
    return (
      (await coreWrite<RecoveryCodes>({ method: "POST", path: authPaths.totpActivate, body })).data
        .recovery_codes ?? []
    );
  });
}

export async function beginPasskey(): Promise<
  Result<PasskeyCeremony<PublicKeyCredentialCreationOptionsJSON>>
> {
  return attempt(async () => {
    await requireLogin();
    return (
      await coreWrite<PasskeyCeremony<PublicKeyCredentialCreationOptionsJSON>>({
        method: "POST",
        path: authPaths.passkeyRegisterBegin,
      })
    ).data;
  });
}

const finishSchema = z.object({
  ceremony_id: z.string().max(200),
  credential: z.record(z.string(), z.unknown()),
});

export async function finishPasskey(input: {
  ceremony_id: string;
  credential: Record<string, unknown>;
}): Promise<Result> {
  return attempt(async () => {
    await requireLogin();
    await coreWrite<unknown>({
      method: "POST",
      path: authPaths.passkeyRegisterFinish,
      body: finishSchema.parse(input),
    });
    revalidatePath("/", "layout");
    return null;
  });
}

/** Signs one device out. */
export async function endLoginSession(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession();
    await coreWrite<null>({ method: "DELETE", path: authPaths.loginSession(z.string().max(64).parse(id)) });
    return null;
  });
}

/** Turns the code app off; the password proves that the person is there. */
export async function disableTotp(password: string): Promise<Result> {
  return attempt(async () => {
    await requireSession();
    await coreWrite<null>({
      method: "POST",
      path: authPaths.totpDisable,
      body: { password: z.string().min(1).max(1024).parse(password) },
    });
    revalidatePath("/", "layout");
    return null;
  });
}

export async function removePasskey(id: string): Promise<Result> {
  return attempt(async () => {
    await requireSession();
    await coreWrite<null>({ method: "DELETE", path: authPaths.passkey(z.uuid().parse(id)) });
    revalidatePath("/", "layout");
    return null;
  });
}
