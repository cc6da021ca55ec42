/** IPVS schedulers by the names that `ipvsadm -s` takes, as of Linux 6.x (net/netfilter/ipvs). */
export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'twos',
] as const;

/**
 * Schedulers that keep sending one client's short connections to one realserver: by address (sh, dh, mh, lblc, lblcr), by
 * weight (fo), or until it is full (ovf). With these, a second realserver would never be reached.
 */
export const stickySchedulers: readonly string[] = ['lblc', 'lblcr', 'dh', 'sh', 'mh', 'fo', 'ovf'];

/** Flags of schedulers by the names that `ipvsadm -b` takes; each begins with its scheduler's name. */
export const schedulerFlags = ['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port'] as const;
