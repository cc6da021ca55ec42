/** What a limit of a realserver's connections has to do with the answer. */
export const fullRealserver =
  'no limit of connections is asked about, nor in the lab: a realserver that has as many gets no more, and those that cannot be closed count for fifteen minutes';

/** What a server for when no other is there has to do with the answer. */
export const sorryServer =
  'no server for when all others are down is asked about, nor in the lab: whether clients get to it, rules may tell';
