/** A difference between what a client was asked to do and what it did. */
export interface Fault {
  /** In the same words for all connections with the same kind of fault, so that they can be counted together. */
  readonly asked: string;
  readonly seen: string;
  /** Of this connection alone. */
  readonly detail?: string | undefined;
}
