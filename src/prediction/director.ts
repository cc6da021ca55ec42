import { addressNumber, isInRange, parseRange } from '../site/model/addressRange.js';
import type { Site, SiteRoute } from '../site/model/site.js';
import type { Assumption } from './model/prediction.js';
import type { Director, VirtualService } from './model/question.js';

/** What options say of the director, beside the files. */
export interface DirectorOptions {
  readonly clientSide: string | undefined;
  readonly serverSide: string | undefined;
  readonly clients: readonly string[];
}

/** What is known of the director for a service, and which of it is only assumed. */
export interface KnownDirector {
  readonly director: Director;
  readonly assumed: readonly Assumption[];
}

/** What files and options say of the director, as far as it matters to a service. */
export function directorOf(site: Site, service: VirtualService, named: DirectorOptions): KnownDirector {
  const { interfaces, routes, sysctls } = site;
  const assumed: Assumption[] = [];
  const say = (text: string) => assumed.push({ text, at: undefined });
  const names = interfaces?.map(({ name }) => name).filter((name) => name !== 'lo');
  const [only, ...more] = names ?? [];
  const single = only !== undefined && more.length === 0 ? only : undefined;
  const clients = named.clients.length === 0 ? undefined : named.clients;
  const byClient = deviceTo(clients?.[0]?.replace(/\/.*/, ''), service, routes);
  const clientSide = named.clientSide ?? single ?? byClient;
  if (named.clientSide === undefined && single === undefined && byClient !== undefined)
    say(`clients come in by ${byClient}, as the route to them leads there`);
  const sides = [
    ...new Set(service.servers.flatMap(({ address }) => deviceTo(address, service, routes, false) ?? [])),
  ];
  const isEach = service.servers.every(
    ({ address }) => deviceTo(address, service, routes, false) !== undefined,
  );
  const serverSide = named.serverSide ?? single ?? (sides.length === 1 && isEach ? sides[0] : undefined);
  if (sysctls?.get('net.ipv4.vs.conntrack') === undefined)
    say('net.ipv4.vs.conntrack is 0, its default: give `sysctl -a` where it may not be');
  if (sysctls?.get('net.netfilter.nf_conntrack_tcp_loose') === undefined)
    say('net.netfilter.nf_conntrack_tcp_loose is 1, its default');
  if (service.servers.some(({ forwarding, isLocal }) => forwarding !== 'nat' && !isLocal))
    say('realservers answer clients directly, and not through the director');
  return {
    director: {
      vsConntrack: sysctls?.get('net.ipv4.vs.conntrack')?.trim() === '1',
      forwardingOff: forwardingOff(site, service),
      loose: sysctls?.get('net.netfilter.nf_conntrack_tcp_loose')?.trim() !== '0',
      clientSide: clientSide === undefined ? undefined : [clientSide],
      serverSide: serverSide === undefined ? undefined : [serverSide],
      clients,
      own: interfaces?.flatMap(({ addresses }) => addresses.map((one) => one.replace(/\/.*/, ''))) ?? [],
      interfaces: names,
    },
    assumed,
  };
}

/** The sysctl that keeps the director from forwarding, where no interface has one of its own that lets it. */
function forwardingOff({ sysctls }: Site, { family }: VirtualService): string | undefined {
  const number = family === 'ipv4' ? 4 : 6;
  const name = number === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  const ofInterface = new RegExp(`^net\\.ipv${number}\\.conf\\.(?!all\\.|default\\.|lo\\.).+\\.forwarding$`);
  const isOn = [...(sysctls ?? [])].some(([key, value]) => ofInterface.test(key) && value.trim() === '1');
  return sysctls?.get(name)?.trim() === '0' && !isOn ? name : undefined;
}

/** The interface that the routes lead to for an address: that of the narrowest network that has it, or for clients the default route's. */
function deviceTo(
  address: string | undefined,
  { family }: VirtualService,
  routes: readonly SiteRoute[] | undefined,
  isClient = true,
): string | undefined {
  const own = (routes ?? []).filter((route) => route.family === family);
  const number = address === undefined ? undefined : addressNumber(address);
  const found = own
    .flatMap((route) => {
      const range = route.to === 'default' ? undefined : parseRange(route.to);
      return range !== undefined && number !== undefined && isInRange(range, number)
        ? [{ route, range }]
        : [];
    })
    .toSorted((one, other) =>
      one.range.last - one.range.first < other.range.last - other.range.first ? -1 : 1,
    );
  const [narrowest] = found;
  if (narrowest !== undefined) return narrowest.route.device;
  return number !== undefined || isClient ? own.find(({ to }) => to === 'default')?.device : undefined;
}
