/** What the list of specialists shows; it stands in the address. */
export interface ListQuery {
  search: string;
  specialty: string;
  active: "" | "true" | "false";
  sort: Sort;
  page: number;
}

export const sorts = ["name", "-name", "-created_at", "created_at"] as const;
export type Sort = (typeof sorts)[number];

type Search = Record<string, string | string[] | undefined>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the address; what is not understood is left out, so that an old link still opens. */
export function listQuery(search: Search): ListQuery {
  const one = (name: string) => {
    const value = search[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const [specialty, active, page] = [one("specialty"), one("active"), one("page")];
  return {
    search: one("search").slice(0, 200),
    specialty: uuid.test(specialty) ? specialty : "",
    active: active === "true" || active === "false" ? active : "",
    sort: sorts.find((each) => each === one("sort")) ?? "name",
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** The same as an address, without what is usual; `path` ends the list or its file. */
export function listHref(query: ListQuery, change: Partial<ListQuery> = {}, path = "/specialists"): string {
  const next = { ...query, page: 1, ...change };
  const out = new URLSearchParams();
  if (next.search) out.set("search", next.search);
  if (next.specialty) out.set("specialty", next.specialty);
  if (next.active) out.set("active", next.active);
  if (next.sort !== "name") out.set("sort", next.sort);
  if (next.page > 1) out.set("page", String(next.page));
  const text = out.toString();
  return text ? `${path}?${text}` : path;
}

/** The query of the API. */
export function listParams(query: ListQuery, size: number): Record<string, string | number | undefined> {
  return {
    search: query.search || undefined,
    specialty_id: query.specialty || undefined,
    scheduling_active: query.active || undefined,
    sort: query.sort,
    page: query.page,
    page_size: size,
  };
}

/** True when something narrows the list. */
export const isNarrowed = ({ search, specialty, active }: ListQuery) =>
  Boolean(search || specialty || active);
