/** Time is a parameter: whoever needs the present asks a clock, so that tests and the demo can travel. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. */
export class TravelClock implements Clock {
  private instant: number;

  constructor(start: Date) {
    this.instant = start.getTime();
  }

  now(): Date {
    return new Date(this.instant);
  }

  /** Moves forward (or back) by milliseconds. */
  advance(milliseconds: number): void {
    this.instant += milliseconds;
  }

  moveTo(instant: Date): void {
    this.instant = instant.getTime();
  }
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The instant that lies so many milliseconds after another. */
export function after(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}
