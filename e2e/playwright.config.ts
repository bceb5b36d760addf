import { createRequire } from "node:module";
import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./support/chromium";

// Node's resolver does not know *.localhost on every system; browsers do.
createRequire(import.meta.url)("../scripts/localhost-dns.cjs");

const traced = process.env.E2E_TRACE === "1";

/** One browser, one worker: the journeys share one platform, and two cores have no room for more. */
export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "results/output",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["junit", { outputFile: "results/junit.xml" }]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP *.test 127.0.0.1",
      ],
    },
    locale: "ro-RO",
    timezoneId: "Europe/Bucharest",
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    trace: traced ? "retain-on-failure" : "off",
  },
});
