import { describe, expect, it } from "vitest";
import { contactBody, contactFieldOf, contactProblems, emptyContact, phoneProblem } from "./contact";

describe("a phone number", () => {
  it("passes as it is usually written", () => {
    for (const phone of ["0722 310 450", "0722310450", "+40 722 310 450", "0040722310450", "(021) 310-45-00"])
      expect(phoneProblem(phone), phone).toBeNull();
    expect(phoneProblem("+44 7700 900118")).toBeNull();
  });

  it("says how many digits are missing or too many", () => {
    expect(phoneProblem("0722 310 45")).toEqual({ code: "digits_missing", count: 1 });
    expect(phoneProblem("0722 310 4501")).toEqual({ code: "digits_over", count: 1 });
  });

  it("is refused when it is none", () => {
    expect(phoneProblem(" ")).toEqual({ code: "required" });
    for (const phone of ["none", "722310450", "+40", "0722a10450"])
      expect(phoneProblem(phone)?.code).toBe("phone");
  });
});

describe("the contact form", () => {
  const whole = { ...emptyContact, firstName: "Adrian", lastName: "Matei", phone: "0722310450" };

  it("asks for names and phone, not for e-mail", () => {
    expect(contactProblems(whole)).toEqual({});
    expect(Object.keys(contactProblems(emptyContact))).toEqual(["firstName", "lastName", "phone"]);
    expect(contactProblems({ ...whole, email: "adrian@" })).toEqual({ email: { code: "email" } });
    expect(contactProblems({ ...whole, note: "x".repeat(1001) })).toEqual({ note: { code: "too_long" } });
  });

  it("leaves an empty e-mail out and trims the rest", () => {
    expect(contactBody({ ...whole, firstName: " Adrian " }, "ro")).toEqual({
      first_name: "Adrian",
      last_name: "Matei",
      phone: "0722310450",
      locale: "ro",
    });
    expect(contactBody({ ...whole, email: "a@b.ro" }, "en")).toMatchObject({ email: "a@b.ro", locale: "en" });
  });

  it("finds the field that the API refused", () => {
    expect(contactFieldOf("body.contact.phone")).toBe("phone");
    expect(contactFieldOf("body.note")).toBe("note");
    expect(contactFieldOf("body.slot.start")).toBeNull();
  });
});
