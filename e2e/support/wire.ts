import { connect } from "node:net";

export interface WireRequest {
  /** The request target exactly as it goes over the wire: a path, or an absolute address. */
  path: string;
  host: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface WireAnswer {
  status: number;
  /** Lower-case names; of repeated headers the last. */
  headers: Record<string, string>;
  setCookies: string[];
  text: string;
}

function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf("\r\n", at);
    const size = end < 0 ? NaN : parseInt(body.subarray(at, end).toString("latin1"), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function parse(raw: Buffer): WireAnswer {
  const end = raw.indexOf("\r\n\r\n");
  const [line = "", ...rest] = raw.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n");
  const headers: Record<string, string> = {};
  const setCookies: string[] = [];
  for (const header of rest) {
    const at = header.indexOf(":");
    const name = header.slice(0, at).toLowerCase();
    const value = header.slice(at + 1).trim();
    headers[name] = value;
    if (name === "set-cookie") setCookies.push(value);
  }
  const body = end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4);
  const whole = headers["transfer-encoding"] === "chunked" ? unchunk(body) : body;
  return { status: Number(line.split(" ")[1] ?? "0"), headers, setCookies, text: whole.toString("utf8") };
}

/**
 * Sends one request as bytes, so that spellings which every client library corrects arrive as they are written. A connection
 * that the server just closes answers with status 0.
 */
export function ask(port: number, request: WireRequest): Promise<WireAnswer> {
  const body = request.body ?? "";
  const headers: Record<string, string> = { host: request.host, connection: "close", ...request.headers };
  if (body !== "") headers["content-length"] ??= String(Buffer.byteLength(body));
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? undefined : reject(error),
    );
    socket.on("close", () => resolve(parse(Buffer.concat(chunks))));
    socket.write(`${request.method ?? "GET"} ${request.path} HTTP/1.1\r\n${head.join("")}\r\n${body}`);
  });
}
