/** Whether the realserver is asked to close behind its reply, or to keep the connection. */
export const afterReplies = ['close', 'keep'] as const;

/** What a flow can wait for: all of the last request's reply; the server's FIN; that all it sent is acknowledged. */
export const awaitedThings = ['reply', 'fin', 'acked'] as const;

/** How a flow closes. `half`: a FIN, and the server may still send. It is on the wire what `fin` is; the conversation goes on. */
export const flowCloses = ['fin', 'rst', 'half'] as const;
export type FlowClose = (typeof flowCloses)[number];

/** Whether the server's FIN is acknowledged by a segment of its own, or by the client's FIN. */
export const finAcks = ['apart', 'riding'] as const;
export type FinAck = (typeof finAcks)[number];
