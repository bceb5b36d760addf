import { describe, expect, it } from "vitest";
import { csvText } from "./csv";

describe("a list as a file", () => {
  it("quotes what needs it and keeps the letters", () => {
    expect(
      csvText([
        ["Nume", "Titlu"],
        ["Ștefan, jr.", 'zis "Fane"'],
      ]),
    ).toBe('\uFEFFNume,Titlu\r\n"Ștefan, jr.","zis ""Fane"""\r\n');
  });

  it("never starts a cell as a formula", () => {
    for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
      const text = csvText([[`${start}1`]]);
      expect(text.replace(/["\uFEFF]/g, "").startsWith("'")).toBe(true);
    }
  });
});
