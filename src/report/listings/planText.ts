import { driveCommand } from '../../scenario/plan/commands/commands.js';
import type {
  NodePlan,
  Plan,
  PlannedCommand,
  PlannedEvent,
  PlannedRules,
} from '../../scenario/model/planTypes.js';
import { shellQuote } from '../../support/quote.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import type { Paint } from '../text/colour.js';
import { indent } from '../text/countText.js';
import { flowLoadText } from '../phrases/flowLoadText.js';
import { momentText } from '../phrases/scenarioParts.js';
import { durationText } from '../../support/duration.js';

/** A plan for people: every name, address and command of a run; each command can be pasted into a shell. */
export function planText(plan: Plan, paint: Paint): string {
  const { shape, deadlines } = plan;
  const lines = [
    `${paint.bold(plan.scenario)}  run ${plan.runId}`,
    `  expected: ${expectationText(plan.expect)}`,
    `  labels:   ${pairs(shape.labels)}`,
    ...shape.networks.map(
      ({ network, name, subnet, gateway }) =>
        `  network:  ${network.padEnd(networkWidth)}  ${name}  ${subnet}  gateway ${gateway}`,
    ),
    `  service:  ${serviceText(plan)}, on ${plan.serving.join(', ')}`,
    `  deadlines: ${Object.entries(deadlines)
      .map(([name, seconds]) => `${name} ${durationText(seconds, 'set')}`)
      .join(', ')}`,
    `  measured: ${startTexts[plan.start]}`,
    '',
    ...plan.nodes.flatMap((node) => [nodeText(node, paint), '']),
    paint.bold('then, on the client'),
    ...plan.ready.map((each) => commandText('ready', each, paint)),
    ...flowsText(plan.flows, paint),
    ...driveTexts(plan, paint),
    ...plan.events.flatMap((event) => ['', eventText(event, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The command that makes the connections: of the control run on the client, of the others perhaps in a container beside another node. */
function driveTexts({ drive, controlDrive, load, shape }: Plan, paint: Paint): string[] {
  if (controlDrive === undefined) return [commandText('drive', driveCommand(drive), paint)];
  const program = shape.nodes.find(({ within }) => within !== undefined);
  return [
    commandText('drive', driveCommand(controlDrive), paint),
    '',
    paint.bold(`but on ${load.from ?? ''} in the measured run, container ${program?.container ?? ''}`),
    commandText('drive', driveCommand(drive), paint),
  ];
}

function serviceText({ vip, ports, targets }: Plan): string {
  if (targets !== undefined) return targets.map(({ address, port }) => `${address} port ${port}`).join(', ');
  return `${vip}, ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}

const startTexts: Readonly<Record<Plan['start'], string>> = {
  cold: 'in a lab of its own, in which nobody has sent a packet',
  warm: 'in the lab of the control run, with all that this taught it',
};

/** The command of the raw load agent, and the orders that it reads from its standard input in the measured run. */
function flowsText(flows: Plan['flows'], paint: Paint): string[] {
  if (flows === undefined) return [];
  const { measured } = flows.profiles;
  return [
    `  flows: ${flowLoadText(measured.flows)}`,
    commandText('flows', flows.command, paint),
    `  ${paint.dim('# reads, with the networks, their gateways and the MAC address that the engine tells, and a line `.` every 2 seconds from then on:')}`,
    `      ${JSON.stringify(measured)}`,
  ];
}

/** The width of the column with `front` and `lan`. */
const networkWidth = 5;

function nodeText(node: NodePlan, paint: Paint): string {
  const lines = [
    `${paint.bold(node.name)}  ${node.role}, container ${node.container}, address ${node.address}`,
    ...node.interfaces.map(
      ({ network, address }, index) => `  ${node.devices?.[index] ?? `eth${index}`}: ${network} ${address}`,
    ),
    `  capabilities: ${node.capabilities.join(' ') || 'none'}`,
    `  environment: ${pairs(node.environment) || 'none'}`,
    ...node.setup.map((step) => commandText('setup', step, paint)),
    ...node.zero.map((step) => commandText('zero', step, paint)),
    ...rulesText(node, paint),
    commandText('sampler', node.sampler, paint),
    ...(node.capture === undefined ? [] : [commandText('capture', node.capture, paint)]),
    commandText('collect', node.collect, paint),
  ];
  return lines.join('\n');
}

function rulesText({ rules }: NodePlan, paint: Paint): string[] {
  if (rules === undefined) return ['  rules: none'];
  return [...textsOf(rules, paint), commandText('rules', rules.load, paint)];
}

/** The texts that a command loads, indented. */
function textsOf({ texts }: PlannedRules, paint: Paint): string[] {
  return Object.entries(texts).flatMap(([kind, text]) => [
    `  ${paint.dim(`# ${kind}, for the standard input of what follows:`)}`,
    indent(text.trimEnd(), 6),
  ]);
}

function eventText({ at, what, steps }: PlannedEvent, paint: Paint): string {
  const lines = steps.flatMap(({ node, command, rules }) => [
    ...(rules === undefined ? [] : textsOf(rules, paint)),
    commandText(`on ${node}`, command, paint),
  ]);
  return [paint.bold(`${momentText(at)}: ${what}`), ...lines].join('\n');
}

function commandText(stage: string, { purpose, argv }: PlannedCommand, paint: Paint): string {
  return `  ${paint.dim(`# ${stage}: ${purpose}`)}\n  ${shellQuote(argv)}`;
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
