/**
 * A scenario's time limits by their keys, in seconds: until the path through the lab is open (`ready`), for the load (`drive`), for sockets to
 * stop changing (`settle`), for a node's final counters (`collect`), and how long sockets must not change to count as settled (`quiet`).
 */
export const deadlineKeys = ['ready', 'drive', 'settle', 'collect', 'quiet'] as const;
export type DeadlineKey = (typeof deadlineKeys)[number];
