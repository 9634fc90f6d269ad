import { z } from 'zod';
import { type ApprovalPolicy, DEFAULT_POLICY } from '../domain/approval.ts';
import { DEFAULT_RETENTION_DAYS } from '../domain/queue-list.ts';
import {
  type ApproversChannel,
  approversChannelOf,
  credentialsOf,
  SLACK_RULES,
  type SlackCredentials,
  slackFields,
} from './slack-env.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment is not fit. The message has one line per fault, each naming its variable. */
export class EnvironmentFaulty extends Error {
  override readonly name = 'EnvironmentFaulty';
}

export interface DatabaseConfig {
  readonly databaseUrl: string;
  readonly logLevel: LogLevel;
}

export interface QueueConfig extends DatabaseConfig {
  readonly redisUrl: string;
  /** Prefix of every key in Redis. */
  readonly queuePrefix: string;
  /** Who has to agree to an overwrite, and how long a plan waits for an answer. */
  readonly policy: ApprovalPolicy;
  /** How long the files of a push are kept, in days, unless they are kept until deleted (B06). */
  readonly retentionDays: number;
}

export interface WorkerConfig extends QueueConfig {
  /** Pushes at work at the same time. */
  readonly concurrency: number;
  /** How long a dead worker's push waits for another one. */
  readonly leaseMs: number;
  /** The same while a push is being planned: longer than the longest plan. */
  readonly planLeaseMs: number;
  /** How often due and orphaned pushes are looked for. */
  readonly reconcileMs: number;
  /** The share of a plan's items, from 0 to 1, that may change before the push is planned again. */
  readonly staleShare: number;
  /** The role whose rights the worker has in the database; \`none\` for those of its own user. */
  readonly databaseRole: string;
}

