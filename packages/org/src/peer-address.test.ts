import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { appendPeerAddress } from "./peer-address";

function ask(port: number, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      response.on("end", () => resolve(body));
    });
    call.on("error", reject);
    call.end();
  });
}

describe("address chain", () => {
  it("ends with the peer that really called, whatever the visitor claims", async () => {
    appendPeerAddress();
    appendPeerAddress();
    const server = createServer((incoming, response) =>
      response.end(String(incoming.headers["x-forwarded-for"])),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect(await ask(port, {})).toBe("127.0.0.1");
      expect(await ask(port, { "x-forwarded-for": "203.0.113.9" })).toBe("203.0.113.9, 127.0.0.1");
    } finally {
      server.close();
    }
  });
});
