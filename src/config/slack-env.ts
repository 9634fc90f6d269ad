import { z } from 'zod';

/** The app's own secrets, with which workspaces install it by themselves. */
export interface InstallConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  /** 32 bytes each: the first one encrypts the tokens, all of them decrypt. */
  readonly installationKeys: readonly [Buffer, ...Buffer[]];
  /** Workspaces that may install the app. */
  readonly teamIds: readonly string[];
}

/** One workspace by its token, or several that install the app by themselves. */
export type SlackCredentials =
  | {
      readonly kind: 'one_workspace';
      readonly botToken: string;
      /** Workspaces that may use the app; only the bot token's when absent. */
      readonly teamIds: readonly string[] | undefined;
    }
  | ({ readonly kind: 'several_workspaces' } & InstallConfig);

/** The approvers' channel; its workspace is named where there are several. */
export interface ApproversChannel {
  readonly teamId: string | undefined;
  readonly channelId: string;
}

const KEY_BYTES = 32;

/** What the bot needs to speak to Slack, variable by variable. */
export const slackFields = {
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-/, 'must begin with xoxb-')
    .optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_STATE_SECRET: z.string().min(32, 'must have 32 characters or more').optional(),
  SLACK_INSTALLATION_KEYS: z
    .string()
    .transform((text) => text.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
    .refine(
      (keys) => keys.every((key) => key.length === KEY_BYTES),
      'must be keys of 32 bytes in base64, separated by commas (openssl rand -base64 32)',
    )
    .optional(),
  SLACK_SIGNING_SECRET: z.string().default(''),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'must begin with xapp-')
    .optional(),
  SLACK_API_URL: z
    .string()
    .refine((text) => URL.canParse(text), 'is not an address')
    .transform((text) => (text.endsWith('/') ? text : `${text}/`))
    .optional(),
  SLACK_TEAM_IDS: z
    .string()
    .regex(/^[TE]\w+(,[TE]\w+)*$/, 'must be ids such as T0123ABC, separated by commas')
    .transform((text) => text.split(','))
    .optional(),
  SLACK_APPROVERS_CHANNEL: z
    .string()
    .regex(
      /^(T\w+\/)?[CG]\w+$/,
      'must be the id of a channel, such as C0123ABC or T0123ABC/C0123ABC',
    )
    .optional(),
};

/** The variables as far as they were read: a faulty one may be anything. */
type Read = Readonly<Partial<Record<keyof typeof slackFields, unknown>>>;

/** A rule over several variables; the message stands at the variable to change. */
interface Rule {
  readonly variable: keyof typeof slackFields;
  readonly message: string;
  readonly holds: (read: Read) => boolean;
}

const SEVERAL = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET'] as const;
const INSTALL = [...SEVERAL, 'SLACK_INSTALLATION_KEYS'] as const;

const isSeveral = (read: Read): boolean => INSTALL.some((name) => Boolean(read[name]));

/** What must hold between the variables. */
export const SLACK_RULES: readonly Rule[] = [
  {
    variable: 'SLACK_BOT_TOKEN',
    message: 'is missing: the Bot User OAuth Token of the app',
    holds: (read) => isSeveral(read) || Boolean(read.SLACK_BOT_TOKEN),
  },
  {
    variable: 'SLACK_SIGNING_SECRET',
    message: 'is missing: the Signing Secret of the app (or set SLACK_APP_TOKEN for Socket Mode)',
    holds: (read) => Boolean(read.SLACK_APP_TOKEN) || Boolean(read.SLACK_SIGNING_SECRET),
  },
  ...INSTALL.map((variable): Rule => ({
    variable,
    message: 'is missing: several workspaces need all of ' + INSTALL.join(', '),
    holds: (read) => !isSeveral(read) || Boolean(read[variable]),
  })),
  {
    variable: 'SLACK_BOT_TOKEN',
    message: 'must be empty when workspaces install the app by themselves (SLACK_CLIENT_ID)',
    holds: (read) => !isSeveral(read) || !read.SLACK_BOT_TOKEN,
  },
  {
    variable: 'SLACK_APP_TOKEN',
    message: 'must be empty when workspaces install the app by themselves: that needs HTTP',
    holds: (read) => !isSeveral(read) || !read.SLACK_APP_TOKEN,
  },
  {
    variable: 'SLACK_TEAM_IDS',
    message: 'is missing: the workspaces that may install the app',
    holds: (read) => !isSeveral(read) || Boolean(read.SLACK_TEAM_IDS),
  },
  {
    variable: 'SLACK_APPROVERS_CHANNEL',
    message: 'must name its workspace too, such as T0123ABC/C0123ABC, where there are several',
    holds: (read) =>
      !isSeveral(read) ||
      typeof read.SLACK_APPROVERS_CHANNEL !== 'string' ||
      read.SLACK_APPROVERS_CHANNEL.includes('/'),
  },
];

type SlackValues = z.output<z.ZodObject<typeof slackFields>>;

/** Which kind of credentials there are. The values must hold `SLACK_RULES`. */
export function credentialsOf(values: SlackValues): SlackCredentials {
  const { SLACK_CLIENT_ID: clientId, SLACK_TEAM_IDS: teamIds } = values;
  const [newest, ...older] = values.SLACK_INSTALLATION_KEYS ?? [];
  if (clientId === undefined || newest === undefined)
    return { kind: 'one_workspace', botToken: values.SLACK_BOT_TOKEN ?? '', teamIds };
  return {
    kind: 'several_workspaces',
    clientId,
    clientSecret: values.SLACK_CLIENT_SECRET ?? '',
    stateSecret: values.SLACK_STATE_SECRET ?? '',
    installationKeys: [newest, ...older],
    teamIds: teamIds ?? [],
  };
}

/** "T1/C2" or "C2". */
export function approversChannelOf(values: SlackValues): ApproversChannel | undefined {
  const [channelId, teamId] = values.SLACK_APPROVERS_CHANNEL?.split('/').toReversed() ?? [];
  return channelId === undefined ? undefined : { channelId, teamId };
}
