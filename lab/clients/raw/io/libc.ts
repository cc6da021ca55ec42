import koffi from 'koffi';

/** Functions of the C library that the agent needs and Node does not have, on 64-bit little-endian Linux. */

const library = koffi.load('libc.so.6');

/** The address of memory that the kernel reads or writes. JavaScript must not move that memory (see `memory`). */
type Address = number;

/** The functions as in the C library: after a result below 0 or a null pointer, `errnoName()` has the reason. */
export const libc = {
  socket: library.func('int socket(int domain, int type, int protocol)') as (
    domain: number,
    type: number,
    protocol: number,
  ) => number,
  bind: library.func('int bind(int fd, uintptr_t address, uint32_t length)') as (
    fd: number,
    address: Address,
    length: number,
  ) => number,
  setsockopt: library.func(
    'int setsockopt(int fd, int level, int option, uintptr_t value, uint32_t length)',
  ) as (fd: number, level: number, option: number, value: Address, length: number) => number,
  getsockopt: library.func(
    'int getsockopt(int fd, int level, int option, uintptr_t value, uintptr_t length)',
  ) as (fd: number, level: number, option: number, value: Address, length: Address) => number,
  sendmmsg: library.func('int sendmmsg(int fd, uintptr_t messages, uint32_t count, int flags)') as (
    fd: number,
    messages: Address,
    count: number,
    flags: number,
  ) => number,
  recvmmsg: library.func(
    'int recvmmsg(int fd, uintptr_t messages, uint32_t count, int flags, uintptr_t timeout)',
  ) as (fd: number, messages: Address, count: number, flags: number, timeout: Address) => number,
  poll: library.func('int poll(uintptr_t fds, uint64_t count, int milliseconds)') as (
    fds: Address,
    count: number,
    milliseconds: number,
  ) => number,
  close: library.func('int close(int fd)') as (fd: number) => number,
  ifNameToIndex: library.func('uint32_t if_nametoindex(const char *name)') as (name: string) => number,
};

/** A C library function failed; `code` is the name of its errno. */
export class SystemCallError extends Error {
  readonly code: string;

  constructor(syscall: string) {
    const code = errnoName(koffi.errno());
    super(`${syscall}: ${code}`);
    this.name = 'SystemCallError';
    this.code = code;
  }
}

const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
// Linux has one number for the two; which name comes first is up to the list.
names.set(koffi.os.errno['EAGAIN'] ?? 11, 'EAGAIN');

/** Why the last call failed: a name such as EAGAIN. */
export function errnoName(errno: number = koffi.errno()): string {
  return names.get(errno) ?? `errno ${errno}`;
}

/** Returns the result. Throws SystemCallError when it is below 0. */
export function succeeded(syscall: string, result: number): number {
  if (result < 0) throw new SystemCallError(syscall);
  return result;
}

/** Allocates zeroed bytes, which stay at their address for as long as they are referenced, and returns them with that address. */
export function memory(length: number): { readonly bytes: Buffer; readonly address: number } {
  // A typed array of its own ArrayBuffer lies outside of V8's heap, whatever its size.
  const bytes = Buffer.from(new ArrayBuffer(length));
  return { bytes, address: Number(koffi.address(bytes)) };
}
