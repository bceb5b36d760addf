import { expect, test } from "vitest";
import { csvCell, csvOf } from "./csv";
import { addressOf, readQuery } from "./list-query";

test("a text that begins like a formula is kept from being one", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) expect(csvCell(`${start}1`)).toContain(`'${start}1`);
  expect(csvCell("Ana = Pop")).toBe("Ana = Pop");
  expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  expect(csvOf([["Ana", "+40722"]])).toBe("\uFEFFAna,'+40722\r\n");
});

test("the address keeps what is offered and drops the rest", () => {
  const query = readQuery({ search: " pop ", status: "nobody", account: "invited", sort: "-name", page: "3" });
  expect(query).toEqual({ search: "pop", status: "", account: "invited", sort: "-name", page: 3 });
  expect(addressOf(query, { page: 4 })).toBe("/patients?search=pop&account=invited&sort=-name&page=4");
  expect(addressOf(query, { search: "" })).toBe("/patients?account=invited&sort=-name");
  expect(addressOf(readQuery({}))).toBe("/patients");
});
