/** Mean and standard deviation of numbers that come one by one (Welford 1962). */
export class RunningMoments {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.#squares += before * (value - this.mean);
  }

  /** Of the numbers so far; 1 where they are all alike, so that dividing by it changes nothing. */
  get deviation(): number {
    const deviation = this.count === 0 ? 0 : Math.sqrt(this.#squares / this.count);
    return deviation > 1e-12 * Math.max(1, Math.abs(this.mean)) ? deviation : 1;
  }
}
