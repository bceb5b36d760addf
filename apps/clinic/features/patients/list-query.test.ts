import { expect, test } from "vitest";
import { addressOf, readQuery } from "./list-query";

test("the address keeps what is offered and drops the rest", () => {
  const query = readQuery({
    search: " pop ",
    status: "nobody",
    account: "invited",
    sort: "-name",
    page: "3",
  });
  expect(query).toEqual({ search: "pop", status: "", account: "invited", sort: "-name", page: 3 });
  expect(addressOf(query, { page: 4 })).toBe("/patients?search=pop&account=invited&sort=-name&page=4");
  expect(addressOf(query, { search: "" })).toBe("/patients?account=invited&sort=-name");
  expect(addressOf(readQuery({}))).toBe("/patients");
});
