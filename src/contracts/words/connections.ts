/** The two ends of a connection, one of which closes first. */
export const connectionEnds = ['server', 'client'] as const;
export type ConnectionEnd = (typeof connectionEnds)[number];

/** How the client closes. `half-close` sends a FIN after the last request while the server may still send. */
export const closeMethods = ['fin', 'rst', 'half-close'] as const;

/** How connect() is called. */
export const connectMethods = ['non-blocking', 'blocking'] as const;

/**
 * What clients of UDP do. `dns`: ask, and wait for the answer before they ask again. `quic`: send one datagram after the other, whatever
 * comes back, while the realserver sends some of its own for each.
 */
export const datagramKinds = ['dns', 'quic'] as const;

/**
 * Where a connection's local port comes from. `own`: the agent chooses ports that nobody has used. `kernel`: the kernel picks from
 * net.ipv4.ip_local_port_range.
 */
export const portSources = ['own', 'kernel'] as const;
