/**
 * A gateway's link to a hub: it publishes the fixes that this herd received
 * from clients, and merges what others publish.
 *
 * @module
 */
import { ByteBlock } from "../../core/bytes/block.ts";
import { HUB } from "../../core/hub/name.ts";
import type { Outbox, OutboxStats } from "../../core/hub/outbox.ts";
import { Line } from "../../core/wire/line.ts";
import { randomPart } from "../platform.ts";
import { Backoff } from "../redial.ts";
import type { ServerParts } from "../server_parts.ts";
import { delay, nextTurn } from "../timing.ts";
import type { HubMessage, HubOptions, HubSession } from "./hub.ts";
import { subjectOf } from "./subject.ts";

/** Publications that may wait for their acknowledgement. */
const WINDOW = 256;
/**
 * A session ends when publications have failed, and none has succeeded, for so
 * many milliseconds. A hub that elects a leader refuses each at once: a new
 * session would be refused as well, and takes much longer than another try.
 */
const FAILING_MS_MAX = 5_000;
/** Milliseconds from a failed publication to the next try. */
const RETRY_MS = 250;
/**
 * Milliseconds until a gateway publishes what the hub lacks of other herds,
 * plus a random time up to as long: those herds' own gateways go first, and
 * then only one of the others.
 */
const OTHERS_MS = 5_000;
/** Milliseconds of reading before others get their turn. */
const TURN_MS = 4;

/** Counters of a gateway's hub. */
export interface HubStats extends OutboxStats {
  /** Whether it is connected. */
  readonly isUp: boolean;
  /** How often it has connected. */
  readonly ups: number;
  /**
   * Since when it has been connected or not, in milliseconds since the epoch.
   */
  readonly sinceMs: number;
  /** Fixes that wait to be published. */
  readonly waiting: number;
  /** The last error, and when it was; absent if there was none. */
  readonly lastError?: { readonly why: string; readonly atMs: number };
}

/** What the link needs from its server. */
export interface HubNeeds extends ServerParts {
  readonly name: string;
  readonly outbox: Outbox;
  /** Maximum bytes of a fix that links can carry. */
  readonly fixBytesMax: number;
}

/** The link of one gateway to its hub. */
export class HubLink {
  readonly #options: HubOptions;
  readonly #host: HubNeeds;
  readonly #stopping = new AbortController();
  #session: HubSession | undefined;
  #wake = () => {};
  #ups = 0;
  #tries: number;
  /** Number of attempts to connect that have failed in a row. */
  #dialsFailed = 0;
  #sinceMs: number;
  #lastError: HubStats["lastError"];

  /** Not connected yet; see {@linkcode HubLink.start}. */
  constructor(options: HubOptions, host: HubNeeds) {
    this.#options = options;
    this.#host = host;
    const part = randomPart(host.platform);
    this.#tries = Math.floor(part * options.servers.length);
    this.#sinceMs = host.platform.clock.nowMs();
  }

  get stats(): HubStats {
    const { outbox } = this.#host;
    return {
      ...outbox.stats,
      isUp: this.#session !== undefined,
      sinceMs: this.#sinceMs,
      ups: this.#ups,
      waiting: outbox.size,
      ...this.#lastError && { lastError: this.#lastError },
    };
  }

