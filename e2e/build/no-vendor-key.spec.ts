import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { SignIn } from "../support/pages/sign-in";
import { people } from "../support/people";
import { clinicSite, root } from "../support/stack";
import { expect, test } from "../support/test";

/** Names under which the vendors of the plan hand their keys out. */
const vendors = /CLERK|STRIPE|TWILIO|DAILY|BUNNY|SENTRY|OPENAI|SENDGRID|POSTHOG|AWS_(ACCESS|SECRET)/i;

/** The stack and everything it started, as the kernel lists them. */
function processes(parent: number): number[] {
  const children = globSync("/proc/[0-9]*/stat").flatMap((file) => {
    try {
      const fields = readFileSync(file, "latin1").split(") ").at(-1)?.split(" ") ?? [];
      return Number(fields[1]) === parent ? [Number(file.split("/")[2])] : [];
    } catch {
      return []; // it has ended
    }
  });
  return [parent, ...children.flatMap(processes)];
}

// Verifies APP-14
test.describe("no vendor key", () => {
  test("nothing of the running platform was given one, and the built-in sign-in works", async ({ visit }) => {
    expect(existsSync("/proc/self/environ"), "this needs Linux").toBe(true);
    const all = processes(Number(process.env.E2E_STACK_PID));
    expect(all.length).toBeGreaterThan(6);
    const given = all.flatMap((pid) =>
      readFileSync(`/proc/${pid}/environ`, "utf8")
        .split("\0")
        .filter((line) => vendors.test(line.split("=")[0] ?? "")),
    );
    expect(given).toEqual([]);

    const { page } = await visit(null, clinicSite("armonia"));
    await new SignIn(page).as(people.reception());
  });

  test("the apps were built for the built-in driver: no vendor's script is in the bundles", () => {
    for (const app of ["clinic", "portal", "console"]) {
      const files = globSync("**/*.js", { cwd: path.join(root, "apps", app, ".next/static") });
      expect(files.length).toBeGreaterThan(5);
      const holding = files.filter((file) =>
        /clerk\.browser|clerk\.accounts|pk_(test|live)_/.test(
          readFileSync(path.join(root, "apps", app, ".next/static", file), "utf8"),
        ),
      );
      expect(holding, app).toEqual([]);
    }
  });
});
