import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const stepMs = 30_000;

function fromBase32(text: string): Buffer {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const letter of text.toUpperCase().replace(/[\s=]/g, "")) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) throw new Error(`"${letter}" is no base32 letter`);
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** The six digits that a code app shows for the secret at the step (RFC 6238, SHA-1, 30 s). */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const lastStep = new Map<string, number>();

/**
 * A code of the secret that was not used yet. The API takes each step once and accepts the neighbours of the present one, so
 * the next step serves when the present one is spent; after that it waits until time has moved on.
 */
export async function freshCode(secret: string): Promise<string> {
  for (;;) {
    const present = Math.floor(Date.now() / stepMs);
    const step = Math.max(present, (lastStep.get(secret) ?? 0) + 1);
    if (step <= present + 1) {
      lastStep.set(secret, step);
      return codeAt(secret, step);
    }
    const wait = (step - 1) * stepMs - Date.now() + 50;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Six digits that are no code of the secret now, nor of its neighbours. */
export function wrongCode(secret: string): string {
  const present = Math.floor(Date.now() / stepMs);
  const near = new Set([-2, -1, 0, 1, 2].map((shift) => codeAt(secret, present + shift)));
  for (let n = 0; ; n++) {
    const candidate = String(n).padStart(6, "0");
    if (!near.has(candidate)) return candidate;
  }
}
