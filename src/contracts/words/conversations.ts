/** What a request asks the realserver to do after its reply: close, or keep the connection. */
export const afterReplies = ['close', 'keep'] as const;

/** What a flow can wait for: the whole reply to the last request, the server's FIN, or the acknowledgement of all it sent. */
export const awaitedThings = ['reply', 'fin', 'acked'] as const;

/** How a flow closes. `half` sends a FIN while the server may still send. On the wire it is the same as `fin`, but the conversation goes on. */
export const flowCloses = ['fin', 'rst', 'half'] as const;
export type FlowClose = (typeof flowCloses)[number];

/** Whether the server's FIN is acknowledged by a segment of its own, or by the client's FIN. */
export const finAcks = ['apart', 'riding'] as const;
export type FinAck = (typeof finAcks)[number];
