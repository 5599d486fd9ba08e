/**
 * A herd of location servers in one process, for tests and programs.
 *
 * @example An update reaches every server, and the herd routes round a dead one
 * ```ts
 * import { Herd } from "./mod.ts";
 *
 * await using herd = await Herd.start("2014");
 * const kiwi = await herd.client("Alford");
 * const at = await kiwi.iamat("kiwi.cs.ucla.edu", "+34.068930-118.445127");
 * await herd.propagated(at, { on: "all", withinMs: 1000 });
 *
 * await herd.kill("Powell");
 * const later = await kiwi.iamat("kiwi.cs.ucla.edu", "+34.069000-118.445000");
 * await herd.propagated(later, { on: ["Bolden", "Hamilton"] });
 *
 * await herd.revive("Powell");
 * await herd.converged();
 * ```
 *
 * @module
 */
export { type ByteString, readable, utf8 } from "./herd/core/bytes/bytes.ts";
export {
  fieldsOf,
  type FixFields,
  type FixSpan,
  isNewer,
} from "./herd/core/wire/fix.ts";
export type { DisseminationMode } from "./herd/core/dissemination/dissemination.ts";
export type { FurtherVia, Via } from "./herd/core/wire/via.ts";
export type { DialOptions, DialPlatform } from "./herd/net/ways/dial.ts";
export type { Ways } from "./herd/net/ways/ways.ts";
export { DEFAULT_LIMITS, type Limits } from "./herd/core/limits.ts";
export { parseAtLine } from "./herd/core/wire/message.ts";
export {
  type AtReply,
  Client,
  type Place,
  ReplyError,
  type WhatsatReply,
} from "./herd/net/client.ts";
export type { PlacesOptions } from "./herd/net/places/lookup.ts";
export type {
  Address,
  Clock,
  Connection,
  DatagramSocket,
  Network,
  Platform,
  TcpListener,
  Timer,
  TlsIdentity,
  TlsTrust,
} from "./herd/net/platform.ts";
export type { ServerEvent } from "./herd/core/server_event.ts";
export type { LinkStats, ServerStats } from "./herd/net/account.ts";
export {
  type ServerState,
  type Signal,
  WrongState,
} from "./sim/model/lifecycle.ts";
export { Undecided } from "./sim/live/herd/undecided.ts";
export { Unseen } from "./sim/live/herd/unseen.ts";
export type {
  ServerHandle,
  ServerReport,
  ServerStart,
  ServerWatcher,
  World,
} from "./sim/worlds/world.ts";
export { threads } from "./sim/worlds/threads/threads.ts";
export type { WorldName } from "./sim/model/world_name.ts";
export { OwnProcesses } from "./sim/worlds/processes/own_processes.ts";
export type { Listener } from "./sim/model/event_hub.ts";
export type { HerdEvent, HerdIncident } from "./sim/model/events.ts";
export { InvalidFile, type Problem } from "./sim/model/problem.ts";
export {
  type Backoff,
  DEFAULT_BACKOFF,
  DEFAULT_INTENSITY,
  type Intensity,
  type RestartPolicy,
  type RestartRules,
} from "./sim/model/restart.ts";
export type { Sight } from "./sim/model/sight.ts";
export type { ServerExpectation } from "./sim/model/server_expectation.ts";
export {
  neighboursOf,
  parseTopology,
  type Topology,
  type TopologyLink,
  type TopologyServer,
} from "./sim/model/topology/topology.ts";
export type { Distribution } from "./sim/model/faults/distribution.ts";
export type { LineKind } from "./herd/core/wire/link_message.ts";
export type { CutDials } from "./sim/model/steps/cut.ts";
export type { CutOptions } from "./sim/live/faults/fault_controller.ts";
export type { Shape } from "./sim/model/faults/partition.ts";
export type { Mode } from "./sim/model/faults/targets.ts";
export type {
  FaultHandle,
  FaultOptions,
  FaultRecord,
} from "./sim/live/faults/fault_book.ts";
export type {
  GarbageHandle,
  GarbageOptions,
  GreedyHandle,
  GreedyOptions,
  PlacesFault,
} from "./sim/live/faults/faults_around.ts";
export type { GarbageResult } from "./sim/live/faults/garbage_flood.ts";
export type { GreedyLines } from "./sim/model/faults/greedy.ts";
export type { GreedyResult } from "./sim/live/faults/greedy_flood.ts";
export type {
  HerdFaults,
  LatencyOptions,
  LineOptions,
  SlicerOptions,
  Targets,
} from "./sim/live/herd/herd_faults.ts";
export type {
  AbsentOptions,
  AssertOptions,
  HeldOptions,
} from "./sim/live/herd/assert_options.ts";
export { NoSuchScenario, type ScenarioFile } from "./sim/live/drill/files.ts";
export { type PlanOptions, WrongTopology } from "./sim/live/drill/plan.ts";
export { type DrillOptions, runDrill } from "./sim/live/drill/run_drill.ts";
export {
  type DrillResult,
  type DrillVerdict,
  type Failure,
  type StepResult,
  verdictOf,
} from "./sim/model/report/result.ts";
export { summary } from "./sim/model/report/text.ts";
export { NoSuchParameter } from "./sim/model/scenario/params.ts";
export type { ClientOptions } from "./sim/live/herd/clients.ts";
export { Herd } from "./sim/live/herd/herd.ts";
export { type LoadOptions, loadTopology } from "./sim/live/herd/load.ts";
export { PortInUse } from "./sim/live/servers/ports.ts";
export type { FixOrLine } from "./sim/live/herd/propagation.ts";
export type { HubTls } from "./herd/net/hub/hub.ts";
export type { HubAddress, HubChoice } from "./sim/live/hub/herd_hub.ts";
export type { HerdLog, HerdOptions } from "./sim/live/herd/start_options.ts";
export type { ServerStatus } from "./sim/live/servers/status.ts";
