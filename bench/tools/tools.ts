import type { ToolOutcome } from '../outcomes/toolOutcome.js';
import type { ClientPlace } from '../places/clientPlace.js';
import { agent } from './agent.js';
import { agentFlood, type Flood, hping3, rawSocket } from './floods.js';
import { ab, wrk } from './http.js';
import { limit } from './limit.js';
import type { Work } from './work.js';

/** Does its work in a place, once. */
export type Tool = (place: ClientPlace, work: Work) => Promise<ToolOutcome>;

const answered =
  (flood: Flood): Tool =>
  (place, work) =>
    flood(place, work, place.target.vip);

const dropped =
  (flood: Flood): Tool =>
  (place, work) =>
    flood(place, work, place.target.silent.address);

/** All that are compared, by the names that `--only` takes, in the order in which they run. */
export const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['agent', agent],
  ['limit', limit],
  ['wrk', wrk],
  ['ab', ab],
  ['agent-answered', answered(agentFlood)],
  ['hping3-answered', answered(hping3)],
  ['raw-socket-answered', answered(rawSocket)],
  ['agent-dropped', dropped(agentFlood)],
  ['hping3-dropped', dropped(hping3)],
  ['raw-socket-dropped', dropped(rawSocket)],
]);
