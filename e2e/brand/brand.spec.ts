import { contrast, oklchToRgb, parseHex, rgbToOklch } from "../../packages/ui/src/lib/colour";
import { adminOf, clinicId } from "../support/core";
import { NameServer } from "../support/dns";
import { people } from "../support/people";
import { ready } from "../support/ready";
import { read } from "../support/shape";
import { clinicSite, portalSite, ports } from "../support/stack";
import { expect, test } from "../support/test";
import { ask } from "../support/wire";
import { words } from "../support/words";

const nord = clinicSite("nord");
const t = words("ro");

/** A blue whose contrast with the paper of a button's text is 3.9: too light for the text of a button. */
const tooLight = "#5581ba";
/** The light end of the ladder, which the text of a main button is drawn in. */
const paper = oklchToRgb({ l: 0.99, c: 0, h: 0 });
/** What the clinic changes it to. */
const chosen = "#7a2f6b";

/** The hue that a page's first bytes set for the brand; null without one. */
function brandHue(html: string): number | null {
  const found = /--brand-h:\s*([\d.]+)/.exec(html.slice(0, 2000));
  return found ? Number(found[1]) : null;
}

const hueOf = (hex: string) => Math.round(rgbToOklch(parseHex(hex) ?? [0, 0, 0]).h * 1000) / 1000;

async function colourOfClinic(): Promise<string> {
  const admin = await adminOf("nord");
  const clinic = read.record(await admin.data("GET", `/v1/organizations/${await clinicId("nord")}`));
  return String(clinic.color_primary ?? read.record(clinic.branding ?? {}).color_primary);
}

// Verifies APP-09
test.describe("the clinic's colours", () => {
  test("a colour with contrast 3.9 is refused on the page and at the API", async ({ visit }) => {
    expect(contrast(parseHex(tooLight) ?? [0, 0, 0], paper)).toBeCloseTo(3.9, 1);
    const before = await colourOfClinic();
    const { page } = await visit(people.admin(), nord);
    await page.goto("/settings/branding");
    await ready(page);
    const field = page.getByLabel(t("settings.field.color_primary"), { exact: true });
    await field.fill(tooLight);
    await expect(page.getByRole("status").filter({ hasText: "3,9" })).toBeVisible();

    await page.getByRole("button", { name: t("common.save"), exact: true }).click();

    await expect(page.getByText(t("common.saved"), { exact: true })).toHaveCount(0);
    await expect(field).toHaveValue(tooLight);
    const admin = await adminOf("nord");
    const path = `/v1/organizations/${await clinicId("nord")}`;
    const answer = await admin.call(
      "PATCH",
      path,
      { color_primary: tooLight },
      {
        "if-match": (await admin.call("GET", path)).headers.get("etag") ?? "",
        "content-type": "application/merge-patch+json",
      },
    );
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await answer.json())).toContain("contrast_too_low");
    expect(await colourOfClinic()).toBe(before);
  });

  test("the offered colour passes, and every host has the brand in its first bytes", async ({ visit }) => {
    const { page } = await visit(people.admin(), nord);
    await page.goto("/settings/branding");
    await ready(page);
    const field = page.getByLabel(t("settings.field.color_primary"), { exact: true });
    await field.fill(tooLight);
    await page
      .getByRole("button", { name: /#[0-9A-F]{6}/ })
      .first()
      .click();
    expect(contrast(parseHex(await field.inputValue()) ?? [1, 1, 1], [1, 1, 1])).toBeGreaterThanOrEqual(4.5);
    await field.fill(chosen);
    await page.getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(page.getByText(t("common.saved"), { exact: true })).toBeVisible();

    const armonia = await ask(ports.clinic, { path: "/sign-in", host: clinicSite("armonia").host });
    expect(brandHue(armonia.text)).not.toBe(hueOf(chosen));
    for (const [port, host, path] of [
      [ports.clinic, nord.host, "/sign-in"],
      [ports.portal, portalSite("nord").host, "/"],
    ] as const) {
      const answer = await ask(port, { path, host });
      expect(brandHue(answer.text), host).toBeCloseTo(hueOf(chosen), 1);
    }
  });

  test("a custom domain proved by its TXT record has the brand in its first bytes", async ({ visit }) => {
    const names = new NameServer();
    await names.start();
    const domain = "portal.clinica-nord.test";
    const path = `/v1/organizations/${await clinicId("nord")}/domains`;
    const admin = await adminOf("nord");
    const added = read.record(await admin.data("POST", path, { domain, app: "portal" }));
    expect((await ask(ports.portal, { path: "/", host: domain })).status).toBe(404);
    names.publish(read.text(added, "txt_name"), read.text(added, "txt_value"));
    const { page } = await visit(people.admin(), nord);
    await page.goto("/settings/domains");
    const card = page.locator('[data-slot="card"]').filter({ hasText: domain });

    await card.getByRole("button", { name: t("domains.verify") }).click();

    await expect(card.getByText(t("domains.status.verified"), { exact: true })).toBeVisible();
    await names.stop();
    const answer = await ask(ports.portal, { path: "/", host: domain });
    expect(answer.status).toBe(200);
    expect(brandHue(answer.text)).toBe(
      brandHue((await ask(ports.portal, { path: "/", host: portalSite("nord").host })).text),
    );
    expect(answer.text).toContain("Centrul Nord");
    await admin.data("DELETE", `${path}/${read.text(added, "id")}`);
  });
});
