using System.Text.Json;
using Libp2p.Hosting;
using Spectre.Console;

namespace Libp2p.Node.Output;

/// <summary>What was found of each plugin, where, and what became of it.</summary>
internal static class PluginLines
{
    public static void Print(IAnsiConsole console, IReadOnlyCollection<PluginReport> plugins, bool withFolders = false)
    {
        if (plugins.Count == 0) console.WriteLine("  none found");
        foreach (var plugin in plugins)
        {
            switch (plugin.State)
            {
                case PluginState.Active:
                    console.MarkupLineInterpolated($"  {plugin.Name,-12} {plugin.Version}{(withFolders ? $"  {string.Join(", ", plugin.Roles)}  {plugin.Folder}" : "")}");
                    break;
                case PluginState.Disabled:
                    console.MarkupLineInterpolated($"  [grey]{plugin.Name,-12} {plugin.Version}  disabled: {plugin.Reason}[/]");
                    break;
                default:
                    console.MarkupLineInterpolated($"  [red]{plugin.Name,-12} {plugin.Version}  left out:[/] {plugin.Reason} [yellow]{plugin.Remedy}[/]");
                    break;
            }
        }
    }

    public static void WriteJson(Utf8JsonWriter json, IReadOnlyCollection<PluginReport> plugins)
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
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
