import { describe, expect, it, vi } from "vitest";
import { newClientId, validClientId } from "./client-id";

describe("client id", () => {
  it("is believed only with our signature", () => {
    const value = newClientId("key");
    expect(validClientId(value, "key")).toBe(value);
    expect(validClientId(value, "other")).toBeNull();
    expect(
      validClientId(
        value.replace(/^./, (c) => (c === "a" ? "b" : "a")),
        "key",
      ),
    ).toBeNull();
    expect(validClientId("x", "key")).toBeNull();
    expect(validClientId(undefined, "key")).toBeNull();
  });

  it("made by the proxy is believed by the routes, though each is a bundle of its own", async () => {
    const value = newClientId("");
    vi.resetModules();
    const other = await import("./client-id");
    expect(other.validClientId(value, "")).toBe(value);
  });
});
