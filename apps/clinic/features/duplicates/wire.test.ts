import { describe, expect, it } from "vitest";
import { movedKind, suggestedKeep, undoable, type PatientBrief } from "./wire";

const brief = (id: string, account_state: PatientBrief["account_state"]): PatientBrief => ({
  id,
  account_state,
  first_name: "Ana",
  last_name: "Pop",
  email: null,
  phone: null,
  birth_date: null,
  file_number: "1",
  created_at: "2026-01-01T00:00:00Z",
});

describe("what is kept and what moves", () => {
  it("keeps the record with the account, else the older one", () => {
    expect(suggestedKeep({ first: brief("a", "none"), second: brief("b", "active") })).toBe("b");
    expect(suggestedKeep({ first: brief("a", "invited"), second: brief("b", "none") })).toBe("a");
    expect(suggestedKeep({ first: brief("a", "active"), second: brief("b", "active") })).toBe("a");
  });
  it("names the tables it knows", () => {
    expect(movedKind("guest_contacts.converted_patient_id")).toBe("guests");
    expect(movedKind("table_of_tomorrow")).toBe("other");
  });
  it("offers to undo until the end of the seventh day", () => {
    const merge = { undo_until: "2026-05-08T10:00:00Z", undone_at: null };
    expect(undoable([merge], Date.parse("2026-05-08T09:59:59Z"))).toHaveLength(1);
    expect(undoable([merge], Date.parse("2026-05-08T10:00:00Z"))).toHaveLength(0);
    expect(undoable([{ ...merge, undone_at: "2026-05-02T10:00:00Z" }], 0)).toHaveLength(0);
  });
});
