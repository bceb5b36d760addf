/** One refused field: `location` is the wire path ("body.contact.phone"), `message` is already localised. */
export interface FieldProblem {
  location: string;
  message: string;
}

export interface ApiErrorInit {
  status: number;
  code: string;
  detail?: string | undefined;
  errors?: readonly FieldProblem[] | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** The only error the client throws. `status` 0 means that no answer arrived. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | undefined;
  /** Seconds to wait before another try, when the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(init: ApiErrorInit) {
    super(`${init.status} ${init.code}`);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.errors = init.errors ?? [];
    this.requestId = init.requestId;
    this.retryAfterSeconds = init.retryAfterSeconds;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).flatMap((entry) => {
    const location = text(entry.location);
    return location ? [{ location, message: text(entry.message) ?? "" }] : [];
  });
}

/** Reads an RFC 9457 problem; an answer that is none becomes `http_<status>`. */
export async function problemFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = isRecord(body) ? body : {};
  return new ApiError({
    status: response.status,
    code: text(problem.code) ?? `http_${response.status}`,
    detail: text(problem.detail),
    errors: fieldProblems(problem.errors),
    requestId: text(problem.request_id) ?? response.headers.get("x-request-id") ?? undefined,
    retryAfterSeconds: retryAfter(response.headers),
  });
}

/** Seconds of a Retry-After header that carries a whole number; undefined otherwise. */
export function retryAfter(headers: Headers): number | undefined {
  const raw = headers.get("retry-after");
  return raw && /^\d{1,6}$/.test(raw) ? Number(raw) : undefined;
}
