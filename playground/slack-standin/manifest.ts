import { type AppManifest, StandInSetupError } from './contract.ts';

/** The bot scopes the installed app holds: the manifest's required and optional ones. */
export function grantedScopes(manifest: AppManifest): readonly string[] {
  const scopes = manifest.oauth_config?.scopes;
  return [...(scopes?.bot ?? []), ...(scopes?.bot_optional ?? [])];
}

/**
 * Refuses what Slack refuses when an app is created from a manifest (F62, F64), as far as the stand-in uses it.
 * @throws StandInSetupError
 */
export function checkManifest(manifest: AppManifest): void {
  const { slash_commands: commands = [], shortcuts = [] } = manifest.features ?? {};
  const { socket_mode_enabled: isSocketMode, interactivity } = manifest.settings ?? {};
  const needsCommands = commands.length + shortcuts.length > 0;
  const isHttpInteractive = isSocketMode !== true && interactivity?.is_enabled === true;
  const rules: readonly (readonly [boolean, string])[] = [
    [manifest.display_information.name.length <= 35, 'the name is longer than 35 characters'],
    [
      commands.every(({ command }) => /^\/[^\s/]{1,31}$/.test(command)),
      'a slash command is / and up to 31 characters without spaces',
    ],
    [
      shortcuts.every(({ name }) => name.length <= 24),
      "a shortcut's name is longer than 24 characters",
    ],
    [
      !needsCommands || grantedScopes(manifest).includes('commands'),
      'slash commands and shortcuts need the scope commands',
    ],
    [
      !isHttpInteractive || interactivity.request_url !== undefined,
      'interactivity over HTTP needs request_url',
    ],
  ];
  const faults = rules.filter(([holds]) => !holds).map(([, fault]) => fault);
  if (faults.length > 0)
    throw new StandInSetupError(`Slack refuses this manifest: ${faults.join('; ')}.`);
}
