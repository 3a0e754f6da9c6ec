import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../common/connection.ts';
import { NetworkInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';

@InputType({ description: 'A list of payments as a file, such as a spreadsheet writes it.' })
export class TransferImportInput extends NetworkInput {
  @Field(() => ID, {
    description:
      'Chosen by the client, 1 to 128 printable characters. The same key with the same content executes once; a preview does not use it up.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The unit of all accounts and amounts in the file.' })
  unitId: string;

  @Field(() => String, {
    description:
      'The text of a CSV file (RFC 4180) with commas or semicolons and up to 2,000 lines below a header of `payer,payee,amount,description` in any order. Payer and payee are ids of accounts, or exact names that one active member has. Amounts have a decimal point.',
  })
  csv: string;

  @Field(() => Boolean, {
    description: 'True to be told what would come of it, with every fault, and to change nothing.',
  })
  isPreview: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True for a coordinator who writes down what others have agreed; if absent or false, the viewer must be allowed to sign for every payer.',
  })
  isRecorded?: boolean | null;
}

@ObjectType('TransferImportFault', { description: 'What is wrong with one line of a file.' })
export class TransferImportFaultType {
  @Field(() => Int, {
    description: 'The line, counted from 1 with the header, as editors and spreadsheets do.',
  })
  line: number;

  @Field(() => String, {
    nullable: true,
    description: 'The column at fault, such as `amount`; null if it is the line as a whole.',
  })
  column: string | null;

  @Field(() => String, { description: 'Stable code, such as `DECIMAL_COMMA`; docs/errors.md lists them.' })
  code: string;

  @Field(() => String, { description: 'A sentence in English for developers and for lack of a better one.' })
  message: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What would be right, in English, such as “at most 2 decimals”; null if the code says it all.',
  })
  expected: string | null;
}

@ObjectType('TransferImportPayer', { description: 'What the sound lines of one payer come to.' })
export class TransferImportPayerType {
  @Field(() => Int, { description: 'How many lines it pays.' })
  lineCount: number;

  @Field(() => Boolean, {
    description:
      'Whether they pass a limit: some are refused for it, or posted with a mark in a unit that only warns.',
  })
  isBeyondLimit: boolean;
}

export const TransferImportPayerConnection = connectionOf<object>(
  'TransferImportPayer',
  () => TransferImportPayerType,
);

@ObjectType('TransferImport', { description: 'What came of a list of payments, or would come of it.' })
export class TransferImportType {
  @Field(() => Boolean, { description: 'Whether the payments were made. If not, nothing was changed.' })
  isPosted: boolean;

  @Field(() => Int, { description: 'How many lines the file has below its header, faulty ones too.' })
  lineCount: number;

  @Field(() => [TransferImportFaultType], {
    description: 'Every faulty line in order, at most one for each column; none if all can be posted.',
  })
  faults: TransferImportFaultType[];
}

@ObjectType({ description: 'What came of the file, or why it was not even read.' })
export class TransferImportPayload extends MutationPayload {
  @Field(() => TransferImportType, {
    nullable: true,
    description: 'What came of it or would come of it; also if there were faults and nothing was posted.',
  })
  transferImport?: TransferImportType;
}
