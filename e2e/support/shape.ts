/** Reading JSON without trusting its shape: every mismatch says what was expected. */
type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const read = {
  record(value: unknown): Fields {
    if (!isRecord(value)) throw new Error(`want an object, got ${JSON.stringify(value)}`);
    return value;
  },
  list(value: unknown): Fields[] {
    if (!Array.isArray(value)) throw new Error(`want a list, got ${JSON.stringify(value)}`);
    return value.map(read.record);
  },
  text(fields: Fields, name: string): string {
    const value = fields[name];
    if (typeof value !== "string") throw new Error(`want a text in ${name}, got ${JSON.stringify(value)}`);
    return value;
  },
  optional(fields: Fields, name: string): string | undefined {
    return typeof fields[name] === "string" ? fields[name] : undefined;
  },
};
