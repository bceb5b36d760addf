import { describe, expect, it } from "vitest";
import { initials, markLetter } from "./initials";

describe("letters of names", () => {
  it("come from the first and the last word", () => {
    expect(initials("Gabriela Ana Șerban")).toBe("GȘ");
    expect(initials("ana@x.ro")).toBe("A");
    expect(initials("  ")).toBe("?");
  });

  it("skip what every clinic is called", () => {
    expect(markLetter("Clinica Arin")).toBe("A");
    expect(markLetter("Centrul Vitalis")).toBe("V");
    expect(markLetter("Clinica")).toBe("C");
    expect(markLetter("")).toBe("?");
  });
});
