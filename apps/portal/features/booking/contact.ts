/** What a guest types. It lives in memory only: a shared phone keeps nothing of it. */
export interface Contact {
  firstName: string;
  lastName: string;
  phone: string;
  email: string;
  note: string;
}

export const emptyContact: Contact = { firstName: "", lastName: "", phone: "", email: "", note: "" };
export type ContactField = keyof Contact;

/** Why a field is refused; `count` says how many digits are missing or too many. */
export interface ContactProblem {
  code: "required" | "digits_missing" | "digits_over" | "phone" | "email" | "too_long";
  count?: number;
}

const lengths: Record<ContactField, number> = {
  firstName: 100,
  lastName: 100,
  phone: 30,
  email: 254,
  note: 1000,
};

/** A Romanian number has ten digits from 0; a number with + or 00 is another country's and is checked by its length alone. */
export function phoneProblem(raw: string): ContactProblem | null {
  const text = raw.trim();
  if (text === "") return { code: "required" };
  if (!/^[+(\d][\d\s().\-/]*$/.test(text)) return { code: "phone" };
  const digits = text.replace(/\D/g, "");
  const foreign = text.startsWith("+") ? digits : digits.startsWith("00") ? digits.slice(2) : null;
  if (foreign !== null) return foreign.length >= 8 && foreign.length <= 15 ? null : { code: "phone" };
  if (!digits.startsWith("0")) return { code: "phone" };
  if (digits.length < 10) return { code: "digits_missing", count: 10 - digits.length };
  return digits.length > 10 ? { code: "digits_over", count: digits.length - 10 } : null;
}

/** The first thing wrong with one field; null when it may be sent. */
export function fieldProblem(field: ContactField, contact: Contact): ContactProblem | null {
  const value = contact[field].trim();
  if (value.length > lengths[field]) return { code: "too_long" };
  if (field === "phone") return phoneProblem(value);
  if (field === "email")
    return value === "" || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value) ? null : { code: "email" };
  if (field === "note") return null;
  return value === "" ? { code: "required" } : null;
}

export const contactFields: readonly ContactField[] = ["firstName", "lastName", "phone", "email", "note"];

/** Every refused field with its reason; empty when the form may be sent. */
export function contactProblems(contact: Contact): Partial<Record<ContactField, ContactProblem>> {
  const found: Partial<Record<ContactField, ContactProblem>> = {};
  for (const field of contactFields) {
    const problem = fieldProblem(field, contact);
    if (problem) found[field] = problem;
  }
  return found;
}

const wireNames: Record<string, ContactField> = {
  "contact.first_name": "firstName",
  "contact.last_name": "lastName",
  "contact.phone": "phone",
  "contact.email": "email",
  note: "note",
};

/** The form's field behind a wire path such as `body.contact.phone`; null when the form has none. */
export function contactFieldOf(location: string): ContactField | null {
  return wireNames[location.replace(/^body\./, "")] ?? null;
}

/** The contact as the API takes it. */
export function contactBody(contact: Contact, locale: string) {
  const email = contact.email.trim();
  return {
    first_name: contact.firstName.trim(),
    last_name: contact.lastName.trim(),
    phone: contact.phone.trim(),
    ...(email === "" ? {} : { email }),
    locale,
  };
}
