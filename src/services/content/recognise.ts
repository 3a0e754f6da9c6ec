/** What may be uploaded, as media types. */
export const ACCEPTED_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'application/pdf',
] as const;
export type AcceptedType = (typeof ACCEPTED_TYPES)[number];

const latin1 = (bytes: Buffer, from: number, until: number) => bytes.toString('latin1', from, until);
const PDF_END_WITHIN = 1_024;

// By what each format's description says stands at its beginning, and of a PDF near its end.
const MARKS: Record<AcceptedType, (bytes: Buffer) => boolean> = {
  'image/jpeg': (bytes) => latin1(bytes, 0, 3) === '\xff\xd8\xff',
  'image/png': (bytes) => latin1(bytes, 0, 8) === '\x89PNG\r\n\x1a\n',
  'image/webp': (bytes) => latin1(bytes, 0, 4) === 'RIFF' && latin1(bytes, 8, 12) === 'WEBP',
  'image/gif': (bytes) => /^GIF8[79]a$/.test(latin1(bytes, 0, 6)),
  'application/pdf': (bytes) =>
    /^%PDF-[12]\.\d$/.test(latin1(bytes, 0, 8)) && bytes.subarray(-PDF_END_WITHIN).includes('%%EOF'),
};

/** What bytes are, found by looking at them; null for what is not accepted. */
export function typeOf(bytes: Buffer): AcceptedType | null {
  return ACCEPTED_TYPES.find((type) => MARKS[type](bytes)) ?? null;
}
