import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseNftRuleset } from './nftables.js';
import { partsOf } from './parts.js';
import { readNodeEvidence } from './readNode.js';
import { readLoadReport, readPhase, type RecordedNode, type RecordedPlan } from './recorded.js';
import { flowEvidence, readFlowLines } from './readFlows.js';
import type { NodeFlows } from './readNodeFlows.js';
import type { IpvsSample, NodeEvidence, PhaseEvidence, RuleCount } from './types.js';

/** Reads `control/` or `measured/`. Never rejects for what a file holds or that it is missing: that is in `problems`. */
export async function readPhaseEvidence(
  directory: string,
  phase: 'control' | 'measured',
  plan: RecordedPlan,
  recordedNodes: readonly RecordedNode[],
): Promise<PhaseEvidence> {
  const problems: string[] = [];
  const note = (problem: string): void => void problems.push(`${basename(directory)}/${problem}`);
  const part = partsOf(directory, note);

  const load = await part('load.json', (bytes) => readLoadReport(bytes.toString('utf8')));
  const end = await part('phase.json', (bytes) => readPhase(bytes.toString('utf8')));
  const asked = plan.flows && { way: plan.flows.way, profile: plan.flows.profiles[phase] };
  const lines = asked && (await part('flows.jsonl', (bytes) => readFlowLines(bytes.toString('utf8'), note)));
  const nodes: NodeEvidence[] = [];
  const ipvs: IpvsSample[] = [];
  const nodeFlows: (readonly [node: string, NodeFlows])[] = [];
  for (const node of recordedNodes) {
    const captured = plan.nodes.some(({ name, capture }) => name === node.name && capture !== undefined);
    const flows = asked && { serves: plan.serving.includes(node.name) };
    const read = await readNodeEvidence(node, { captured, flows }, part, note);
    nodes.push(read.evidence);
    ipvs.push(...read.ipvs);
    if (read.flows !== undefined) nodeFlows.push([node.name, read.flows]);
  }
  return {
    phase,
    vip: plan.vip,
    ports: plan.ports,
    servers: plan.servers,
    forwarding: plan.forwarding,
    serving: plan.serving,
    load,
    nodes,
    ipvs,
    flows: asked && flowEvidence(asked, lines, nodeFlows),
    engineHost: await readEngineHost(directory),
    settled: end?.settled ?? false,
    problems,
  };
}

async function readEngineHost(directory: string): Promise<readonly RuleCount[] | undefined> {
  const text = await readFile(join(directory, 'engine-host.nft'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseNftRuleset(text, 'all');
}
