/**
 * The environment of the three apps; nothing else reads process.env.
 * Every value has a development default, so that an app starts without any configuration.
 */
function read(name: string, fallback: string): string {
  const value = process.env[name];
  return value === undefined || value === "" ? fallback : value;
}

export interface PlatformEnv {
  /** Core API origin, reached on loopback or a private network. */
  coreApiUrl: string;
  clinicDomain: string;
  portalDomain: string;
  /** Signs the visitor's client id; empty means a key of this process. */
  clientIdKey: string;
  development: boolean;
}

export function platformEnv(): PlatformEnv {
  return {
    coreApiUrl: read("CORE_API_URL", "http://127.0.0.1:9000").replace(/\/+$/, ""),
    clinicDomain: read("CLINIC_DOMAIN", "clinic.localhost:9100"),
    portalDomain: read("PORTAL_DOMAIN", "portal.localhost:9200"),
    clientIdKey: read("CLIENT_ID_KEY", ""),
    development: process.env.NODE_ENV === "development",
  };
}

/** The scheme of a public address: plain http only for names that never leave this machine. */
export function schemeOf(host: string): "http" | "https" {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name.endsWith(".localhost") || name === "127.0.0.1" ? "http" : "https";
}
