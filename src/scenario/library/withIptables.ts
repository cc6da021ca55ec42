import { type IptablesFlavour, type Role, roles } from '../../contracts/words/nodes.js';
import type { RoleSettings, Scenario, ScenarioEvent } from '../model/scenario.js';

/**
 * Whether a role, a node or an event of the file has another flavour than `nft`, the default. Such a scenario is about that flavour, and is run as
 * it is written, whatever `--iptables` asks for.
 */
export function isAboutFlavour({
  roles: settings,
  nodes,
  events,
}: Pick<Scenario, 'roles' | 'nodes' | 'events'>): boolean {
  const ofRoles = [...Object.values(settings), ...Object.values(nodes)].map(({ iptables }) => iptables);
  const ofEvents = events.flatMap(({ action }) => (action.kind === 'rules' ? [action.iptables] : []));
  return [...ofRoles, ...ofEvents].some((flavour) => flavour !== 'nft');
}

/** The scenario with this flavour of iptables in every role and event. Rules of nftables' own stay: they know no flavour. */
export function withIptables(scenario: Scenario, iptables: IptablesFlavour): Scenario {
  const of = (role: Role): RoleSettings => ({ ...scenario.roles[role], iptables });
  const settings = Object.fromEntries(roles.map((role) => [role, of(role)])) as Scenario['roles'];
  const ofNodes = Object.entries(scenario.nodes).map(([name, own]) => [name, { ...own, iptables }] as const);
  return {
    ...scenario,
    roles: settings,
    nodes: Object.fromEntries(ofNodes),
    events: scenario.events.map((event) => withFlavour(event, iptables)),
  };
}

function withFlavour(event: ScenarioEvent, iptables: IptablesFlavour): ScenarioEvent {
  return event.action.kind === 'rules' ? { ...event, action: { ...event.action, iptables } } : event;
}
