import { expect, type Page } from "@playwright/test";

/** What has the focus: its role in short, its name, and whether a ring is drawn around it or its frame. */
async function focused(page: Page): Promise<{ name: string; ring: boolean }> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement)) return { name: "", ring: false };
    const ringed = [at, at.parentElement].some((element) => {
      const style = element ? getComputedStyle(element) : null;
      return style !== null && (style.outlineStyle !== "none" || style.boxShadow !== "none");
    });
    const name = at.getAttribute("aria-label") ?? at.getAttribute("name") ?? at.textContent ?? "";
    return { name: name.trim(), ring: ringed };
  });
}

/** Presses Tab, or Shift+Tab, until something of that name has the focus, which must be seen. */
export async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (name.test(at.name)) {
      expect(at.ring, `the focus on ${at.name} is seen`).toBe(true);
      return;
    }
    passed.push(at.name);
  }
  throw new Error(`Tab does not reach ${String(name)}; it passed ${passed.join(" | ")}`);
}
