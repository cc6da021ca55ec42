import type { RecordedNode } from '../model/recordedNodes.js';
import type { RecordedPlan } from '../model/recordedPlan.js';
import type { Phase } from '../../contracts/words/phases.js';
import { clientIn } from '../model/clientNode.js';
import { requestedLoad } from './requestedLoadOf.js';
import { parseNftRuleset } from '../listings/packetFilter/nftables.js';
import { phaseFileReader } from './sealed/phaseFileReader.js';
import { readNodeEvidence } from './readNode.js';
import { readKeptControl, readLoadReport, readPhase } from './recordedFiles.js';
import { keptFile } from '../model/keptControl.js';
import { flowEvidence, readFlowLines } from './readFlows.js';
import type { NodeFlows } from './readNodeFlows.js';
import type { SealedFolder } from './sealed/sealedFolder.js';
import type { IpvsSample, NodeEvidence, PhaseEvidence } from '../model/evidence.js';

/** The file with the packet filter of the engine's own namespace; it exists only when a control run was not healthy. */
const engineHost = 'engine-host.nft';

/** Reads `control/` or `measured/`. Never rejects because a file is missing or wrong: that becomes one of the `problems`. */
export async function readPhaseEvidence(
  folder: SealedFolder,
  phase: Phase,
  plan: RecordedPlan,
  recordedNodes: readonly RecordedNode[],
): Promise<PhaseEvidence> {
  const unfinished = folder.problemOf(phase, true);
  const problems: string[] = unfinished === undefined ? [] : [unfinished];
  const note = (problem: string): void => void problems.push(`${phase}/${problem}`);
  const part = phaseFileReader(folder, phase, note);

  const load = await part('load.json', (bytes) => readLoadReport(bytes.toString('utf8')));
  const end = await part('phase.json', (bytes) => readPhase(bytes.toString('utf8')));
  const asked = plan.flows && {
    way: plan.flows.way,
    profile: plan.flows.profiles[phase === 'control' ? phase : 'measured'],
  };
  const lines = asked && (await part('flows.jsonl', (bytes) => readFlowLines(bytes.toString('utf8'), note)));
  const nodes: NodeEvidence[] = [];
  const ipvs: IpvsSample[] = [];
  const nodeFlows: (readonly [node: string, NodeFlows])[] = [];
  for (const node of recordedNodes) {
    const captured = plan.nodes.some(({ name, capture }) => name === node.name && capture !== undefined);
    // Flows of UDP have no sockets on realservers that these could count.
    const countsSockets = asked?.profile.flows.datagrams === undefined && plan.serving.includes(node.name);
    const flows = asked && { countsSockets };
    const read = await readNodeEvidence(node, { captured, flows }, part, note);
    nodes.push(read.evidence);
    ipvs.push(...read.ipvs);
    if (read.flows !== undefined) nodeFlows.push([node.name, read.flows]);
  }
  return {
    phase,
    vip: plan.vip,
    ports: plan.ports,
    targets: plan.targets,
    servers: plan.servers,
    forwarding: plan.forwarding,
    client: clientIn(plan, phase),
    serving: plan.serving,
    asked: requestedLoad(plan, phase, note),
    load,
    nodes,
    ipvs,
    flows: asked && flowEvidence(asked, lines, nodeFlows),
    engineHost: (await folder.mayHave(`${phase}/${engineHost}`))
      ? await part(engineHost, (bytes) => parseNftRuleset(bytes.toString('utf8')))
      : undefined,
    kept: (await folder.mayHave(`${phase}/${keptFile}`))
      ? await part(keptFile, (bytes) => readKeptControl(bytes.toString('utf8')))
      : undefined,
    start: end?.start,
    events: end?.events,
    settled: end?.settled ?? false,
    problems,
  };
}
