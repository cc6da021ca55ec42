import type { NodePlan, Plan, PlannedCommand } from '../scenario/types.js';
import { shellQuote } from '../support/quote.js';
import { formatExpectation } from '../verdict/naming.js';
import type { Paint } from './colour.js';
import { indent } from './format.js';

/** A plan for people: every name, address and command of a run; each command is one line that can be pasted into a shell. */
export function planText(plan: Plan, paint: Paint): string {
  const { network, deadlines } = plan;
  const lines = [
    `${paint.bold(plan.scenario)}  run ${plan.runId}`,
    `  expected: ${formatExpectation(plan.expect)}`,
    `  labels:   ${pairs(plan.labels)}`,
    `  network:  ${network.name}  ${network.subnet}  gateway ${network.gateway}`,
    `  service:  ${plan.vip}:${plan.port}`,
    `  deadlines: ready ${deadlines.ready} s, drive ${deadlines.drive} s, settle ${deadlines.settle} s, collect ${deadlines.collect} s`,
    '',
    ...plan.nodes.flatMap((node) => [nodeText(node, paint), '']),
    paint.bold('then, on the client'),
    command('ready', plan.ready, paint),
    command('drive', plan.drive, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText(node: NodePlan, paint: Paint): string {
  const lines = [
    `${paint.bold(node.name)}  ${node.role}, container ${node.container}, address ${node.address}`,
    `  capabilities: ${node.capabilities.join(' ') || 'none'}`,
    `  sysctls: ${pairs(node.sysctls) || 'none'}`,
    `  environment: ${pairs(node.environment) || 'none'}`,
    ...node.setup.map((step) => command('setup', step, paint)),
    command('reset', node.reset, paint),
    ...rulesText(node, paint),
    command('sampler', node.sampler, paint),
    ...(node.capture === undefined ? [] : [command('capture', node.capture, paint)]),
    command('stop', node.stop, paint),
    command('collect', node.collect, paint),
  ];
  return lines.join('\n');
}

function rulesText({ rules }: NodePlan, paint: Paint): string[] {
  if (rules === undefined) return ['  rules: none'];
  return [
    `  ${paint.dim(`# rules: loads ${rules.file}, whose text is below`)}`,
    `  ${shellQuote(rules.argv)}`,
    indent(rules.text.trimEnd(), 6),
  ];
}

function command(stage: string, { purpose, argv }: PlannedCommand, paint: Paint): string {
  return `  ${paint.dim(`# ${stage}: ${purpose}`)}\n  ${shellQuote(argv)}`;
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
