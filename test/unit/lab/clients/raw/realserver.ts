// A realserver for tests of the raw load agent: answers as the lab's nginx does below /close and /keep, on port 80 of both families.
import { createServer } from 'node:http';

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.url?.startsWith('/close')) response.setHeader('Connection', 'close');
    response.end('lvs-lab realserver1\n');
  });
});
server.listen({ port: 80, host: '::', backlog: 4096 }, () => {
  console.log('ready');
});