export interface BotConfig extends QueueConfig {
  readonly credentials: SlackCredentials;
  /** Empty in Socket Mode, which has no signatures. */
  readonly signingSecret: string;
  /** Present: Socket Mode. */
  readonly appToken: string | undefined;
  /** Of a stand-in; ends with /api/. Slack's own when absent. */
  readonly slackApiUrl: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; every one of the machine when absent. */
  readonly host: string | undefined;
  /** Where overwrites are put up for approval, beside directly to each approver. */
  readonly approversChannel: ApproversChannel | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level to log with before the environment is checked: a faulty one is told with the other faults. */
export function readLogLevel({ LOG_LEVEL }: Environment): LogLevel {
  return LOG_LEVELS.find((level) => level === LOG_LEVEL) ?? 'warn';
}

/** Reads what `migrate` and commands without a queue need. @throws EnvironmentFaulty */
export function readDatabaseConfig(env: Environment): DatabaseConfig {
  return databaseConfig(parse(databaseSchema, env));
}

/** Reads what commands that start a push need. @throws EnvironmentFaulty */
export function readQueueConfig(env: Environment): QueueConfig {
  return queueConfig(parse(queueSchema, env));
}

/** Reads what the worker needs. @throws EnvironmentFaulty */
export function readWorkerConfig(env: Environment): WorkerConfig {
  return workerConfig(parse(workerSchema, env));
}

/** Reads the share of stale items that makes a plan stale, 0 to 1. @throws EnvironmentFaulty */
export function readStaleShare(env: Environment): number {
  return parse(workerSchema.pick({ PUSH_STALE_SHARE: true }), env).PUSH_STALE_SHARE / 100;
}

/** Reads what the bot needs. @throws EnvironmentFaulty */
export function readBotConfig(env: Environment): BotConfig {
  return botConfig(parse(botSchema, env));
}

/** Reads what bot and worker in one process need, with the faults of both. @throws EnvironmentFaulty */
export function readDevConfig(env: Environment): { bot: BotConfig; worker: WorkerConfig } {
  const values = parse(devSchema, env);
  return { bot: botConfig(values), worker: workerConfig(values) };
}

const required = (what: string): z.ZodString => z.string(`is missing: ${what}`);

const address = (what: string, protocol: RegExp): z.ZodType<string> =>
  required(what).refine(
    (text) => URL.canParse(text) && protocol.test(new URL(text).protocol),
    `is not an address: ${what}`,
  );

/** A whole number in the given bounds. */
const whole = (min: number, max: number, fallback: number): z.ZodType<number, string | undefined> =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .default(String(fallback))
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

const databaseSchema = z.object({
  DATABASE_URL: address('postgres://user:password@host:5432/database', /^postgres(ql)?:$/),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

const queueSchema = databaseSchema.extend({
  REDIS_URL: address('redis://host:6379, or rediss: for TLS', /^rediss?:$/),
  PUSH_QUEUE_PREFIX: z
    .string()
    .regex(/^\{[\w-]+\}$/, 'must be a name in braces, such as {push}')
    .default('{push}'),
  APPROVAL_QUORUM: whole(1, 10, DEFAULT_POLICY.quorum),
  APPROVAL_QUORUM_ACTIVE_YEAR: whole(1, 10, DEFAULT_POLICY.quorumActiveYear),
  APPROVAL_ANSWER_HOURS: whole(1, 720, DEFAULT_POLICY.answerHours),
  REPORT_RETENTION_DAYS: whole(1, 3650, DEFAULT_RETENTION_DAYS),
});

const workerSchema = queueSchema.extend({
  PUSH_CONCURRENCY: whole(1, 16, 2),
  PUSH_LEASE_SECONDS: whole(2, 300, 15),
  PUSH_PLAN_LEASE_SECONDS: whole(5, 3600, 180),
  PUSH_RECONCILE_SECONDS: whole(1, 60, 2),
  PUSH_STALE_SHARE: whole(0, 100, 5),
  PUSH_DATABASE_ROLE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'must be the name of a role, or none')
    .default('push_worker'),
});

const botFields = {
  ...slackFields,
  PORT: whole(0, 65_535, 3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address to listen on, such as 127.0.0.1')
    .optional(),
};

/** Rules over several variables are told beside the other faults, not only when there are none. */
const withSlackRules = <Schema extends z.ZodType>(schema: Schema): Schema =>
  SLACK_RULES.reduce(
    (ruled, { variable, message, holds }) =>
      ruled.refine((read) => holds(z.looseObject({}).parse(read)), {
        path: [variable],
        message,
        when: () => true,
      }),
    schema,
  );

const botSchema = withSlackRules(queueSchema.extend(botFields));
const devSchema = withSlackRules(workerSchema.extend(botFields));

/** An empty variable counts as absent, as in a copied `.env.example`. */
function parse<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
  throw new EnvironmentFaulty(`The environment needs changes:\n${[...new Set(faults)].join('\n')}`);
}

function databaseConfig(values: z.output<typeof databaseSchema>): DatabaseConfig {
  return { databaseUrl: values.DATABASE_URL, logLevel: values.LOG_LEVEL };
}

function queueConfig(values: z.output<typeof queueSchema>): QueueConfig {
  return {
    ...databaseConfig(values),
    redisUrl: values.REDIS_URL,
    queuePrefix: values.PUSH_QUEUE_PREFIX,
    policy: {
      quorum: values.APPROVAL_QUORUM,
      quorumActiveYear: values.APPROVAL_QUORUM_ACTIVE_YEAR,
      answerHours: values.APPROVAL_ANSWER_HOURS,
    },
    retentionDays: values.REPORT_RETENTION_DAYS,
  };
}

function workerConfig(values: z.output<typeof workerSchema>): WorkerConfig {
  return {
    ...queueConfig(values),
    concurrency: values.PUSH_CONCURRENCY,
    leaseMs: values.PUSH_LEASE_SECONDS * 1000,
    planLeaseMs: values.PUSH_PLAN_LEASE_SECONDS * 1000,
    reconcileMs: values.PUSH_RECONCILE_SECONDS * 1000,
    staleShare: values.PUSH_STALE_SHARE / 100,
    databaseRole: values.PUSH_DATABASE_ROLE,
  };
}

function botConfig(values: z.output<typeof botSchema>): BotConfig {
  return {
    ...queueConfig(values),
    credentials: credentialsOf(values),
    signingSecret: values.SLACK_SIGNING_SECRET,
    appToken: values.SLACK_APP_TOKEN,
    slackApiUrl: values.SLACK_API_URL,
    port: values.PORT,
    host: values.HOST,
    approversChannel: approversChannelOf(values),
  };
}
