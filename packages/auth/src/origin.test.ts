import { describe, expect, it } from "vitest";
import { sameOrigin } from "./origin";

const check = (headers: Record<string, string>) => sameOrigin(new Headers(headers));

describe("origin of changing requests", () => {
  it("is this host", () => {
    expect(check({ host: "arin.clinic.localhost:9100", origin: "http://arin.clinic.localhost:9100" })).toBe(
      true,
    );
    expect(check({ host: "arin.clinic.localhost:9100", "sec-fetch-site": "same-origin" })).toBe(true);
  });

  it.each([
    { host: "arin.clinic.localhost:9100", origin: "http://nord.clinic.localhost:9100" },
    { host: "arin.clinic.localhost:9100", origin: "null" },
    { host: "arin.clinic.localhost:9100" },
    { host: "arin.clinic.localhost:9100", "sec-fetch-site": "same-site" },
    { origin: "http://arin.clinic.localhost:9100" },
  ])("is refused for %j", (headers: Record<string, string>) => {
    expect(check(headers)).toBe(false);
  });
});
