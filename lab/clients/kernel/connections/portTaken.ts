/**
 * The local port belongs to somebody: at bind(), or at connect() to a connection that lingers with the same four numbers.
 * EADDRNOTAVAIL at bind() is another matter: the address is not the client's.
 */
export function isPortTaken(
  failure: { readonly code?: string | undefined; readonly syscall?: string | undefined } | undefined,
): boolean {
  if (failure?.code === 'EADDRNOTAVAIL') return failure.syscall === 'connect';
  return failure?.code === 'EADDRINUSE';
}
