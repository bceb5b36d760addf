import { describe, expect, it } from "vitest";
import { afterFrame, heldOf } from "./use-holds";

const data = {
  specialist_id: "s1",
  start: "2026-02-03T12:30:00Z",
  end: "2026-02-03T13:00:00Z",
  until: "2026-02-03T11:22:00Z",
};

describe("times held on the booking page", () => {
  it("come, are renewed and go", () => {
    const once = afterFrame([], { type: "slot.held", data });
    expect(once).toHaveLength(1);
    const renewed = afterFrame(once, {
      type: "slot.held",
      data: { ...data, start: "2026-02-03T12:30:00.000Z", until: "2026-02-03T11:23:00Z" },
    });
    expect(renewed.map(({ until }) => until)).toEqual([Date.parse("2026-02-03T11:23:00Z")]);
    expect(afterFrame(renewed, { type: "slot.released", data })).toEqual([]);
    expect(afterFrame(renewed, { type: "slot.booked", data })).toEqual([]);
    expect(afterFrame(renewed, { type: "slot.held", data: { ...data, specialist_id: "s2" } })).toHaveLength(
      2,
    );
  });

  it("are forgotten by a resync and untouched by a frame without members", () => {
    const once = afterFrame([], { type: "slot.held", data });
    expect(afterFrame(once, { type: "resync", data: null })).toEqual([]);
    expect(afterFrame(once, { type: "slot.held", data: { specialist_id: 3 } })).toEqual(once);
    expect(heldOf(null)).toBeNull();
  });
});
