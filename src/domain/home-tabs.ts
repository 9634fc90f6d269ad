/** A Home tab that a person has opened, and what it shows. */
export interface HomeTab {
  readonly teamId: string;
  readonly userId: string;
  readonly openedAt: Date;
  /** A digest of what was last published. */
  readonly shown: string;
}

/** The Home tabs that are kept up to date, also over a restart of the bot. */
export interface HomeTabs {
  save(tab: HomeTab): Promise<void>;
  /** Those opened since, the latest last; forgets the others. */
  since(moment: Date, limit: number): Promise<readonly HomeTab[]>;
  forget(tab: Pick<HomeTab, 'teamId' | 'userId'>): Promise<void>;
}
