/** Who closes a connection first. */
export const closers = ['server', 'client'] as const;

/** How the client closes. `half-close`: a FIN behind its last request, and the server may still send. */
export const closeMethods = ['fin', 'rst', 'half-close'] as const;

/** How connect() is called. */
export const connectMethods = ['non-blocking', 'blocking'] as const;

/** `own`: the agent hands out ports that nobody used before. `kernel`: the kernel picks from net.ipv4.ip_local_port_range. */
export const portSources = ['own', 'kernel'] as const;
