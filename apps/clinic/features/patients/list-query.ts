/** The list's state as it stands in the address. */
export interface PatientQuery {
  search: string;
  status: string;
  account: string;
  sort: string;
  page: number;
}

const sorts = ["name", "-name", "-created_at", "created_at", "file_number"];
const states = ["active", "archived"];
const accounts = ["none", "invited", "active"];

type Raw = Record<string, string | string[] | undefined>;

const word = (raw: Raw, name: string) => {
  const value = raw[name];
  return typeof value === "string" ? value : "";
};
const oneOf = (value: string, allowed: string[], otherwise: string) =>
  allowed.includes(value) ? value : otherwise;

/** Reads the address; what nobody offers is left out. */
export function readQuery(raw: Raw): PatientQuery {
  const page = word(raw, "page");
  return {
    search: word(raw, "search").trim().slice(0, 200),
    status: oneOf(word(raw, "status"), states, ""),
    account: oneOf(word(raw, "account"), accounts, ""),
    sort: oneOf(word(raw, "sort"), sorts, "name"),
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** The address of the list with some of its state changed; every change but of the page begins at the first page. */
export function addressOf(query: PatientQuery, change: Partial<PatientQuery> = {}): string {
  const next = { ...query, page: 1, ...change };
  const out = new URLSearchParams();
  if (next.search) out.set("search", next.search);
  if (next.status) out.set("status", next.status);
  if (next.account) out.set("account", next.account);
  if (next.sort !== "name") out.set("sort", next.sort);
  if (next.page > 1) out.set("page", String(next.page));
  const text = out.toString();
  return text === "" ? "/patients" : `/patients?${text}`;
}

/** What the API is asked; one letter is too little to search by. */
export function apiQuery(query: PatientQuery): Record<string, string | number> {
  return {
    ...(query.search.length >= 2 ? { search: query.search } : {}),
    ...(query.status ? { status: query.status } : {}),
    ...(query.account ? { account_state: query.account } : {}),
    sort: query.sort,
  };
}
