import { type Fault, type LiveEvent, type RecordedCall, type RuleViolation } from './contract.ts';
import { type Finding } from './rules/finding.ts';

/** What happened: calls, violations, live events; and the faults ordered for the calls to come. */
export class Journal {
  readonly calls: RecordedCall[] = [];
  readonly violations: RuleViolation[] = [];
  isTokenRevoked = false;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #faults = new Map<string, Fault[]>();

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(event: LiveEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  recordCall(call: RecordedCall): void {
    this.calls.push(call);
    this.emit({ type: 'call', call });
  }

  /**
   * Records findings as violations.
   * @param where Web API method or kind of ack
   * @param usualError Slack's code for a bad payload there
   * @returns the first finding that Slack refuses, with its code
   */
  report(
    where: string,
    findings: readonly Finding[],
    usualError: string,
  ): RuleViolation | undefined {
    const violations = findings.map((finding): RuleViolation => {
      const { error = usualError, ...rest } = finding;
      return { ...rest, at: Date.now(), where, error };
    });
    for (const violation of violations) {
      this.violations.push(violation);
      this.emit({ type: 'violation', violation });
    }
    return violations.find((violation) => violation.refused);
  }

  orderFault(method: string, fault: Fault, times: number): void {
    const ordered = this.#faults.get(method) ?? [];
    for (let count = 0; count < times; count += 1) ordered.push(fault);
    this.#faults.set(method, ordered);
  }

  clearFaults(method: string): void {
    this.#faults.delete(method);
  }

  takeFault(method: string): Fault | undefined {
    return this.#faults.get(method)?.shift();
  }
}
