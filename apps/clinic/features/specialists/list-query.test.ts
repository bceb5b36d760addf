import { describe, expect, it } from "vitest";
import { isNarrowed, listHref, listParams, listQuery } from "./list-query";

const id = "01900000-0000-7000-8000-000000000001";

describe("the address of the list", () => {
  it("is read and written back", () => {
    const query = listQuery({ search: " ana ", specialty: id, active: "false", sort: "-name", page: "3" });
    expect(query).toEqual({ search: "ana", specialty: id, active: "false", sort: "-name", page: 3 });
    expect(listHref(query, { page: 3 })).toBe(
      `/specialists?search=ana&specialty=${id}&active=false&sort=-name&page=3`,
    );
    expect(isNarrowed(query)).toBe(true);
  });

  it("leaves out what it does not understand", () => {
    const query = listQuery({
      specialty: "x",
      active: "maybe",
      sort: "phone",
      page: "-1",
      search: ["a", "b"],
    });
    expect(query).toEqual({ search: "", specialty: "", active: "", sort: "name", page: 1 });
    expect(listHref(query)).toBe("/specialists");
    expect(isNarrowed(query)).toBe(false);
    expect(listParams(query, 25)).toMatchObject({ sort: "name", page: 1, page_size: 25, search: undefined });
  });

  it("goes back to the first page when something else changes", () => {
    const query = listQuery({ page: "4" });
    expect(listHref(query, { active: "true" })).toBe("/specialists?active=true");
    expect(listHref(query, {}, "/specialists/export")).toBe("/specialists/export");
  });
});
