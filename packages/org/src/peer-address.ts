import { Server, type IncomingMessage } from "node:http";

declare global {
  var restartixPeerAddress: boolean | undefined;
}

function append(request: IncomingMessage): void {
  const peer = request.socket.remoteAddress?.replace(/^::ffff:/, "");
  if (!peer) return;
  const chain = request.headers["x-forwarded-for"];
  const before = Array.isArray(chain) ? chain.join(", ") : chain;
  request.headers["x-forwarded-for"] = before ? `${before}, ${peer}` : peer;
}

/**
 * Makes this process a well-behaved link of the address chain: it appends the peer it really talks to, so that a visitor cannot
 * invent an address. The Core API then takes the right-most address that is not one of our own proxies.
 */
export function appendPeerAddress(): void {
  if (globalThis.restartixPeerAddress) return;
  globalThis.restartixPeerAddress = true;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]): boolean {
    const [request] = rest;
    if (event === "request" && request instanceof Object && "socket" in request && "headers" in request)
      append(request as IncomingMessage);
    return Reflect.apply(emit, this, [event, ...rest]);
  };
}
