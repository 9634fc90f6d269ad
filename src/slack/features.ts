/** What this version can push beyond locked data to courses. A door that is closed says so in the form. */
export interface Features {
  readonly overwrite: boolean;
  readonly sections: boolean;
  readonly crossSite: boolean;
}
