import type { Options, Report } from './main.ts';

export async function benchGrowth(_options: Options): Promise<Report> {
  return { figures: {}, broken: [] };
}
