import { clinicId } from "../support/core";
import { linkIn, newestMail } from "../support/inbox";
import { people } from "../support/people";
import { ready } from "../support/ready";
import { clinicSite, consoleSite } from "../support/stack";
import { expect, test } from "../support/test";
import { words } from "../support/words";

const inConsole = words("ro", "console");
const inClinic = words("ro", "clinic");
const armonia = clinicSite("armonia");

test("the clinic is told of an emergency access, sees its reason and ends it", async ({ visit }) => {
  const reason = `Verificarea unei programări pierdute, tichet ${Date.now()}`;
  const { page: operator } = await visit(people.operator(), consoleSite());
  await operator.goto(`/organizations/${await clinicId("armonia")}`);
  await operator.getByRole("button", { name: inConsole("break_glass.open"), exact: true }).click();
  const dialog = operator.getByRole("dialog");
  await dialog.getByLabel(inConsole("break_glass.reason")).fill("prea scurt");
  await dialog.getByRole("button", { name: inConsole("break_glass.open_submit") }).click();
  await expect(dialog.getByText(inConsole("validation.codes.reason"))).toBeVisible();
  await dialog.getByLabel(inConsole("break_glass.reason")).fill(reason);
  await dialog.getByRole("button", { name: inConsole("break_glass.open_submit") }).click();
  await expect(operator.getByText(reason)).toBeVisible();

  const mail = await newestMail(people.admin().email);
  expect(mail.text).toContain(reason);
  const { page } = await visit(people.admin(), armonia);
  await page.goto(linkIn(mail, "/settings/break-glass"));
  const row = page.getByRole("row").filter({ hasText: reason });
  await expect(row).toContainText(people.operator().name);
  await ready(page);
  await row.getByRole("button", { name: inClinic("break_glass.end") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: inClinic("break_glass.end") })
    .click();
  await expect(page.getByRole("dialog")).toHaveCount(0); // until then the row's own button is out of reach
  await expect(row.getByRole("button", { name: inClinic("break_glass.end") })).toHaveCount(0);

  await operator.reload();
  await expect(
    operator.getByRole("button", { name: inConsole("break_glass.open"), exact: true }),
  ).toBeVisible();
});
