import { describe, expect, it } from "vitest";
import { readTaskQuery, taskAddress, taskHref } from "./wire";

describe("where a task is done", () => {
  it("is the desk for a call, and the duplicates for two files", () => {
    expect(taskHref({ kind: "confirm_by_phone", subject_type: "appointment", subject_id: "a b" })).toBe(
      "/bookings?visit=a%20b",
    );
    expect(taskHref({ kind: "merge_patients", subject_type: "patient", subject_id: "p" })).toBe(
      "/patients/duplicates",
    );
    expect(taskHref({ kind: "pending_approval", subject_type: "patient", subject_id: "p" })).toBeNull();
  });
});

describe("the filters of the address", () => {
  it("are read and written back", () => {
    const query = readTaskQuery({ state: "closed", assignee: "me", due: "today", page: "3" });
    expect(query).toEqual({ state: "closed", assignee: "me", due: "today", page: 3 });
    expect(taskAddress(query)).toBe("/tasks?state=closed&assignee=me&due=today&page=3");
  });
  it("fall back to everything that is open", () => {
    expect(taskAddress(readTaskQuery({ state: "x", assignee: ["me"], page: "-1" }))).toBe(
      "/tasks?state=open",
    );
  });
});
