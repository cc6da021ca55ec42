/** The port of a source address's first flow. */
export const firstFlowPort = 1024;

/** How many flows have ports on one source address, from 1024 up; a control run's flows use some of the remaining ports. */
export const portsPerSource = 60_000;
