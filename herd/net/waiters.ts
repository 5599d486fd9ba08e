/**
 * Callers that wait for a server to hold a fix.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import { clientText, type FixSpan, isNewer } from "../core/wire/fix.ts";

interface Waiter {
  readonly fix: FixSpan;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

/** Waiting callers, by the client whose fix they wait for. */
export class FixWaiters {
  readonly #byClient = new Map<ByteString, Set<Waiter>>();

  /** Number of clients whose fixes are waited for. */
  get size(): number {
    return this.#byClient.size;
  }

  clients(): Iterable<ByteString> {
    return this.#byClient.keys();
  }

  /**
   * Resolves as soon as a fix is stored, or a newer one of the same client.
   *
   * @throws {unknown} The reason given to {@linkcode fail}, or the signal's.
   */
  async wait(fix: FixSpan, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { fix, resolve, reject };
    const client = clientText(fix);
    const waiters = this.#byClient.get(client) ?? new Set();
    this.#byClient.set(client, waiters.add(waiter));
    const abort = () => reject(signal!.reason);
    signal?.addEventListener("abort", abort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
      waiters.delete(waiter);
      if (waiters.size === 0) this.#byClient.delete(client);
    }
  }

  /** A fix has been stored: resolves waits for it, or for an older one. */
  wake(fix: FixSpan): void {
    if (this.#byClient.size === 0) return;
    for (const waiter of this.#byClient.get(clientText(fix)) ?? []) {
      if (!isNewer(waiter.fix, fix)) waiter.resolve();
    }
  }

  /** Nothing more will be stored. */
  fail(why: Error): void {
    for (const waiters of this.#byClient.values()) {
      for (const waiter of waiters) waiter.reject(why);
    }
  }
}