  #failed(why: string): void {
    const atMs = this.#host.platform.clock.nowMs();
    this.#lastError = { why, atMs };
  }

  #turn(session: HubSession | undefined): void {
    this.#session = session;
    this.#sinceMs = this.#host.platform.clock.nowMs();
  }

  /** Connects, and reconnects whenever a session ends. */
  start(): void {
    this.#host.tasks.add(this.#keepOpen());
  }

  /** There may be something to publish. */
  wake(): void {
    if (this.#host.outbox.size > 0) this.#wake();
  }

  /** Ends the link, and what is under way. */
  stop(): void {
    this.#stopping.abort();
    this.#wake();
    void this.#session?.close();
  }

  async #keepOpen(): Promise<void> {
    const { platform, platform: { clock } } = this.#host;
    const { signal } = this.#stopping;
    const backoff = new Backoff();
    while (!signal.aborted) {
      const beganMs = clock.nowMs();
      await this.#open();
      const waitMs = backoff.afterMs(
        clock.nowMs() - beganMs,
        randomPart(platform),
      );
      if (!signal.aborted) await delay(clock, waitMs, signal).catch(() => {});
    }
  }

  /** Runs one session, from connecting until it ends. */
  async #open(): Promise<void> {
    const { platform: { openHub }, name, limitLog, onEvent } = this.#host;
    let session: HubSession;
    // Each try begins with another server.
    const { servers } = this.#options;
    const first = this.#tries++ % servers.length;
    const turned = [...servers.slice(first), ...servers.slice(0, first)];
    const options = { ...this.#options, servers: turned };
    try {
      session = await openHub!(options, name, this.#stopping.signal);
    } catch (error) {
      if (error instanceof TypeError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      this.#failed(why);
      limitLog.met("hub-unreachable", { why }, { level: "info" });
      const failures = ++this.#dialsFailed;
      onEvent({ kind: "dial-failed", peer: HUB, why, failures });
      return;
    }
    this.#turn(session);
    if (this.#stopping.signal.aborted) return await session.close();
    await this.#serve(session);
  }

  async #serve(session: HubSession): Promise<void> {
    const { log, onEvent, onConnection, platform, outbox } = this.#host;
    const connection = platform.randomBytes(8).toHex();
    this.#ups++;
    this.#dialsFailed = 0;
    outbox.begin();
    onConnection(HUB, connection, true);
    log.info("link-up", { peer: HUB });
    onEvent({ kind: "link-up", peer: HUB });
    const over = new AbortController();
    const pumping = this.#pump(session, over);
    const others = this.#putBackOthers(session, over.signal);
    const ended = await this.#read(session);
    const why = over.signal.aborted ? String(over.signal.reason) : ended;
    this.#turn(undefined);
    this.#failed(why);
    over.abort();
    this.#wake();
    await session.close();
    await Promise.all([pumping, others]);
    onConnection(HUB, connection, false);
    log.info("link-down", { peer: HUB, why });
    onEvent({ kind: "link-down", peer: HUB, why });
  }

  async #read(session: HubSession): Promise<string> {
    const { outbox, platform: { clock } } = this.#host;
    if (session.isEmpty) this.#catchUp(session);
    let beganMs = clock.nowMs();
    return await session.read((message) => {
      this.#take(message);
      const { sequence, pending } = message;
      const isAll = pending === 0 || sequence >= session.length;
      if (isAll && !outbox.isCaughtUp) this.#catchUp(session);
      if (pending > 0 && clock.nowMs() - beganMs < TURN_MS) return;
      this.#host.flush();
      if (pending === 0) return;
      return nextTurn(clock).then(() => void (beganMs = clock.nowMs()));
    });
  }

  /** Everything that the hub had when the session began has been read. */
  #catchUp(session: HubSession): void {
    this.#host.outbox.caughtUp(session.length);
    this.wake();
  }

  #take({ bytes, sequence }: HubMessage): void {
    const { outbox, limitLog, fixBytesMax } = this.#host;
    // Other herds may have other limits. If it were stored, it would take all
    // links down, again and again.
    if (bytes.length > fixBytesMax) {
      limitLog.met("hub-line-too-long", { bytes: bytes.length });
      return outbox.leaveOut();
    }
    const line = new Line();
    line.scan(new ByteBlock(bytes), 0, bytes.length, true);
    outbox.read(line, sequence);
  }

  /** Publishes waiting fixes as fast as the hub accepts them. */
  async #pump(session: HubSession, ender: AbortController): Promise<void> {
    const { outbox, limitLog, platform, platform: { clock } } = this.#host;
    const { signal: over } = ender;
    let inFlight = 0;
    let hasFailed = false;
    /** When the first publication since the last success has failed. */
    let failingSinceMs: number | undefined;
    // What has failed may have been stored, and needs no other try.
    const isIdle = () => inFlight === 0 && outbox.size === 0;
    while (!over.aborted) {
      // Publications that fail at once would be repeated without a pause, and
      // starve everything else.
      if (hasFailed) {
        hasFailed = false;
        await delay(clock, RETRY_MS, over).catch(() => {});
        continue;
      }
      const publication = inFlight < WINDOW ? outbox.next() : undefined;
      if (publication === undefined) {
        if (isIdle()) failingSinceMs = undefined;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        continue;
      }
      const { fix, origin, name, id } = publication;
      const bytes = fix.block.bytes.subarray(fix.start, fix.end);
      // It would be refused each time, and nothing else be told meanwhile.
      if (bytes.length > session.bytesMax) {
        limitLog.met("hub-takes-less", { bytes: bytes.length });
        continue;
      }
      const subject = await subjectOf(platform, origin, name);
      this.#host.onSent(fix, HUB, 0);
      inFlight++;
      session.publish(subject, bytes, id).then((sequence) => {
        failingSinceMs = undefined;
        if (outbox.acknowledged(publication, sequence)) return;
        this.#end(session, ender, "its stream has begun anew");
      }, (error) => {
        outbox.failed(publication);
        if (over.aborted) return;
        const why = this.#refused(error);
        hasFailed = true;
        // One may fail seconds after others, sent later, have succeeded.
        failingSinceMs ??= clock.nowMs();
        if (clock.nowMs() - failingSinceMs < FAILING_MS_MAX) return;
        this.#end(session, ender, `it acknowledges nothing: ${why}`);
      }).finally(() => {
        inFlight--;
        if (isIdle()) failingSinceMs = undefined;
        this.wake();
      });
    }
  }

  #refused(error: unknown): string {
    const why = error instanceof Error ? error.message : String(error);
    this.#failed(why);
    this.#host.limitLog.met("hub-refused", { why });
    return why;
  }

  /** Ends the session, so that a new one starts over. */
  #end(session: HubSession, over: AbortController, why: string): void {
    over.abort(why);
    void session.close();
  }

  async #putBackOthers(session: HubSession, over: AbortSignal): Promise<void> {
    const { platform, platform: { clock }, outbox } = this.#host;
    while (!over.aborted) {
      const { read } = outbox.stats;
      const waitMs = OTHERS_MS * (1 + randomPart(platform));
      await delay(clock, waitMs, over).catch(() => {});
      if (over.aborted) return;
      // The stream was purged, which no message announces.
      const isSilent = !outbox.isCaughtUp && outbox.stats.read === read;
      if (isSilent) this.#catchUp(session);
      outbox.putBackOthers();
      this.wake();
    }
  }
}
