/**
 * What keys of `virtual_server` say, beside its protocol, method, weight and realservers: `choosing`: which realserver a client gets; `checking`: whether
 * realservers are up, and whom to tell; `method`, `scheduling` and `spare`: see keepalived.ts.
 */
const ofServices = {
  method: ['lb_kind', 'lvs_method'],
  choosing: [
    ...['lb_algo', 'lvs_sched', 'persistence_timeout', 'persistence_granularity', 'persistence_engine'],
    ...['hashed', 'flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'],
  ],
  scheduling: ['ops', 'protocol', 'weight', 'ip_family', 'real_server'],
  spare: ['sorry_server'],
  checking: [
    ...['delay_loop', 'ha_suspend', 'smtp_alert', 'virtualhost', 'alpha', 'omega', 'quorum', 'hysteresis'],
    ...['quorum_up', 'quorum_down', 'retry', 'delay_before_retry', 'warmup', 'inhibit_on_failure'],
    ...['connect_timeout', 'log_all_failures', 'snmp_name', 'notify_up', 'notify_down', 'est_timeout'],
    ...['sorry_server_inhibit', 'sorry_server_lvs_method', 'snmp_server', 'nb_get_retry'],
  ],
} as const;

/** The same of `real_server`; what is in capitals is a check. */
const ofServers = {
  method: ofServices.method,
  limits: ['uthreshold', 'lthreshold'],
  scheduling: ['weight'],
  checking: [
    ...['inhibit_on_failure', 'notify_up', 'notify_down', 'smtp_alert', 'virtualhost', 'delay_loop'],
    ...['alpha', 'retry', 'delay_before_retry', 'warmup', 'log_all_failures', 'snmp_name', 'connect_timeout'],
  ],
} as const;

type About = keyof typeof ofServices | keyof typeof ofServers;

const aboutService = namesOf(ofServices);
const aboutServer = namesOf(ofServers);

/** What a key of a block is about; undefined: keepalived has no such key that is known here. */
export function aboutKey(block: 'virtual_server' | 'real_server', key: string): About | undefined {
  if (/^[A-Z][A-Z0-9_]+$/.test(key)) return 'checking';
  return (block === 'virtual_server' ? aboutService : aboutServer).get(key);
}

function namesOf(groups: Partial<Readonly<Record<About, readonly string[]>>>): ReadonlyMap<string, About> {
  return new Map(
    Object.entries(groups).flatMap(([about, keys]) => keys.map((key) => [key, about as About] as const)),
  );
}
