import { type Fault, type JsonObject } from '../contract.ts';
import { type Core, SlackApiError } from '../core.ts';
import { refusal } from '../rules/finding.ts';
import { INSTALLATION } from '../world.ts';
import { type Method, needScope } from './method.ts';
import { PostPace } from './post-pace.ts';

/** A decoded call. */
export interface Call {
  readonly method: string;
  readonly token: string;
  readonly args: JsonObject;
}

/** An answer; `cut` means that the connection breaks off instead. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cut?: boolean;
}

/** What stands before every method: ordered faults, rate limits, token and scope. */
export class Gate {
  readonly #core: Core;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #posts = new PostPace(() => performance.now());
  readonly #limitedUntil = new Map<string, number>();

  constructor(core: Core, methods: ReadonlyMap<string, Method>) {
    this.#core = core;
    this.#methods = methods;
  }

  /** Performs a call and records it. */
  async handle(call: Call): Promise<Answer> {
    const at = Date.now();
    const startedAt = performance.now();
    const answer = await this.#answer(call);
    const durationMs = performance.now() - startedAt;
    const { method, args } = call;
    this.#core.journal.recordCall({
      at,
      method,
      args,
      status: answer.status,
      response: answer.body,
      durationMs,
    });
    return answer;
  }

  async #answer(call: Call): Promise<Answer> {
    const limited = this.#stillLimited(call.method);
    if (limited !== undefined) return limited;
    const fault = this.#core.journal.takeFault(call.method);
    const instead = fault === undefined ? undefined : this.#faulty(call.method, fault);
    if (instead !== undefined) return instead;
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const answer = await this.#paced(call);
    return fault?.kind === 'cut_after' ? { ...answer, cut: true } : answer;
  }

  async #paced(call: Call): Promise<Answer> {
    const { findings, end } = this.#posts.begin(call.method, call.args);
    this.#core.journal.report(call.method, findings, 'ratelimited');
    try {
      return await this.#perform(call);
    } finally {
      end();
    }
  }

  async #perform(call: Call): Promise<Answer> {
    try {
      const method = this.#permitted(call);
      return { status: 200, body: await method.run(this.#core, call.args) };
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      return { status: 200, body: { ...error.details, ok: false, error: error.code } };
    }
  }

  #permitted({ method: name, token }: Call): Method {
    const method = this.#methods.get(name);
    if (method === undefined) return this.#refuse(name, 'unknown_method', { req_method: name });
    if (method.token !== 'none') this.#checkToken(name, token, method.token);
    needScope(this.#core, name, method.scopes);
    return method;
  }

  #checkToken(name: string, token: string, wanted: 'bot' | 'app'): void {
    const { botToken, appToken } = INSTALLATION;
    if (token === botToken && this.#core.journal.isTokenRevoked)
      throw new SlackApiError('token_revoked');
    if (token === '') this.#refuse(name, 'not_authed');
    if (token !== botToken && token !== appToken) this.#refuse(name, 'invalid_auth');
    if (token !== (wanted === 'bot' ? botToken : appToken))
      this.#refuse(name, 'not_allowed_token_type');
  }

  #refuse(name: string, code: string, details: JsonObject = {}): never {
    this.#core.journal.report(
      name,
      [refusal('V29', [], `${name} was answered with ${code}.`)],
      code,
    );
    throw new SlackApiError(code, details);
  }

  #faulty(method: string, fault: Fault): Answer | undefined {
    switch (fault.kind) {
      case 'rate_limited':
        this.#limitedUntil.set(method, Date.now() + fault.retryAfterSeconds * 1000);
        return rateLimited(fault.retryAfterSeconds);
      case 'server_error':
        return { status: fault.status ?? 500, body: { ok: false, error: 'internal_error' } };
      case 'error':
        return { status: 200, body: { ok: false, error: fault.error } };
      case 'cut_after':
      case 'slow':
        return undefined;
    }
  }

  /** V31: calling again inside Retry-After is refused again. */
  #stillLimited(method: string): Answer | undefined {
    const left = (this.#limitedUntil.get(method) ?? 0) - Date.now();
    if (left <= 0) return undefined;
    this.#core.journal.report(
      method,
      [refusal('V31', [], 'Called again inside Retry-After.')],
      'ratelimited',
    );
    return rateLimited(Math.ceil(left / 1000));
  }
}

function rateLimited(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}
