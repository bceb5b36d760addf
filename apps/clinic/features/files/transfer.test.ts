import { afterEach, describe, expect, it, vi } from "vitest";
import { transfer, tries } from "./transfer";

/** A store that answers these statuses, one after the other. */
function storeAnswers(...statuses: number[]) {
  const sent: FormData[] = [];
  class Request {
    upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
    status = 0;
    onload?: () => void;
    onerror?: () => void;
    onabort?: () => void;
    open() {}
    abort() {
      this.onabort?.();
    }
    send(form: FormData) {
      sent.push(form);
      this.upload.onprogress?.({ loaded: 1, total: 2 });
      this.status = statuses.shift() ?? 204;
      if (this.status === 0) this.onerror?.();
      else this.onload?.();
    }
  }
  vi.stubGlobal("XMLHttpRequest", Request);
  return sent;
}

function coreAnswers(confirm: Response) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(
      url.endsWith("/confirm")
        ? confirm
        : Response.json({ data: { id: "f1", upload: { url: "http://store/b", fields: { key: "k" } } } }),
    );
  });
  return asked;
}

const file = new File(["abc"], "poza.png", { type: "image/png" });
const options = () => ({ purpose: "avatar", signal: new AbortController().signal, onProgress: vi.fn() });

afterEach(() => vi.unstubAllGlobals());

describe("transfer", () => {
  it("announces, sends the fields before the bytes, and has the file checked", async () => {
    const sent = storeAnswers(204);
    const asked = coreAnswers(Response.json({ data: { id: "f1" } }));
    const given = options();

    await expect(transfer(file, given)).resolves.toBe("f1");

    expect(asked).toEqual(["/api/core/v1/files", "/api/core/v1/files/f1/confirm"]);
    expect([...(sent[0]?.keys() ?? [])]).toEqual(["key", "file"]);
    expect(given.onProgress).toHaveBeenCalledWith(0.5);
  });

  it("tries again when the store does not answer, and gives up after the last try", async () => {
    const sent = storeAnswers(0, 503, 0);
    coreAnswers(Response.json({ data: {} }));

    await expect(transfer(file, options())).rejects.toMatchObject({ code: "upload_refused" });

    expect(sent).toHaveLength(tries);
  });

  it("does not try again what the store refuses", async () => {
    const sent = storeAnswers(403);
    coreAnswers(Response.json({ data: {} }));

    await expect(transfer(file, options())).rejects.toMatchObject({ code: "upload_refused" });

    expect(sent).toHaveLength(1);
  });

  it("answers the code of the check", async () => {
    storeAnswers(204);
    coreAnswers(Response.json({ code: "type_mismatch", request_id: "r1" }, { status: 422 }));

    await expect(transfer(file, options())).rejects.toMatchObject({ code: "type_mismatch", requestId: "r1" });
  });

  it("stops when the person stops it", async () => {
    storeAnswers(204);
    coreAnswers(Response.json({ data: {} }));
    const stopped = new AbortController();
    stopped.abort();

    await expect(transfer(file, { ...options(), signal: stopped.signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});
