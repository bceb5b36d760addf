import "server-only";
import { NextResponse } from "next/server";
import { isLocale } from "@workspace/i18n/locales";
import { ApiError } from "@workspace/api-client/problem";
import { driver } from "@workspace/auth/driver/server";
import { changing, localeChange, setCookies } from "./bff";
import { coreWrite } from "./core";

/** `POST /api/locale {locale}`: keeps the language here and, for a signed-in person, in the profile. */
export const POST = changing(async (body) => {
  const locale = typeof body === "object" && body !== null && "locale" in body ? body.locale : null;
  if (!isLocale(locale)) return NextResponse.json({ code: "validation_error" }, { status: 422 });
  await setCookies([localeChange(locale)]);
  try {
    if (await driver.readToken())
      await coreWrite<unknown>({ method: "PATCH", path: "/v1/me", body: { locale } });
  } catch (error) {
    // The choice holds on this device even when the profile cannot be reached.
    if (!(error instanceof ApiError)) throw error;
  }
  return NextResponse.json({ status: "ok" });
});
