// Stands in for `setpriv ... qemu-system-x86_64`: as much of QEMU as the lab sees of it, driven by FAKE_QEMU.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const mode = process.env['FAKE_QEMU'];
writeFileSync(process.env['FAKE_QEMU_PID'] ?? '', String(process.pid));

if (mode === 'refuses') {
  process.stderr.write('qemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied\n');
  process.exit(1);
}

/** What it says of a state that it writes, one answer after the other. */
const migration = [
  {},
  { status: 'active' },
  mode === 'cannot-save'
    ? { status: 'failed', 'error-desc': 'Unable to write to command' }
    : { status: 'completed' },
];
/** What it says of itself, one answer after the other; the last for ever. */
const status = process.argv.includes('-incoming') ? ['inmigrate', 'inmigrate', 'paused'] : ['running'];

const answers: Readonly<Record<string, () => unknown>> = {
  qmp_capabilities: () => ({}),
  'query-status': () => ({ status: status.length > 1 ? status.shift() : status[0] }),
  'query-migrate': () => migration.shift(),
  // As QEMU does it now and then: its answer is lost with it.
  quit: () => process.exit(0),
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
    appendFileSync(process.env['FAKE_QEMU_ASKED'] ?? '', `${line}\n`);
    if (execute.startsWith('disk-')) {
      const data = { operation: 'write', action: 'stop', nospace: execute === 'disk-full' };
      connection.write(`${JSON.stringify({ event: 'BLOCK_IO_ERROR', data })}\r\n`);
    }
    connection.write(`${JSON.stringify({ return: answers[execute]?.() ?? {} })}\r\n`);
  });
}).listen(socket);
