import path from "node:path";
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const root = path.join(import.meta.dirname, "../..");

/** The way of signing in is chosen here, at build time, so that nobody downloads the code of another. */
const driver = process.env.AUTH_DRIVER || "builtin";
if (!["builtin", "clerk", "oidc"].includes(driver))
  throw new Error(`AUTH_DRIVER is "${driver}", want builtin, clerk or oidc`);
const parts = ["server", "proxy", "route", "forms", "provider"];
const aliases = Object.fromEntries(
  parts.map((part) => [`@workspace/auth/driver/${part}`, `@workspace/auth/${driver}/${part}`]),
);

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: root,
  turbopack: { root, resolveAlias: driver === "builtin" ? {} : aliases },
  transpilePackages: [
    "@workspace/api-client",
    "@workspace/auth",
    "@workspace/i18n",
    "@workspace/org",
    "@workspace/shell",
    "@workspace/ui",
  ],
  env: { APP_NAME: "portal" },
  experimental: { authInterrupts: true },
  // `pnpm typecheck` checks the types; a build would do it a second time, and take longer by a third or more.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  allowedDevOrigins: ["*.clinic.localhost", "*.portal.localhost"],
};

export default createNextIntlPlugin("./i18n/request.ts")(config);
