import "server-only";
import { platformEnv } from "@workspace/org/env";

export interface Platform {
  issuer: string | null;
  version: string | null;
}

async function field(path: string, name: string): Promise<string | null> {
  try {
    const response = await fetch(`${platformEnv().coreApiUrl}${path}`, { cache: "no-store" });
    const body: unknown = await response.json();
    const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** What the running API says about itself; null where it does not answer. */
export async function readPlatform(): Promise<Platform> {
  const [issuer, version] = await Promise.all([
    field("/.well-known/openid-configuration", "issuer"),
    field("/health", "version"),
  ]);
  return { issuer, version };
}
