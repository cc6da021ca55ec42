import { build, type Histogram } from 'hdr-histogram-js';
import type { FlowLatencies, Latency } from '../../../../src/evidence/model/flowTypes.js';

const longest = 3_600_000_000;
const microsecondsPerMillisecond = 1000;

/** Durations of one kind: over the whole run, and since they were last asked for. */
class Times {
  readonly #all = histogram(3);
  // These are gone through once a second, while packets wait.
  readonly #recent = histogram(2);

  record(milliseconds: number): void {
    const microseconds = Math.min(
      Math.max(Math.round(milliseconds * microsecondsPerMillisecond), 0),
      longest,
    );
    this.#all.recordValue(microseconds);
    this.#recent.recordValue(microseconds);
  }

  total(): Latency | undefined {
    return latencyOf(this.#all);
  }

  recent(): Latency | undefined {
    const latency = latencyOf(this.#recent);
    if (latency !== undefined) this.#recent.reset();
    return latency;
  }
}

/** Histograms of connect, first-byte and close times. */
export class Latencies {
  readonly connect = new Times();
  readonly firstByte = new Times();
  readonly close = new Times();

  /** The times of the whole run. */
  total(): FlowLatencies {
    return {
      connect: this.connect.total(),
      firstByte: this.firstByte.total(),
      close: this.close.total(),
    };
  }

  /** The times since the last call. */
  recent(): FlowLatencies {
    return {
      connect: this.connect.recent(),
      firstByte: this.firstByte.recent(),
      close: this.close.recent(),
    };
  }
}

function histogram(digits: 2 | 3): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: longest,
    numberOfSignificantValueDigits: digits,
  });
}

function latencyOf(times: Histogram): Latency | undefined {
  if (times.totalCount === 0) return undefined;
  const seconds = (percentile: number): number => times.getValueAtPercentile(percentile) / 1_000_000;
  return {
    count: times.totalCount,
    p50: seconds(50),
    p90: seconds(90),
    p99: seconds(99),
    p999: seconds(99.9),
    max: times.maxValue / 1_000_000,
  };
}
