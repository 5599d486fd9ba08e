/**
 * How a server answers a WHATSAT: from what it holds, or, if updates stay where
 * they were made, by asking the herd.
 *
 * @module
 */
import { ByteBlock } from "./bytes/block.ts";
import { bytesOf, type ByteString, byteString } from "./bytes/bytes.ts";
import { ByteWriter } from "./bytes/writer.ts";
import type { Found, Queries } from "./dissemination/queries.ts";
import type { Effects, Turn } from "./effects.ts";
import type { Counters } from "./stats.ts";
import type { Store } from "./store/store.ts";
import { fieldsOf, type FixSpan, lineText, ownFix } from "./wire/fix.ts";
import type { Line } from "./wire/line.ts";
import {
  questionReply,
  type WhatsatFields,
  whatsatFields,
} from "./wire/message.ts";

export interface QuestionsOptions<C> {
  readonly store: Store;
  /** Counters that are updated here too. */
  readonly stats: Counters;
  readonly effects: Effects<C>;
  /** What follows each AT line if no places service is asked. */
  readonly placesBody: ByteString | undefined;
  /** Where to ask for clients that are not held here. */
  readonly queries: Queries | undefined;
  /** Counts a WHATSAT that is answered by `?` because the client is unknown. */
  readonly refuse: () => void;
  /** Stores a fix that a neighbour has answered with. */
  readonly learn: (fix: FixSpan, from: ByteString) => void;
}

export class Questions<C> {
  readonly #options: QuestionsOptions<C>;
  /** The end of each answer to a WHATSAT, if it is always the same. */
  readonly #answerEnd: ByteBlock | undefined;

  constructor(options: QuestionsOptions<C>) {
    this.#options = options;
    const { placesBody } = options;
    if (placesBody !== undefined) {
      this.#answerEnd = new ByteBlock(bytesOf(`\n${placesBody}\n\n`));
    }
  }

  held(client: ByteString): FixSpan | undefined {
    const { store } = this.#options;
    const found = store.findClient(client);
    return found < 0 ? undefined : ownFix(store.fix(found));
  }

  /** See {@linkcode Node.find}. */
  find(client: ByteString, end: (found: Found) => void): void {
    const { queries, stats, effects } = this.#options;
    if (queries === undefined) {
      const fix = this.held(client);
      return end({ fix, from: undefined, unanswered: 0 });
    }
    stats.queries++;
    queries.ask(client, (found) => {
      if (found.unanswered > 0) {
        stats.queriesPartial++;
        effects.unanswered?.(client, found.unanswered);
      }
      end(found);
    });
  }

  /**
   * Answers a WHATSAT, now or later; returns `false` if the client is unknown.
   */
  onWhatsat(connection: C, line: Line, out: ByteWriter): boolean {
    const { store, effects, queries } = this.#options;
    if (queries !== undefined) {
      this.#ask(connection, line);
      return true;
    }
    const { block } = line;
    const [start, end] = [line.fieldStart(1), line.fieldEnd(1)];
    const client = store.find(block, start, end);
    if (client < 0) return false;
    if (this.#answerEnd !== undefined) {
      this.#writeAnswer(client, this.#answerEnd, out);
      return true;
    }
    const fix = store.fix(client);
    const turn = effects.reserve(connection, fix.end - fix.start);
    this.#answer(turn, client, whatsatFields(line));
    return true;
  }

  #writeAnswer(client: number, end: ByteBlock, out: ByteWriter): void {
    this.#options.stats.whatsat++;
    this.#options.store.writeLine(client, out);
    out.copy(end, 0, end.bytes.length);
  }

  #answer(turn: Turn, client: number, query: WhatsatFields): void {
    if (this.#answerEnd !== undefined) {
      const out = new ByteWriter();
      this.#writeAnswer(client, this.#answerEnd, out);
      return turn.reply(byteString(out.bytes));
    }
    this.#options.stats.whatsat++;
    const fix = this.#options.store.fix(client);
    turn.lookup(lineText(fix), fieldsOf(fix).position, query);
  }

  /**
   * Asks the herd. The fix that a client is answered with is stored, or a later
   * answer might be older, if the server that it came from has died.
   */
  #ask(connection: C, line: Line): void {
    const { store, effects, refuse, learn } = this.#options;
    const turn = effects.reserve(connection, line.end - line.start);
    const query = whatsatFields(line);
    const { text } = line;
    this.find(query.client, ({ fix, from }) => {
      if (fix === undefined) {
        refuse();
        return turn.reply(questionReply(text));
      }
      if (from !== undefined) learn(fix, from);
      // A newer fix may have been learned meanwhile.
      this.#answer(turn, store.findClient(query.client), query);
    });
  }
}
