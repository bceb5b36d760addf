import type { Page } from "@playwright/test";

export interface Seen {
  url: string;
  host: string;
  status: number;
  body: string;
}

/**
 * Keeps every answer that the page receives: documents, server components, prefetches, data. settle() waits for the bodies
 * that are still on their way.
 */
export class Bodies {
  readonly all: Seen[] = [];
  private readonly open = new Set<Promise<void>>();

  constructor(page: Page) {
    page.on("response", (response) => {
      const reading = response
        .body()
        .catch(() => Buffer.alloc(0)) // a redirect or an answer that navigation cut off
        .then((body) => {
          const url = new URL(response.url());
          this.all.push({
            url: url.href,
            host: url.host,
            status: response.status(),
            body: body.toString("utf8"),
          });
        });
      this.open.add(reading);
      void reading.finally(() => this.open.delete(reading));
    });
  }

  async settle(): Promise<Seen[]> {
    while (this.open.size > 0) await Promise.all(this.open);
    return this.all;
  }

  /** The addresses whose answers hold the text. */
  async holding(text: string, host?: string): Promise<string[]> {
    return (await this.settle())
      .filter((seen) => (host === undefined || seen.host === host) && seen.body.includes(text))
      .map(({ url }) => url);
  }
}
