import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { login } from "./login";
import type { Account } from "./people";
import type { Site } from "./stack";

export { expect } from "@playwright/test";

/** What pages did that no page may do: thrown errors, refused scripts, broken hydration. */
const forbidden = /Content Security Policy|Hydration|hydrat|Uncaught|Minified React error/i;

export interface Visit {
  page: Page;
  context: BrowserContext;
}

interface Fixtures {
  /** A new browser profile on the site, signed in as the account (null: nobody). It is closed after the test. */
  visit: (account: Account | null, site: Site, options?: BrowserContextOptions) => Promise<Visit>;
  /** Faults that pages reported; a test that provokes one empties the list. Whatever is left fails the test. */
  faults: string[];
}

export function listen(page: Page, faults: string[]): void {
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && forbidden.test(message.text()))
      faults.push(`${page.url()}: ${message.text()}`);
  });
}

export const test = base.extend<Fixtures>({
  faults: [
    async ({}, use) => {
      const faults: string[] = [];
      await use(faults);
      if (faults.length > 0) throw new Error(`The pages reported faults:\n${faults.join("\n")}`);
    },
    { auto: true },
  ],
  visit: async ({ browser, faults }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (account, site, options = {}) => {
      const context = await browser.newContext({
        baseURL: site.origin,
        ...(account ? { storageState: await login(account, site) } : {}),
        ...options,
      });
      contexts.push(context);
      context.on("page", (page) => listen(page, faults));
      return { page: await context.newPage(), context };
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
