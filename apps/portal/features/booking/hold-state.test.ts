import { describe, expect, it } from "vitest";
import { failedHeartbeat, ownStart, refusedHold } from "./hold-state";

describe("a refused hold", () => {
  it("loses the time only when it is gone", () => {
    expect(refusedHold("slot_taken")).toBe("taken");
    expect(refusedHold("slot_not_offered")).toBe("taken");
    for (const code of ["holds_unavailable", "hold_quota", "rate_limited", "network_unavailable"])
      expect(refusedHold(code)).toBe("unheld");
  });
});

describe("a heartbeat that failed", () => {
  it("ends the hold when the server says so, and is tried again otherwise", () => {
    expect([410, 404, 403].map(failedHeartbeat)).toEqual(["expired", "expired", "expired"]);
    expect([0, 429, 500, 503].map(failedHeartbeat)).toEqual(["retry", "retry", "retry", "retry"]);
  });
});

describe("the visitor's own start", () => {
  it("is the one being taken or kept", () => {
    expect(ownStart({ kind: "taking", start: "a" })).toBe("a");
    expect(ownStart({ kind: "unheld", start: "a", end: "b" })).toBe("a");
    expect(ownStart({ kind: "lost", start: "a", reason: "expired" })).toBeNull();
    expect(ownStart({ kind: "none" })).toBeNull();
  });
});
