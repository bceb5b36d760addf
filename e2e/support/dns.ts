import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { ports } from "./stack";

const typeTxt = 16;

function readName(packet: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let size = packet[at] ?? 0; size > 0; size = packet[at] ?? 0) {
    labels.push(packet.subarray(at + 1, at + 1 + size).toString("latin1"));
    at += size + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

/** A name server that knows TXT records and nothing else; the stack under test asks it and no other. */
export class NameServer {
  private readonly texts = new Map<string, string>();
  private readonly socket: Socket = createSocket("udp4");

  async start(): Promise<void> {
    this.socket.on("message", (packet, from) =>
      this.socket.send(this.answer(packet), from.port, from.address),
    );
    this.socket.bind(ports.dns, "127.0.0.1");
    await once(this.socket, "listening");
  }

  publish(name: string, text: string): void {
    this.texts.set(name.toLowerCase(), text);
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, "close");
  }

  private answer(packet: Buffer): Buffer {
    const { name, end } = readName(packet);
    const text = packet.readUInt16BE(end) === typeTxt ? this.texts.get(name) : undefined;
    const head = Buffer.alloc(12);
    packet.copy(head, 0, 0, 2);
    head.writeUInt16BE(text === undefined ? 0x8583 : 0x8580, 2); // an authoritative answer: no such name, or fine
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(text === undefined ? 0 : 1, 6);
    const question = packet.subarray(12, end + 4);
    if (text === undefined) return Buffer.concat([head, question]);
    const data = Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0); // the name of the question
    record.writeUInt16BE(typeTxt, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, question, record, data]);
  }
}
