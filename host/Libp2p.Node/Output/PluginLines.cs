using System.Text.Json;
using Libp2p.Hosting;
using Libp2p.Hosting.Plugins;
using Spectre.Console;

namespace Libp2p.Node.Output;

/// <summary>What was found of each plugin, where, and what became of it.</summary>
internal static class PluginLines
{
    public static void Print(IAnsiConsole console, IReadOnlyCollection<PluginReport> plugins, bool detailed = false)
    {
        if (plugins.Count == 0) console.WriteLine("  none found");
        foreach (var plugin in plugins)
        {
            // What a folder says of itself, and errors about it, may be anything.
            var (name, version) = (TerminalText.Clean(plugin.Name, 64), TerminalText.Clean(plugin.Version, 64));
            var (reason, remedy) = (TerminalText.Clean(plugin.Reason, 1000), TerminalText.Clean(plugin.Remedy, 1000));
            switch (plugin.State)
            {
                case PluginState.Active:
                    console.MarkupLineInterpolated($"  {name,-12} {version}{(detailed ? $"  {string.Join(", ", plugin.Roles)}" : "")}");
                    break;
                case PluginState.Disabled:
                    console.MarkupLineInterpolated($"  [grey]{name,-12} {version}  disabled: {reason}[/]");
                    break;
                default:
                    console.MarkupLineInterpolated($"  [red]{name,-12} {version}  left out:[/] {reason} [yellow]{remedy}[/]");
                    break;
            }

            if (!detailed || plugin.Folder is null) continue;
            console.MarkupLineInterpolated($"    [grey]{TerminalText.Clean(plugin.Folder, 1000)}[/]");
            if (HashOf(plugin) is { } hash) console.MarkupLineInterpolated($"    [grey]sha256 {hash}[/]");
        }
    }

    public static void WriteJson(Utf8JsonWriter json, IReadOnlyCollection<PluginReport> plugins, bool detailed = false)
    {
        json.WriteStartArray("plugins");
        foreach (var plugin in plugins)
        {
            json.WriteStartObject();
            json.WriteString("name", plugin.Name);
            json.WriteString("version", plugin.Version);
            json.WriteString("state", plugin.State switch { PluginState.Active => "active", PluginState.Disabled => "disabled", _ => "left-out" });
            if (plugin.Folder is not null) json.WriteString("folder", plugin.Folder);
            if (plugin.Reason is not null) json.WriteString("reason", plugin.Reason);
            if (plugin.Remedy is not null) json.WriteString("remedy", plugin.Remedy);
            json.WriteStrings("roles", plugin.Roles);
            if (detailed) json.WriteString("sha256", HashOf(plugin));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What an allow-list of plugins names; null: it has no folder, or one that cannot be read.</summary>
    private static string? HashOf(PluginReport plugin)
    {
        try
        {
            return plugin.Folder is { } folder ? PluginFolderHash.Compute(folder) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
