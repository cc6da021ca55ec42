/**
 * Whether connecting failed because the local port is in use: at bind(), or at connect() when an old connection with the same addresses and
 * ports still lingers. EADDRNOTAVAIL at bind() means something else: the client does not have the address.
 */
export function isPortTaken(
  failure: { readonly code?: string | undefined; readonly syscall?: string | undefined } | undefined,
): boolean {
  if (failure?.code === 'EADDRNOTAVAIL') return failure.syscall === 'connect';
  return failure?.code === 'EADDRINUSE';
}
