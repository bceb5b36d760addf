import { describe, expect, it } from "vitest";
import { taskHref } from "./wire";

describe("where a task is done", () => {
  it("is the desk for a call, and nowhere for two files", () => {
    expect(taskHref({ kind: "confirm_by_phone", subject_type: "appointment", subject_id: "a b" })).toBe(
      "/bookings?visit=a%20b",
    );
    expect(taskHref({ kind: "merge_patients", subject_type: "patient", subject_id: "p" })).toBeNull();
  });
});
