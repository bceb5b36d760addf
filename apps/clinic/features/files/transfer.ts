/** What `POST /v1/files` answers: where to send the bytes, and with which fields before them. */
export interface Begun {
  id: string;
  upload: { url: string; fields: Record<string, string> };
}

/** A refusal on the way, by its code; `aborted` is the person's own. */
export class TransferError extends Error {
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(code: string, requestId?: string) {
    super(code);
    this.name = "TransferError";
    this.code = code;
    this.requestId = requestId;
  }
}

export interface TransferOptions {
  purpose: string;
  signal: AbortSignal;
  /** Part of the bytes that are sent, 0 to 1. */
  onProgress: (part: number) => void;
}

/** How often the same form is sent before the person is asked. */
export const tries = 3;

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function ask<T>(path: string, body: unknown, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/core${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  } catch {
    throw new TransferError(signal.aborted ? "aborted" : "network_unavailable");
  }
  const answer = (await response.json().catch(() => ({}))) as {
    data?: T;
    code?: string;
    request_id?: string;
  };
  if (!response.ok || !answer.data) throw new TransferError(answer.code ?? "unknown", answer.request_id);
  return answer.data;
}

/** One try; resolves with the store's status, 0 when no answer came. */
function post(begun: Begun, file: File, { signal, onProgress }: TransferOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(begun.upload.fields)) form.append(name, value);
    form.append("file", file);
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const done = (status: number) => {
      signal.removeEventListener("abort", abort);
      resolve(status);
    };
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => done(request.status);
    request.onerror = () => done(0);
    request.onabort = () => reject(new TransferError("aborted"));
    if (signal.aborted) return reject(new TransferError("aborted"));
    signal.addEventListener("abort", abort);
    request.open("POST", begun.upload.url);
    request.send(form);
  });
}

/**
 * Uploads one file: announces it, sends it straight to the store and has it checked. Answers the id of a ready file.
 * Throws TransferError; a store that does not answer is tried again, a refusal is not.
 */
export async function transfer(file: File, options: TransferOptions): Promise<string> {
  const sum = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const begun = await ask<Begun>(
    "/v1/files",
    { purpose: options.purpose, filename: file.name, content_type: file.type, size: file.size, sha256: sum },
    options.signal,
  );
  for (let n = 1; ; n++) {
    const status = await post(begun, file, options);
    if (status >= 200 && status < 300) break;
    if (n === tries || (status >= 400 && status < 500)) throw new TransferError("upload_refused");
  }
  await ask(`/v1/files/${begun.id}/confirm`, {}, options.signal);
  return begun.id;
}
