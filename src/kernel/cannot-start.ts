/** Why a program refuses to start, as a sentence for the person who started it: it says what to change. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}
