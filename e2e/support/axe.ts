import axe from "axe-core";
import type { Page } from "@playwright/test";

export interface Finding {
  rule: string;
  impact: string;
  target: string;
}

/**
 * Serious and critical findings of axe on the page as it stands. The script goes in through the debugger, because the pages'
 * own policy rightly keeps foreign scripts out.
 * `only` narrows to some rules, for a second look at the same page in the other theme.
 */
export async function seriousFindings(page: Page, only?: readonly string[]): Promise<Finding[]> {
  await page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (animation.effect?.getTiming().iterations !== Infinity) animation.finish();
  });
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const runner = Reflect.get(window, "axe") as typeof axe;
    const { violations } = await runner.run(document, {
      resultTypes: ["violations"],
      ...(rules ? { runOnly: { type: "rule" as const, values: [...rules] } } : {}),
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, impact, nodes }) =>
        nodes.map((node) => ({ rule: id, impact: String(impact), target: node.target.join(" ") })),
      );
  }, only);
}

/** What a theme can break. */
export const colourRules = ["color-contrast", "link-in-text-block"];

/** Draws the page in the other theme, as the person's choice does. */
export async function wearTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.evaluate((dark) => document.documentElement.classList.toggle("dark", dark), theme === "dark");
}
