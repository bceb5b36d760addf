import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unguarded, unguardedUnder } from "./guard-check";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const sources = ["apps", "packages"].map((name) => path.join(root, name));

/** The line of the figure; the verdict is a function of the offences, so a planted one turns it red. */
function figure(offences: readonly string[]): string {
  return `FIGURE A-12 ${offences.length} ${offences.length === 0 ? "pass" : "fail"}`;
}

// Server actions re-check the session inside. Seen red: the second test plants a file with an unguarded action into a folder
// of its own, runs the same check over it, and the figure says fail.
describe("server actions", () => {
  it("call the guard before they call the API", () => {
    const { actions, offences } = unguardedUnder(sources);
    console.log(`\n${figure(offences)}`); // eslint-disable-line no-console -- the figure is read from stdout
    expect(offences).toEqual([]);
    expect(actions).toBeGreaterThan(0);
    // Reads every source of the workspace; a busy machine takes its time.
  }, 120_000);

  it("are found unguarded in a planted file", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "guard-"));
    try {
      writeFileSync(
        path.join(folder, "actions.ts"),
        `"use server";\nexport async function remove(id: string) { return coreWrite({ path: "/v1/x/" + id }); }\n`,
      );
      const { offences } = unguardedUnder([folder]);
      expect(offences).toHaveLength(1);
      expect(figure(offences)).toBe("FIGURE A-12 1 fail");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [
      "late guard",
      `"use server";\nexport async function a() { await coreWrite({}); await requireSession(); }`,
      1,
    ],
    ["arrow without guard", `"use server";\nexport const a = async () => coreWrite({});`, 1],
    [
      "inline action",
      `export function P() { async function go() { "use server"; await coreWrite({}); } return go; }`,
      1,
    ],
    ["re-export", `"use server";\nexport { a } from "./a";`, 1],
    [
      "guarded",
      `"use server";\nexport async function a() { return attempt(async () => { await requireSession("members.manage"); await coreWrite({}); }); }`,
      0,
    ],
    ["no action at all", `export async function a() { return coreWrite({}); }`, 0],
  ])("%s", (_, text, expected) => {
    expect(unguarded("x.ts", text).offences).toHaveLength(expected);
  });
});
