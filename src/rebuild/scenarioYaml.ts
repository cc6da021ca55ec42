import type { Family, Forwarding, Protocol } from '../contracts/words/network.js';
import type { Behaviour } from './behaviours.js';
import type { RebuiltRules } from './ruleTexts.js';

/** What the lab of a scenario has of the site. */
export interface SitePlan {
  readonly forwarding: Forwarding;
  readonly family: Family;
  readonly vip: string;
  /** By node name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly sides: { readonly clients: string; readonly realservers: string };
  readonly realservers: number;
  readonly hasLocalRealserver: boolean;
  readonly services: readonly {
    readonly protocol: Protocol;
    readonly port: number;
    readonly fwmark: number | undefined;
    readonly onePacket: true | undefined;
    /** Its realservers, each with the port that it serves on where that is another; undefined: all. */
    readonly servers: readonly { readonly name: string; readonly port: number | undefined }[] | undefined;
  }[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly rules: RebuiltRules['files'];
  /** The rules of single realservers, by node name. */
  readonly nodes: Readonly<Record<string, RebuiltRules['files']>>;
  /** Run on the director when the rules are loaded. */
  readonly commands: readonly string[];
}

/** A scenario file of the site. */
export function scenarioYaml(
  {
    id,
    behaviour,
    about,
  }: { readonly id: string; readonly behaviour: Behaviour; readonly about: readonly string[] },
  plan: SitePlan,
): string {
  const { forwarding, family, vip, addresses, sides, services, sysctls, rules, commands } = plan;
  const used = services.filter(({ protocol }) => protocol === behaviour.protocol);
  const connections = Math.min(64, used.length * Math.max(2, plan.realservers));
  const lines = [
    ...about.map((line) => `# ${line}`),
    `id: ${id}`,
    `title: ${quoted(`${used.map(({ port }) => port).join(', ')} at ${vip}: ${behaviour.title}`.slice(0, 100))}`,
    'topology:',
    `  forwarding: ${forwarding}`,
    `  family: ${family}`,
    `  vip: ${quoted(vip)}`,
    `  addresses: ${inline(addresses)}`,
    `  devices: { director: ${inline(sides)} }`,
    `  realservers: ${plan.realservers}`,
    ...(plan.hasLocalRealserver ? ['  local-realserver: true'] : []),
    '  services:',
    ...services.map(serviceText),
    'director:',
    ...(Object.keys(sysctls).length === 0 ? [] : [`  sysctls: ${inline(sysctls)}`]),
    ...rules.map(({ key, name }) => `  ${key}: { file: ${quoted(name)} }`),
    ...(commands.length === 0 ? [] : ['  commands:', ...commands.map((line) => `    - ${quoted(line)}`)]),
    ...(Object.keys(plan.nodes).length === 0 ? [] : ['nodes:']),
    ...Object.entries(plan.nodes).map(
      ([node, own]) =>
        `  ${node}: { ${own.map(({ key, name }) => `${key}: { file: ${quoted(name)} }`).join(', ')} }`,
    ),
    'load:',
    `  connections: ${connections}`,
    ...behaviour.load.map((line) => `  ${line}`),
    // A port that is given away by then only because a kernel's timer has run out is none that a client finds free.
    ...(behaviour.isSecond ? ['deadlines: { drive: 30s }'] : []),
    '# What rules name and the lab does not have is not of these clients, or has no part in the service.',
    'unmatched: accept',
    `expect: { outcome: ${behaviour.protocol === 'tcp' ? 'healthy' : 'answered'} }`,
  ];
  return `${lines.join('\n')}\n`;
}

function serviceText({ protocol, port, fwmark, onePacket, servers }: SitePlan['services'][number]): string {
  const own = servers?.map((one) => `${one.name}: {${one.port === undefined ? '' : ` port: ${one.port} `}}`);
  const parts = [
    `port: ${port}`,
    ...(protocol === 'tcp' ? [] : [`protocol: ${protocol}`]),
    ...(fwmark === undefined ? [] : [`fwmark: ${fwmark}`]),
    ...(onePacket === undefined ? [] : ['one-packet: true']),
    ...(own === undefined ? [] : [`realservers: { ${own.join(', ')} }`]),
  ];
  return `    - { ${parts.join(', ')} }`;
}

/** Any text as YAML takes it: JSON is YAML. */
function quoted(text: string): string {
  return /^[\w./-]*[A-Za-z/.-][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function inline(values: Readonly<Record<string, string>>): string {
  const parts = Object.entries(values).map(([key, value]) => `${key}: ${quoted(value)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
