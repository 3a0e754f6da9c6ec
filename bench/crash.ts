import type { Options, Report } from './main.ts';

export async function benchCrash(_options: Options): Promise<Report> {
  return { figures: {}, broken: [] };
}
