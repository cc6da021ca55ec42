// Stands in for `setpriv ... qemu-system-x86_64`: as much of QEMU as the lab sees of it, driven by FAKE_QEMU.
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const mode = process.env['FAKE_QEMU'];
writeFileSync(process.env['FAKE_QEMU_PID'] ?? '', String(process.pid));

if (mode === 'refuses') {
  process.stderr.write('qemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied\n');
  process.exit(1);
}

const answers: Readonly<Record<string, () => unknown>> = {
  qmp_capabilities: () => ({}),
  'query-status': () => ({ status: 'running' }),
  'human-monitor-command': () =>
    'Hub -1 (net):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n' +
    '  TCP[HOST_FORWARD]  13       127.0.0.1 43691       10.0.2.15  2376     0     0\r\n',
  panic: () => process.stdout.write('[   12.3] Kernel panic - not syncing: Attempted to kill init!\r\n'),
  'power-off': () => setImmediate(() => process.exit(0)),
};

const socket = /^unix:([^,]*)/.exec(process.argv[process.argv.indexOf('-qmp') + 1] ?? '')?.[1] ?? '';
if (mode === 'late') {
  // As between bind() and listen(): the file is there, and whoever connects is refused.
  writeFileSync(socket, '');
  await sleep(300);
  rmSync(socket);
}
process.stdout.write('SeaBIOS\r\nbooting\r\n');
createServer((connection) => {
  connection.on('error', () => undefined);
  if (mode === 'deaf') {
    connection.destroy();
    return;
  }
  connection.write('{"QMP":{"version":{},"capabilities":[]}}\r\n');
  createInterface({ input: connection }).on('line', (line) => {
    const { execute } = JSON.parse(line) as { readonly execute: string };
    if (execute.startsWith('disk-')) {
      const data = { operation: 'write', action: 'stop', nospace: execute === 'disk-full' };
      connection.write(`${JSON.stringify({ event: 'BLOCK_IO_ERROR', data })}\r\n`);
    }
    connection.write(`${JSON.stringify({ return: answers[execute]?.() ?? {} })}\r\n`);
  });
}).listen(socket);
