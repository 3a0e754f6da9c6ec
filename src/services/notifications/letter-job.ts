/** What goes into a letter; the sending job keeps it until the letter has left. */
export interface LetterJob {
  letter: LetterName;
  to: string;
  /** The receiver's language; English where there is no translation. */
  locale: string;
  values: Record<string, string>;
}

export const LETTER_NAMES = [
  'EMAIL_VERIFICATION',
  'EMAIL_CHANGE',
  'EMAIL_CHANGE_NOTICE',
  'PASSWORD_RESET',
  'INVITATION',
  'MEMBERSHIP_ADMITTED',
  'BOOKING_REQUESTED',
  'BOOKING_APPROVED',
  'BOOKING_DECLINED',
] as const;
export type LetterName = (typeof LETTER_NAMES)[number];
