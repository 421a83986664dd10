import { SurveyError, type SurveyFault } from './survey-error';

/** Collects faults while a file is read, keeps the first `limit` of them and counts the rest. */
export class FaultList {
  private readonly kept: SurveyFault[] = [];
  private readonly timesSeen = new Map<SurveyFault, number>();
  private readonly byKey = new Map<string, SurveyFault>();
  private total = 0;

  constructor(private readonly limit: number) {}

  add(fault: SurveyFault): void {
    this.total++;
    if (this.kept.length < this.limit) this.kept.push(fault);
  }

  /** Adds the fault that `make` gives when `key` comes for the first time; later it only counts the rows. */
  addOnce(key: string, make: () => SurveyFault): void {
    const known = this.byKey.get(key);
    if (known !== undefined) {
      this.timesSeen.set(known, (this.timesSeen.get(known) ?? 1) + 1);
      return;
    }
    const fault = make();
    this.byKey.set(key, fault);
    this.add(fault);
  }

  /** @throws SurveyError if there is any fault. */
  throwIfAny(): void {
    if (this.total === 0) return;
    const faults = this.kept.map((fault) => ({ ...fault, rows: this.timesSeen.get(fault) ?? 1 }));
    throw new SurveyError(faults, this.total);
  }
}
