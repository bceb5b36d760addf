import { expect, test } from "vitest";
import { folded, matching } from "./match";

const entries = [{ label: "Echipă" }, { label: "Detaliile clinicii" }, { label: "Chei de acces API" }];

test("marks and case do not matter", () => {
  expect(folded("ȘEDINȚĂ")).toBe("sedinta");
  expect(matching(entries, "ECHIPA")).toEqual([{ label: "Echipă" }]);
});

test("every word must be there, in any order", () => {
  expect(matching(entries, "acces chei")).toEqual([{ label: "Chei de acces API" }]);
  expect(matching(entries, "chei clinicii")).toEqual([]);
});

test("an empty question keeps the order of the menu", () => {
  expect(matching(entries, "  ")).toEqual(entries);
});
