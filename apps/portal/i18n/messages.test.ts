import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

const app = path.join(import.meta.dirname, "..");
const cli = path.join(app, "../../packages/i18n/src/check-cli.ts");

// Verifies APP-05
describe("texts of this app", () => {
  it("pass the gate that stands before every build", () => {
    const run = () =>
      execFileSync(process.execPath, [cli, app], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    expect(run).not.toThrow();
  });
});
