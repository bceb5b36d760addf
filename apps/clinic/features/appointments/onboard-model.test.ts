import { describe, expect, it } from "vitest";
import { chosenPatient, firstChoice, mayCreate, newPatientOf, onboardInput } from "./onboard-model";
import type { Candidate } from "./wire";

const id = "0192f000-0000-7000-8000-00000000000";
const candidate = (n: number, score: number, email: string | null = null): Candidate => ({
  patient_id: `${id}${n}`,
  score,
  first_name: "Lia-Ioana",
  last_name: "Georgescu",
  email,
  phone: "+40745118902",
  file_number: "A-0142",
});
const fresh = { first_name: "Lia", last_name: "Georgescu", phone: "0745118902", email: "lia@exemplu.ro" };

describe("the first choice", () => {
  it("is the most likely file, or a new one when nobody is like the guest", () => {
    expect(firstChoice([candidate(1, 61), candidate(2, 94)])).toEqual({ kind: "existing", id: `${id}2` });
    expect(firstChoice([candidate(1, 40)])).toEqual({ kind: "new" });
    expect(firstChoice([])).toEqual({ kind: "new" });
  });
});

describe("the take-over", () => {
  it("names a file and acknowledges nothing", () => {
    const input = onboardInput({ kind: "existing", id: `${id}1` }, fresh, [candidate(1, 94, "a@b.ro")], {
      acknowledged: false,
      invite: true,
    });
    expect(input).toEqual({ patient_id: `${id}1`, acknowledge_duplicates: [], send_invite: true });
  });

  it("makes a patient only after the likely ones were looked at, and names them", () => {
    const answers = { acknowledged: false, invite: true };
    expect(onboardInput({ kind: "new" }, fresh, [candidate(1, 94)], answers)).toBeNull();
    expect(
      onboardInput({ kind: "new" }, fresh, [candidate(1, 94)], { ...answers, acknowledged: true }),
    ).toEqual({
      new_patient: fresh,
      acknowledge_duplicates: [`${id}1`],
      send_invite: true,
    });
    expect(mayCreate([], false)).toBe(true);
  });

  it("invites nobody without an address and waits for a whole form", () => {
    const answers = { acknowledged: false, invite: true };
    expect(onboardInput({ kind: "new" }, { ...fresh, email: "" }, [], answers)?.send_invite).toBe(false);
    expect(
      onboardInput({ kind: "existing", id: `${id}1` }, fresh, [candidate(1, 94)], answers)?.send_invite,
    ).toBe(false);
    expect(onboardInput({ kind: "new" }, { ...fresh, last_name: " " }, [], answers)).toBeNull();
  });
});

describe("the form of a new patient", () => {
  it("starts with what the guest gave", () => {
    expect(newPatientOf({ contact: { name: "Ana Maria Pop", phone: "+40722310450", email: null } })).toEqual({
      first_name: "Ana Maria",
      last_name: "Pop",
      phone: "+40722310450",
      email: "",
    });
  });
});

describe("the chosen file", () => {
  it("comes from the candidates or from a search", () => {
    const found = [{ ...candidate(3, 0), id: `${id}3` }];
    expect(chosenPatient({ kind: "existing", id: `${id}1` }, [candidate(1, 94)], found)?.id).toBe(`${id}1`);
    expect(chosenPatient({ kind: "existing", id: `${id}3` }, [], found)?.id).toBe(`${id}3`);
    expect(chosenPatient({ kind: "new" }, [candidate(1, 94)], found)).toBeNull();
  });
});
