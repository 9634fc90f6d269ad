import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { type JsonObject, type StoredFile } from '../contract.ts';
import { accepted, type Core, enforce } from '../core.ts';
import { at, isObject, member, objects, text } from '../json.ts';
import { type Finding, houseRule, refusal } from '../rules/finding.ts';
import { callsEveryone } from '../rules/payloads.ts';
import { checkBlocks } from '../rules/surfaces.ts';
import { withIds } from '../view-store.ts';
import { INSTALLATION } from '../world.ts';
import { refuseGoneThread, refuseWhen, writableChannel } from './channels.ts';
import { type Method, method, needed } from './method.ts';

const asking = z.looseObject({
  filename: needed,
  length: z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number),
});
const completing = z.looseObject({
  files: z.array(z.looseObject({ id: needed, title: z.string().optional() })).min(1),
  channel_id: z.string().optional(),
  thread_ts: z.string().optional(),
  initial_comment: z.string().optional(),
  blocks: z.unknown().optional(),
});
const oneFile = z.looseObject({ file: needed });

interface Upload {
  readonly fileId: string;
  readonly length: number;
}

/** Uploads begun and not completed, by the last part of their address. */
export class Uploads {
  readonly #open = new Map<string, Upload>();
  readonly contents = new Map<string, Uint8Array>();

  begin(upload: Upload): string {
    const id = randomBytes(12).toString('hex');
    this.#open.set(id, upload);
    return id;
  }

  find(id: string): Upload | undefined {
    return this.#open.get(id);
  }
}

/** The files.* methods; bytes go to emulate and are kept for the page. */
export function fileMethods(uploads: Uploads): readonly [string, Method][] {
  return [
    method({
      name: 'files.getUploadURLExternal',
      scopes: ['files:write'],
      args: asking,
      run: async (core, { filename, length }) => {
        const where = 'files.getUploadURLExternal';
        refuseWhen(core, where, [
          [length < 1, 'invalid_arguments', 'length must be the number of bytes.'],
        ]);
        const findings = filename.includes('.')
          ? []
          : [houseRule('V28', ['filename'], 'The filename has no extension.')];
        enforce(core, where, { findings, usualError: 'invalid_arguments' });
        const answer = accepted(await core.backing.call(where, { filename, length }));
        const id = uploads.begin({ fileId: text(answer['file_id']), length });
        return { ...answer, upload_url: `${core.rootUrl}/upload/v1/${id}` };
      },
    }),
    method({
      name: 'files.completeUploadExternal',
      scopes: ['files:write'],
      args: completing,
      run: (core, args) => complete(core, uploads, args),
    }),
    method({
      name: 'files.info',
      scopes: ['files:read'],
      args: oneFile,
      run: async (core, { file }) => {
        const answer = accepted(await core.backing.call('files.info', { file }));
        return {
          ...answer,
          file: isObject(answer['file']) ? withOurUrls(core, answer['file']) : {},
        };
      },
    }),
    method({
      name: 'files.delete',
      scopes: ['files:write'],
      args: oneFile,
      run: async (core, { file }) => {
        const answer = accepted(await core.backing.call('files.delete', { file }));
        core.messages.removeFile(file);
        return answer;
      },
    }),
  ];
}

/**
 * Takes the bytes of an upload (V28: exactly as many as announced).
 * @returns HTTP status and body
 */
export async function receiveUpload(
  core: Core,
  uploads: Uploads,
  sent: { id: string; bytes: Uint8Array },
): Promise<{ status: number; body: string }> {
  const fault = core.journal.takeFault('upload');
  if (fault?.kind === 'server_error') return { status: fault.status ?? 500, body: 'error' };
  if (fault !== undefined) return { status: 400, body: 'refused' };
  const upload = uploads.find(sent.id);
  if (upload === undefined) return { status: 404, body: 'file_not_found' };
  if (sent.bytes.length !== upload.length) {
    const sentence = `${upload.length} bytes were announced and ${sent.bytes.length} sent.`;
    core.journal.report('upload', [refusal('V28', ['length'], sentence)], 'length_mismatch');
    return { status: 400, body: 'length_mismatch' };
  }
  uploads.contents.set(upload.fileId, sent.bytes);
  const status = await core.backing.upload(upload.fileId, sent.bytes);
  return { status, body: status === 200 ? `OK - ${upload.length}` : 'file_not_found' };
}

