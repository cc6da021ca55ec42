/** What a client did otherwise than it was asked to. */
export interface Fault {
  /** The same words for all connections that are at fault in the same way. */
  readonly asked: string;
  readonly seen: string;
  /** Of this connection alone. */
  readonly detail?: string | undefined;
}
