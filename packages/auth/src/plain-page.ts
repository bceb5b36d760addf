import { NextResponse, type NextRequest } from "next/server";
import en from "@workspace/i18n/messages/en";
import ro from "@workspace/i18n/messages/ro";
import { chooseLocale, localeCookie } from "@workspace/i18n/locales";

const style = `
:root{color-scheme:light dark;--bg:oklch(.985 .003 85);--fg:oklch(.22 .01 60);--muted:oklch(.5 .01 70);--link:oklch(.42 .068 200)}
@media (prefers-color-scheme:dark){:root{--bg:oklch(.192 .006 75);--fg:oklch(.945 .005 85);--muted:oklch(.755 .008 80);--link:oklch(.82 .068 200)}}
body{margin:0;min-height:100dvh;display:grid;place-items:center;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:440px;padding:24px}h1{font-size:28px;line-height:1.2;letter-spacing:-.02em;margin:0 0 12px;text-wrap:balance}p{margin:0 0 16px;color:var(--muted)}a{color:var(--link)}`;

/** A page without any brand and without cookies, for a host that no clinic answers on or while the API is away. */
export function plainPage(
  kind: "unknown" | "unavailable",
  request: NextRequest,
  nonce: string,
): NextResponse {
  const locale = chooseLocale({
    cookie: request.cookies.get(localeCookie)?.value,
    acceptLanguage: request.headers.get("accept-language"),
  });
  const texts = (locale === "ro" ? ro : en).states;
  const [title, text] =
    kind === "unknown"
      ? [texts.unknown_host_title, texts.unknown_host_text]
      : [texts.unavailable_title, texts.unavailable_text];
  const again = kind === "unavailable" ? `<p><a href="">${texts.retry}</a></p>` : "";
  const html = `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title><style nonce="${nonce}">${style}</style></head><body><main id="main"><h1>${title}</h1><p>${text}</p>${again}</main></body></html>`;
  return new NextResponse(html, {
    status: kind === "unknown" ? 404 : 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      ...(kind === "unavailable" ? { "retry-after": "30" } : {}),
    },
  });
}
