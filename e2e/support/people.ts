import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { read } from "./shape";
import { dataFolder } from "./stack";

export interface Account {
  role: string;
  name: string;
  email: string;
  password: string;
  /** Base32 secret of the code app; absent without one. */
  totp?: string | undefined;
}

function demo(): Account[] {
  const rows = read.list(JSON.parse(readFileSync(path.join(dataFolder, "demo.json"), "utf8")));
  return rows.map((row) => ({
    role: read.text(row, "role"),
    name: read.text(row, "name"),
    email: read.text(row, "email"),
    password: read.text(row, "password"),
    totp: read.optional(row, "totp"),
  }));
}

function one(role: string): Account {
  const found = demo().find((account) => account.role === role);
  if (!found) throw new Error(`There is no demo account with the role ${role}.`);
  return found;
}

/** The demo accounts of the seed. The administrator works in both clinics, the others in armonia. */
export const people = {
  operator: () => one("superadmin"),
  admin: () => one("admin"),
  specialist: () => one("specialist"),
  reception: () => one("customer_support"),
  patient: () => one("patient"),
};

/** An account that does not exist yet. Names carry a random part, so that a run never meets its own past. */
export function newcomer(role: string, name: string): Account {
  const tail = randomBytes(4).toString("hex");
  return {
    role,
    name: `${name} ${tail}`,
    email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}.${tail}@e2e.test`,
    password: `parola-${randomBytes(9).toString("base64url")}`,
  };
}