async function complete(
  core: Core,
  uploads: Uploads,
  args: z.infer<typeof completing>,
): Promise<JsonObject> {
  const where = 'files.completeUploadExternal';
  const target =
    args.channel_id === undefined ? undefined : writableChannel(core, where, args.channel_id);
  refuseWhen(core, where, [
    [
      typeof target === 'string',
      'channel_not_found',
      'A file can only go to a conversation that exists.',
    ],
  ]);
  const channel = typeof target === 'string' ? undefined : target;
  refuseGoneThread(core, where, { channel: channel?.id ?? '', threadTs: args.thread_ts });
  enforce(core, where, { findings: checkShare(core, args), usualError: 'invalid_blocks' });
  const blocks = args.initial_comment === undefined ? withIds(objects(args.blocks)) : [];
  const answer = accepted(
    await core.backing.call(where, {
      files: args.files.map(({ id, title }) => ({ id, ...(title === undefined ? {} : { title }) })),
      ...(channel === undefined ? {} : { channel_id: channel.id }),
      ...(args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }),
      ...(args.initial_comment === undefined ? {} : { initial_comment: args.initial_comment }),
      ...(blocks.length === 0 ? {} : { blocks }),
    }),
  );
  const files = objects(answer['files']);
  const stored = files.map((file) => keep(core, uploads, file));
  if (channel !== undefined) {
    core.messages.add({
      channel: channel.id,
      ts: shareTs(files[0], channel.id),
      threadTs: args.thread_ts,
      user: INSTALLATION.botUserId,
      text: args.initial_comment ?? '',
      blocks,
      files: stored,
    });
  }
  return { ...answer, files: files.map((file) => withOurUrls(core, file)) };
}

function checkShare(core: Core, args: z.infer<typeof completing>): Finding[] {
  const findings: Finding[] = [];
  const blocks = args.blocks;
  if (blocks !== undefined && args.initial_comment === undefined) {
    findings.push(...checkBlocks(blocks, 'message'));
    if (objects(blocks).some((block) => block['type'] === 'markdown')) {
      // F30.
      findings.push({
        ...refusal('V28', ['blocks'], 'A markdown block breaks file shares.'),
        error: 'internal_error',
      });
    }
  }
  if (callsEveryone(args.initial_comment))
    findings.push(houseRule('V19', ['initial_comment'], 'The comment calls everyone.'));
  if (args.thread_ts === undefined) return findings;
  const root = core.messages.find(args.channel_id ?? '', args.thread_ts);
  if (root === undefined || root.isReply) {
    findings.push(
      houseRule('V24', ['thread_ts'], 'thread_ts is not the ts of a thread’s first message.'),
    );
  }
  return findings;
}

function keep(core: Core, uploads: Uploads, file: JsonObject): StoredFile {
  const id = text(file['id']);
  const stored: StoredFile = {
    id,
    name: text(file['name']),
    title: text(file['title']),
    mimeType: mimeTypeOf(text(file['name'])) ?? text(file['mimetype']),
    size: Number(file['size'] ?? 0),
  };
  core.messages.keepFile(stored, uploads.contents.get(id) ?? new Uint8Array());
  return stored;
}

/** Slack goes by the name; emulate knows fewer endings. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  zip: 'application/zip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

function mimeTypeOf(name: string): string | undefined {
  return MIME_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''];
}

function shareTs(file: JsonObject | undefined, channelId: string): string {
  const shares = [member(file, 'shares')].flatMap((all) => [
    member(all, 'public'),
    member(all, 'private'),
  ]);
  return shares.map((share) => text(at(share, [channelId, 0, 'ts']))).find((ts) => ts !== '') ?? '';
}

function withOurUrls(core: Core, file: JsonObject): JsonObject {
  const url = `${core.rootUrl}/files-pri/${text(file['id'])}/${encodeURIComponent(text(file['name']))}`;
  return {
    ...file,
    url_private: url,
    mimetype: mimeTypeOf(text(file['name'])) ?? text(file['mimetype']),
    url_private_download: `${url}?download=1`,
    permalink: `https://${INSTALLATION.teamDomain}.slack.com/files/${INSTALLATION.botUserId}/${text(file['id'])}`,
  };
}
