/**
 * The report of a drill, from before its start, when servers have to know where
 * to log, to the finished folder.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { basename } from "node:path";
import type { PlantedBug } from "../../../herd/core/planted_bug.ts";
import { historyLines } from "../../model/history.ts";
import {
  actionsOf,
  type DrillResult,
  type StepResult,
} from "../../model/report/result.ts";
import { reportHtml } from "../../model/report/html.ts";
import { junitXml } from "../../model/report/junit.ts";
import { type SmallestPlan, smallestText } from "../../model/report/replay.ts";
import { pageData } from "../../model/report/page_data.ts";
import type { Rerun } from "../../model/report/rerun.ts";
import { generateTopology } from "../../model/topology/generate.ts";
import { topologyYaml } from "../../model/report/topology_yaml.ts";
import {
  resultsJson,
  type RunRecord,
  runRecord,
} from "../../model/report/run_record.ts";
import { isNamedTopology } from "../herd/load.ts";
import type { HerdLog } from "../herd/start_options.ts";
import { type Plan, textOf } from "../drill/plan.ts";
import { readPage } from "./report_page.ts";
import { ReportFolder } from "./report_folder.ts";

export interface ReportOptions {
  readonly path: string;
  /** Whether to replace a report that is there. */
  readonly isReplacing: boolean;
  /** When the run was started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly plan: Plan;
  /** The topology, as the user named it. */
  readonly topologyName: string;
  /** A bug that is planted in the servers. */
  readonly plantedBug?: PlantedBug;
  /** The lowest level that servers log; by default they log nothing. */
  readonly logLevel?: HerdLog["level"];
  /**
   * The folder for the servers' logs; by default one that is removed after the
   * run.
   */
  readonly logDirectory?: string;
}

/** A complete report. */
export interface FinishedReport {
  readonly record: RunRecord;
  /** The path of its folder. */
  readonly path: string;
  /** Adds the smallest failing plan; returns the new record. */
  readonly amend: (smallest: SmallestPlan) => Promise<RunRecord>;
}

export class Reporter implements Disposable {
  readonly #options: ReportOptions;
  readonly #folder: ReportFolder;
  /** The folder in which the servers of this run have logged. */
  #logs: string | undefined;

  private constructor(options: ReportOptions, folder: ReportFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  /**
   * Begins the report of a drill that is about to start.
   * @throws {Error} If the folder can't be written.
   */
  static async open(options: ReportOptions): Promise<Reporter> {
    const { path, isReplacing } = options;
    return new Reporter(options, await ReportFolder.open(path, isReplacing));
  }

  /**
   * How servers have to log, so that the report finds it; `undefined` if not at
   * all.
   */
  get log(): HerdLog | undefined {
    const { logLevel, logDirectory } = this.#options;
    return logLevel === undefined ? undefined : {
      directory: logDirectory ?? this.#folder.logDirectory,
      level: logLevel,
      onFolder: (path) => this.#logs = path,
    };
  }

  /** Writes everything; resolves to the record and the path. */
  async finish(result: DrillResult): Promise<FinishedReport> {
    const { plan: { topology }, startedAtMs } = this.#options;
    const folder = this.#folder;
    const startedAt = new Date(startedAtMs).toISOString();
    const record = runRecord(result, topology, startedAt);
    for (const [name, text] of await this.#told(record, result)) {
      await folder.add(name, text);
    }
    await folder.add("history.jsonl", historyLines(result.history));
    await folder.add("plan.yaml", this.#plan(startedAt, result.steps));
    if (!isNamedTopology(this.#options.topologyName)) {
      await folder.add("topology.yaml", topologyYaml(topology));
    }
    if (this.#logs !== undefined) {
      const servers = topology.servers.map(({ name }) => name);
      await folder.addLogs(this.#logs, servers);
    }
    const path = await folder.finish();
    const amend = async (smallest: SmallestPlan) => {
      const beside = { ...smallest, plan: basename(smallest.plan) };
      const text = smallestText(beside);
      const amended = { ...record, smallest: { ...beside, text } };
      for (const [name, text] of await this.#told(amended, result)) {
        await folder.replace(name, text);
      }
      return amended;
    };
    return { record, path, amend };
  }

  /** The files with the results. */
  async #told(
    record: RunRecord,
    { history, towns }: DrillResult,
  ): Promise<[name: string, text: string | Iterable<string>][]> {
    const rerun = this.#rerun(towns);
    const page = { ...pageData(record, history), ...given({ rerun }) };
    const sources = await readPage(rerun !== undefined);
    return [
      ["results.json", resultsJson(record)],
      ["junit.xml", junitXml(record)],
      ["report.html", reportHtml(sources, page)],
    ];
  }

  /**
   * What the page needs to replay the run; only virtual time can be replayed.
   */
  #rerun(towns: Rerun["towns"] = {}): Rerun | undefined {
    const { plan, topologyName, plantedBug } = this.#options;
    const { scenario, topology, seed, settings, file } = plan;
    if (scenario.world !== "virtual") return undefined;
    const { mode, durable, limits } = scenario;
    const isGenerated = generateTopology(topologyName, seed) !== undefined;
    return {
      drill: { name: file.name, text: file.text },
      seed,
      settings,
      topology: {
        name: topologyName,
        ...!isGenerated && { text: topologyYaml(topology) },
      },
      ...given({ mode, durable, limits, plantedBug }),
      towns,
    };
  }

  #plan(startedAt: string, results: readonly StepResult[]): string {
    const { plan, topologyName } = this.#options;
    const topology = isNamedTopology(topologyName)
      ? topologyName
      : "topology.yaml";
    return `# The plan of the run of ${startedAt}, of ${
      JSON.stringify(plan.scenario.file)
    }.\n` +
      "# Run it again: deno task scenario plan.yaml\n" +
      textOf(plan, { topology }, actionsOf(results));
  }

  /** Removes everything, unless the report is finished. */
  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
