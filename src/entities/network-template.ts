/** The kinds of community that a network can begin as; the files in `templates/` say what each brings. */
export const NETWORK_TEMPLATES = [
  'LETS',
  'TIMEBANK',
  'ECOVILLAGE',
  'COOPERATIVE',
  'MUTUAL_AID',
  'UMBRELLA',
] as const;
export type NetworkTemplateCode = (typeof NETWORK_TEMPLATES)[number];
