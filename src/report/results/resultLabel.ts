import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { Paint } from '../text/colour.js';
import { resultOf } from './resultKind.js';

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
