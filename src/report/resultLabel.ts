import type { ScenarioResult } from '../run/result.js';
import type { Paint } from './colour.js';
import { resultOf } from './result.js';

/** `PASS`, `FAIL`, `INCONCLUSIVE`, `REFUSED`, `BROKE` or `NOT RUN`, in its colour. */
export function resultLabel(result: ScenarioResult, paint: Paint): string {
  const kind = resultOf(result);
  switch (kind) {
    case 'pass':
      return paint.green('PASS');
    case 'fail':
      return paint.red('FAIL');
    case 'inconclusive':
      return paint.yellow('INCONCLUSIVE');
    case 'refused':
      return paint.red('REFUSED');
    case 'broke':
      return paint.red('BROKE');
    case 'not-run':
      return paint.yellow('NOT RUN');
    default:
      return kind satisfies never;
  }
}
