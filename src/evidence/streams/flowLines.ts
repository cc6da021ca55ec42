import {
  flowReportLineSchema,
  flowSecondSchema,
  type FlowReport,
  type FlowSecond,
} from '../model/flowTypes.js';
import { parseRecordedJson } from '../text/parseRecordedJson.js';

/** A line that the raw load agent prints. */
type FlowLine =
  | { readonly report: FlowReport; readonly second?: undefined }
  | { readonly second: FlowSecond; readonly report?: undefined };

/** Reads a line that the raw load agent prints. Throws EvidenceError that names the wrong field. */
export function readFlowLine(text: string): FlowLine {
  return /^\s*\{\s*"report"/.test(text)
    ? parseRecordedJson(flowReportLineSchema, text)
    : { second: parseRecordedJson(flowSecondSchema, text) };
}
