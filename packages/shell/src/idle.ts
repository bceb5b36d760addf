/** What the browser remembers of the last touch: which sign-in it belonged to, and when (milliseconds since 1970). */
export interface Touch {
  login: string;
  at: number;
}

const key = "rx-last-touch";

/** The remembered touch of this browser; null when there is none, or when the store refuses. */
export function readTouch(store: Pick<Storage, "getItem">): Touch | null {
  try {
    const [login, at] = (store.getItem(key) ?? "").split(" ");
    const time = Number(at);
    return login && Number.isFinite(time) && time > 0 ? { login, at: time } : null;
  } catch {
    return null;
  }
}

/** Remembers a touch for every tab of the browser. A store that refuses is let be: the tab then counts alone. */
export function writeTouch(store: Pick<Storage, "setItem">, touch: Touch): void {
  try {
    store.setItem(key, `${touch.login} ${touch.at}`);
  } catch {
    // Private windows may have no store.
  }
}

/** Forgets the touch, when the person signs out. */
export function forgetTouch(store: Pick<Storage, "removeItem">): void {
  try {
    store.removeItem(key);
  } catch {
    // What refuses to keep has nothing to forget.
  }
}

/**
 * True when the sign-in was left alone for the whole time. A touch of another sign-in says nothing: whoever has just signed
 * in is there. A touch in the future (the clock was set back) counts as now.
 */
export function isIdle(touch: Touch | null, login: string, now: number, limit: number): boolean {
  return touch !== null && touch.login === login && now - touch.at >= limit;
}
