// Entry point of `npm run build:man`: writes the man page that the package brings along.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { liveServices } from '../liveServices.js';
import { manual } from './manual.js';

writeFileSync(join(packageRoot, 'dist', 'lvs-lab.1'), manual(liveServices));
