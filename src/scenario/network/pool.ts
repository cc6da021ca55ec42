import { subnetOf } from './ipv4.js';

/** Where a run's networks are when the scenario does not say: a range that RFC 2544 reserves for benchmarks of network devices, so that it is nobody's LAN. */
export const pool = subnetOf('198.18.0.0/15');
