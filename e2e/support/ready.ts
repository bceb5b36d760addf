import type { Page } from "@playwright/test";

/**
 * Waits until React runs on the page. Before that a form takes letters that the first render then mixes up with its own, which
 * a person on this machine is too slow to do.
 */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const live = (element: Element) => Object.keys(element).some((key) => key.startsWith("__reactProps"));
    const forms = [...document.querySelectorAll("main form, form")];
    return forms.length > 0
      ? forms.every(live)
      : [...document.querySelectorAll("main, nav a, button")].some(live);
  });
}
