/**
 * Lets many requests with the same old refresh token share one rotation.
 * A finished rotation is remembered for `graceMs`, because requests of other tabs may still carry the old cookie:
 * using it twice would look like theft and end the login session everywhere.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, { promise: Promise<T>; until: number }>();

  constructor(
    private readonly graceMs: number,
    private readonly now: () => number,
  ) {}

  run(key: string, work: () => Promise<T>): Promise<T> {
    const at = this.now();
    for (const [old, flight] of this.flights) if (flight.until < at) this.flights.delete(old);
    const running = this.flights.get(key);
    if (running) return running.promise;
    const promise = work();
    this.flights.set(key, { promise, until: Number.POSITIVE_INFINITY });
    const settle = (keep: boolean) => {
      if (keep) this.flights.set(key, { promise, until: this.now() + this.graceMs });
      else this.flights.delete(key);
    };
    promise.then(
      () => settle(true),
      () => settle(false),
    );
    return promise;
  }
}
