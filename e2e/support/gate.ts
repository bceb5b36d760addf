import {
  createServer,
  request as send,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { once } from "node:events";
import { ports } from "./stack";

export interface Call {
  method: string;
  /** Without the query. */
  path: string;
}

/** What the gate does with a call: let it through, keep it waiting, answer a failure, or take every row out of a list. */
export type Verdict = "pass" | "hold" | "fail" | "empty";

/**
 * Stands between apps and the Core API, remembers what was asked, and can hold, fail or empty answers: states of a screen that
 * a healthy platform does not show. Not safe for parallel tests; there is one worker.
 */
export class Gate {
  readonly calls: Call[] = [];
  rule: (call: Call) => Verdict = () => "pass";
  private held: (() => void)[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, answer) => this.handle(incoming, answer));
  }

  async start(): Promise<void> {
    this.server.listen(ports.gate, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    this.reset();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** Lets everything through again, what was held too, and forgets the calls. */
  reset(): void {
    this.rule = () => "pass";
    this.calls.length = 0;
    this.release();
  }

  /** Lets the held calls go on. */
  release(): void {
    const held = this.held;
    this.held = [];
    for (const go of held) go();
  }

  private handle(incoming: IncomingMessage, answer: ServerResponse): void {
    const call = { method: incoming.method ?? "GET", path: (incoming.url ?? "/").split("?")[0] ?? "/" };
    this.calls.push(call);
    const verdict = this.rule(call);
    if (verdict === "fail") return fail(answer);
    if (verdict === "hold") {
      this.held.push(() => forward(incoming, answer, false));
      return;
    }
    forward(incoming, answer, verdict === "empty");
  }
}

function fail(answer: ServerResponse): void {
  answer.writeHead(503, { "content-type": "application/problem+json" });
  answer.end(
    JSON.stringify({
      type: "about:blank",
      title: "Service Unavailable",
      status: 503,
      code: "dependency_unavailable",
      request_id: "00000000-0000-7000-8000-000000000000",
    }),
  );
}

function forward(incoming: IncomingMessage, answer: ServerResponse, emptied: boolean): void {
  const outgoing = send(
    {
      host: "127.0.0.1",
      port: ports.api,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, ...(emptied ? { "accept-encoding": "identity" } : {}) },
    },
    (reply) => {
      if (!emptied) {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
        return;
      }
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => {
        const text = withoutRows(Buffer.concat(chunks).toString("utf8"));
        answer.writeHead(reply.statusCode ?? 502, {
          "content-type": String(reply.headers["content-type"] ?? "application/json"),
        });
        answer.end(text);
      });
    },
  );
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
}

/** The same envelope with no rows; an answer that is no list stays as it is. */
function withoutRows(text: string): string {
  const body: unknown = text === "" ? null : JSON.parse(text);
  if (typeof body !== "object" || body === null || !("data" in body) || !Array.isArray(body.data))
    return text;
  return JSON.stringify({
    ...body,
    data: [],
    pagination: { page: 1, page_size: 25, total: 0, total_pages: 0, next_cursor: null },
  });
}
