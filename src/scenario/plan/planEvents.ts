import { command, sysctlCommand } from './commands/command.js';
import { inSysctl } from '../model/devicesOf.js';
import { nodesOf } from '../model/nodesOf.js';
import { fillPlaceholders, fillRules } from './commands/placeholders.js';
import { plannedRules } from './commands/ruleLoading.js';
import { realserverDefault } from './setup/routes.js';
import { repliesOfThroughDirector, type Setting } from './setup/setting.js';
import { clientsDevice } from './setup/sides.js';
import { addVip, removeVip } from './setup/vip.js';
import type { PlannedEvent } from '../model/planTypes.js';
import type { ScenarioEvent } from '../model/scenario.js';

type Step = PlannedEvent['steps'][number];

/** Whether the scenario has events at set times of the connections' lives. */
export function hasTimedEvents({
  events,
}: {
  readonly events: readonly Pick<ScenarioEvent, 'at'>[];
}): boolean {
  return events.some(({ at }) => at !== 'settled');
}

/** The plan of an event: all commands, and the node of each. */
export function planEvent(
  { at, node, action }: ScenarioEvent,
  setting: Setting,
  placeholders: Readonly<Record<string, string>>,
): PlannedEvent {
  switch (action.kind) {
    case 'rules': {
      const rules = plannedRules('load the rules of an event', {
        rules: fillRules(action.rules, placeholders),
        iptables: action.iptables,
        sysctls: {},
      });
      const steps = rules === undefined ? [] : [{ node, command: rules.load, rules }];
      return { at, what: `new rules on ${node}`, steps };
    }
    case 'sysctls': {
      const commands = sysctlCommand('set the sysctls of an event', action.sysctls);
      const names = Object.entries(action.sysctls).map(([key, value]) => `${key}=${value}`);
      return {
        at,
        what: `${names.join(', ')} on ${node}`,
        steps: commands.map((one) => ({ node, command: one })),
      };
    }
    case 'run': {
      const line = fillPlaceholders(action.command, placeholders);
      const step = { node, command: command('run the command of an event', ['sh', '-c', line]) };
      return { at, what: `\`${line}\` on ${node}`, steps: [step] };
    }
    case 'stop-server': {
      const stop = command('end the server program', ['sh', '/lab/server/stop.sh']);
      return { at, what: `the server on ${node} ends`, steps: [{ node, command: stop }] };
    }
    case 'take-vip':
      return { at, what: `${node} takes the VIP over`, steps: takeVip(node, setting) };
  }
}

/** The director loses the VIP first: two owners would be a fault of its own. */
function takeVip(taker: string, setting: Setting): readonly Step[] {
  const { family, vips } = setting.addresses;
  const deviceOf = (name: string) => clientsDevice(setting, { name, role: 'director' });
  const device = deviceOf(taker);
  const purpose = 'take packets for the VIP from now on';
  return [
    ...vips.map((vip) => ({
      node: 'director',
      command: removeVip('give the VIP up', { family, vip }, deviceOf('director')),
    })),
    ...(family === 'ipv6'
      ? sysctlCommand('tell neighbours of new addresses', {
          [`net.ipv6.conf.${inSysctl(device)}.ndisc_notify`]: '1',
        }).map((one) => ({ node: taker, command: one }))
      : []),
    ...vips.map((vip) => ({
      node: taker,
      command: addVip(purpose, { family, vip }, device, { tellNeighbours: true }),
    })),
    ...(family === 'ipv4'
      ? vips.map((vip) => ({
          node: taker,
          command: command('tell neighbours who has the VIP', [
            ...['arping', '-U', '-c', '2', '-I', device, '-s', vip, vip],
          ]),
        }))
      : []),
    ...repliesThrough(taker, setting),
  ];
}

/** What virtual routers do with the address inside: the realservers' way out moves along with the VIP. */
function repliesThrough(taker: string, setting: Setting): readonly Step[] {
  const { topology } = setting;
  const realservers = nodesOf(topology).filter(
    ({ name, role }) => role === 'realserver' && repliesOfThroughDirector(name, topology),
  );
  return realservers.flatMap(({ name }) =>
    realserverDefault(name, setting, 'replace', taker).map((one) => ({ node: name, command: one })),
  );
}
