import { ApiError } from "./problem";

/** What a page needs to draw its error state; plain data, so that it may cross to the browser. */
export interface LoadProblem {
  status: number;
  code: string;
  requestId: string | undefined;
}

export type Loaded<T> = { ok: true; data: T } | { ok: false; problem: LoadProblem };

/** Turns a refused read into a value; errors that are not the API's (redirects, bugs) pass through. */
export async function load<T>(read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, data: await read() };
  } catch (error) {
    if (error instanceof ApiError)
      return { ok: false, problem: { status: error.status, code: error.code, requestId: error.requestId } };
    throw error;
  }
}

/** The answer of a server action. `fields` maps a form field to the server's sentence. */
export type Result<T = null> =
  | { ok: true; data: T }
  | {
      ok: false;
      code: string;
      detail?: string | undefined;
      requestId?: string | undefined;
      retryAfterSeconds?: number | undefined;
      fields: Record<string, string>;
    };

/** Runs a write and turns a refusal into a value the form can show. */
export async function attempt<T>(write: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, data: await write() };
  } catch (error) {
    if (error instanceof ApiError) return refused(error);
    throw error;
  }
}

/** Takes a leading "settings." off the names of refused fields, for a form that edits one object of the body. */
export function within<T>(prefix: string, result: Result<T>): Result<T> {
  if (result.ok) return result;
  const fields = Object.fromEntries(
    Object.entries(result.fields).map(([name, message]) => [
      name.startsWith(prefix) ? name.slice(prefix.length) : name,
      message,
    ]),
  );
  return { ...result, fields };
}

/** Maps a problem to a form result; "body.contact.phone" becomes the field "contact.phone". */
export function refused(error: ApiError): Result<never> {
  const fields: Record<string, string> = {};
  for (const { location, message } of error.errors) {
    const name = location.replace(/^body\.?/, "");
    if (name && !(name in fields)) fields[name] = message;
  }
  return {
    ok: false,
    code: error.code,
    detail: error.detail,
    requestId: error.requestId,
    retryAfterSeconds: error.retryAfterSeconds,
    fields,
  };
}
