import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { afterKey, CURSOR_INTEGER, pageOf, pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { toMutationError } from '../../schema/common/errors.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  TransferImportInput,
  TransferImportPayerConnection,
  TransferImportPayerType,
  TransferImportPayload,
  TransferImportType,
} from '../../schema/ledger/transfer-import.ts';
import { TransferConnection } from '../../schema/ledger/transfer.ts';
import { ImportFaulty } from '../../services/ledger/import-faults.ts';
import {
  importTransfers,
  NothingImported,
  repeatedImport,
  type ImportPayer,
  type ImportReport,
} from '../../services/ledger/import-transfers.ts';
import { listByCause } from '../../services/ledger/transfer-lines.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver(() => TransferImportType)
export class TransferImportResolver {
  @FieldResolver(() => MoneyType, {
    description:
      'The sum of the amounts of all lines that could be read, in the unit of the import, whether limits let them pass or not.',
  })
  total(@Root() { payers, unit }: ImportReport): MoneyType {
    return moneyOf(
      payers.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
      unit,
    );
  }

  @FieldResolver(() => Boolean, { description: 'Whether any payer or payee passes a limit.' })
  isBeyondLimit(@Root() { payers }: ImportReport): boolean {
    return payers.some((payer) => payer.isBeyondLimit);
  }

  @FieldResolver(() => TransferImportPayerConnection, {
    description: 'What the lines of each payer come to, in the order in which they first pay.',
  })
  payers(@Root() report: ImportReport, @Args(() => PageArgs) page: PageArgs): Page<object> {
    const request = pageRequest(page);
    const [after] = afterKey(request, [CURSOR_INTEGER]);
    const first = after ? Number(after) + 1 : 0;
    const numbered = report.payers.map((payer, number) => ({ ...payer, unit: report.unit, number }));
    return pageOf(numbered.slice(first, first + request.first + 1), request, ({ number }) => [number]);
  }

  @FieldResolver(() => TransferConnection, {
    nullable: true,
    description: 'The posted transfers in the order of the lines; null if nothing was posted.',
  })
  transfers(
    @Root() { id, unit, isPosted }: ImportReport,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Transfer>> | null {
    if (!isPosted) return null;
    return listByCause(ctx.db, { networkId: unit.networkId, id }, pageRequest(page));
  }

  @Mutation(() => TransferImportPayload, {
    description:
      'Makes the payments of a file, all of them or none, once for its key; or tells what would come of it. Codes: IMPORT_FAULTY, TOO_MANY_LINES, REQUIRED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async transferImport(
    @Input(() => TransferImportInput) input: TransferImportInput,
    @Ctx() ctx: Context,
  ): Promise<TransferImportPayload> {
    try {
      const { made, errors } = input.isPreview
        ? await mutate(ctx, async (tx) => ({ made: await importTransfers(tx, input) }))
        : await mutateOnce(ctx, {
            operation: 'transferImport',
            input,
            work: (tx) => importTransfers(tx, input),
            again: (tx, id) => repeatedImport(tx, input, id),
          });
      return { transferImport: made, errors };
    } catch (error) {
      if (!(error instanceof NothingImported)) throw error;
      const { report, isPreview } = error;
      const errors = isPreview ? [] : [toMutationError(new ImportFaulty(report.faults.length))];
      return { transferImport: report, errors };
    }
  }
}

@Resolver(() => TransferImportPayerType)
export class TransferImportPayerResolver {
  @FieldResolver(() => AccountType, { description: 'The account that pays.' })
  account(@Root() { networkId, accountId }: ImportPayer, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(networkId, accountId);
  }

  @FieldResolver(() => MoneyType, {
    description: 'What it pays in all these lines, in the unit of the import.',
  })
  total(@Root() { totalMinor, unit }: ImportPayer & Pick<ImportReport, 'unit'>): MoneyType {
    return moneyOf(totalMinor, unit);
  }
}
