/** The port of a source address's first flow. */
export const firstFlowPort = 1024;

/** Flows that one source address has ports for, from 1024 up; a control run's take some of the rest. */
export const portsPerSource = 60_000;
