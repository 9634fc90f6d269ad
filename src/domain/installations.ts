/** A workspace that installed the app. */
export interface InstalledWorkspace {
  readonly teamId: string;
  readonly teamName: string;
  readonly scopes: readonly string[];
  /** Slack id of the person who installed it. */
  readonly installedBy: string;
}

/** The same with its tokens, sealed: only who has the key can read them. */
export interface SealedInstallation extends InstalledWorkspace {
  readonly sealed: Buffer;
}

/** Where installations are kept. */
export interface InstallationBox {
  /** Keeps a workspace's installation in place of an earlier one. */
  save(installation: SealedInstallation): Promise<void>;
  find(teamId: string): Promise<SealedInstallation | undefined>;
  /** By name. */
  list(): Promise<readonly InstalledWorkspace[]>;
  /** @returns false when there was none */
  remove(teamId: string): Promise<boolean>;
}
