/**
 * Server-sent events in the browser. One tab of the group holds the connection and hands frames to the others, so that many tabs
 * cost the API one stream. Losing a frame is allowed: whoever may have missed one gets `resync` and reads again.
 */
export interface LiveFrame {
  type: string;
  /** The inner `data` of the envelope; null when there is none. */
  data: Record<string, unknown> | null;
}

export interface LiveOptions {
  /** Address on this origin, with its query. */
  url: string;
  /** Event names to hear; `resync` is always heard. */
  types: readonly string[];
  onFrame: (frame: LiveFrame) => void;
  /** True while frames can arrive. */
  onState?: (open: boolean) => void;
}

/** Reads the `data:` of one event; null when it is not the envelope of the Core API. */
export function parseFrame(type: string, text: string): LiveFrame | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const inner: unknown = Reflect.get(parsed, "data");
  const data = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? { ...inner } : null;
  return { type, data };
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Milliseconds to wait before try number `attempt` (from 0): 1 to 30 s, doubled, with up to a quarter taken off by `random` in [0, 1). */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10));
  return Math.max(firstPauseMs, Math.round(full * (1 - random / 4)));
}

/** Opens the connection itself; returns the function that ends it. */
function connect({ url, types, onFrame, onState }: LiveOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let missed = false;
  let ended = false;

  const start = () => {
    const current = new EventSource(url);
    source = current;
    current.onopen = () => {
      attempt = 0;
      onState?.(true);
      // A new EventSource does not know the last event id, so what came in between is lost.
      if (missed) onFrame({ type: "resync", data: null });
      missed = false;
    };
    for (const type of new Set([...types, "resync"])) {
      current.addEventListener(type, (event) => {
        const frame = parseFrame(type, event.data);
        if (frame) onFrame(frame);
      });
    }
    current.addEventListener("auth_expired", () => again(current));
    current.onerror = () => {
      onState?.(false);
      // While it is CONNECTING the browser itself comes back with Last-Event-ID.
      if (current.readyState === EventSource.CLOSED) again(current);
    };
  };
  const again = (current: EventSource) => {
    current.close();
    if (ended || source !== current) return;
    source = null;
    missed = true;
    onState?.(false);
    timer = setTimeout(start, backoff(attempt, Math.random()));
    attempt += 1;
  };

  start();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** Hears the stream, alone or through the tab that holds it. Returns the function that stops. */
export function openLive(options: LiveOptions): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  if (!("locks" in navigator) || typeof BroadcastChannel === "undefined") return connect(options);
  const name = `rx-live:${options.url}`;
  const channel = new BroadcastChannel(name);
  const stopped = new AbortController();
  let leads = false;
  let heard = false;
  let close: () => void = () => undefined;
  let release: () => void = () => undefined;

  channel.onmessage = (event: MessageEvent<{ frame?: LiveFrame; open?: boolean }>) => {
    if (leads) return;
    heard = true;
    if (event.data.frame) options.onFrame(event.data.frame);
    if (event.data.open !== undefined) options.onState?.(event.data.open);
  };
  const tell = (message: { frame?: LiveFrame; open?: boolean }) => {
    if (!stopped.signal.aborted) channel.postMessage(message);
  };
  const lead = () => {
    // The lock may have been granted in the very moment of stopping.
    if (stopped.signal.aborted) return Promise.resolve();
    leads = true;
    // Between the end of the old holder and our connection something may have happened.
    if (heard) options.onFrame({ type: "resync", data: null });
    close = connect({
      ...options,
      onFrame: (frame) => {
        options.onFrame(frame);
        tell({ frame });
      },
      onState: (open) => {
        options.onState?.(open);
        tell({ open });
      },
    });
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  };
  void navigator.locks.request(name, { signal: stopped.signal }, lead).catch(() => undefined);
  return () => {
    stopped.abort();
    close();
    release();
    channel.close();
  };
}
