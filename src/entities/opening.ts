/** When something is open, by the clocks of its network. */
export interface Opening {
  /** Hours of the week; null for always. */
  weekly: OpenHours[] | null;
  /** Whole days on which it is closed: holidays. */
  closures: Closure[];
}

export interface OpenHours {
  /** 1 for Monday to 7 for Sunday. */
  weekday: number;
  /** `09:00`. */
  from: string;
  /** `18:00`; `24:00` for the end of the day. */
  until: string;
}

export interface Closure {
  /** The first day: `2026-12-24`. */
  from: string;
  /** The last day. */
  until: string;
  note: string;
}
