import type { App } from "@workspace/api-client/core-fetch";

/** Which of the three apps this build is; set in next.config.ts, so it is a constant of the bundle. */
export function appName(): App {
  const name = process.env.APP_NAME;
  if (name === "clinic" || name === "portal" || name === "console") return name;
  throw new Error("APP_NAME must be clinic, portal or console");
}
