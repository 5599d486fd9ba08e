/**
 * The worker of a report's page that replays its run.
 *
 * @module
 */
import * as z from "zod";
import type {
  RerunAnswer,
  RerunQuestion,
} from "../model/report/rerun_messages.ts";
import { helpText } from "../model/command/help.ts";
import { completed, runAgain } from "./rerun.ts";

// The page's content security policy forbids code from text.
z.config({ jitless: true });

/** The worker's global scope. */
const thread = globalThis as unknown as {
  postMessage(message: RerunAnswer): void;
  onmessage: (event: { readonly data: RerunQuestion }) => void;
};

async function answer(question: RerunQuestion): Promise<RerunAnswer> {
  switch (question.ask) {
    case "run": {
      let steps = 0;
      const told = (atMs: number) =>
        thread.postMessage({ kind: "step", steps: ++steps, atMs });
      const { rerun, acts } = question;
      return { kind: "ran", ...await runAgain(rerun, acts, told) };
    }
    case "complete": {
      const { rerun, text } = question;
      return { kind: "completed", ...completed(rerun, text) };
    }
    case "help":
      return { kind: "help", text: helpText() };
  }
}

thread.onmessage = async ({ data }) => {
  try {
    thread.postMessage(await answer(data));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    thread.postMessage({ kind: "failed", why });
  }
};
