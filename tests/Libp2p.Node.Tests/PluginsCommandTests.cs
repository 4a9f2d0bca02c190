using System.Text.Json.Nodes;
using Libp2p.Hosting.Plugins;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p plugins</c>: what was found where, what was left out, why, and what to do.</summary>
public sealed class PluginsCommandTests : IDisposable
{
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Shows_each_with_its_folder_and_the_hash_that_an_allow_list_needs()
    {
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "plugins", "--json");
        code.ShouldBe(0, errors);
        var plugins = Plugins(output);
        foreach (var plugin in plugins.Values)
        {
            ((string)plugin["state"]!).ShouldBe("active");
            ((string)plugin["sha256"]!).ShouldBe(PluginFolderHash.Compute((string)plugin["folder"]!));
        }

        (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "plugins");
        code.ShouldBe(0, errors);
        foreach (var (name, plugin) in plugins)
        {
            output.ShouldContain(line => line.TrimStart().StartsWith(name + " ", StringComparison.Ordinal));
            output.ShouldContain(line => line.Contains((string)plugin["folder"]!));
            output.ShouldContain(line => line.Contains($"sha256 {(string)plugin["sha256"]!}"));
        }

        await using var allowing = NodeProcess.StartWith(_data.Path, new() { ["Libp2p__AllowedPluginHashes__0"] = (string)plugins["tcp"]["sha256"]! }, "plugins", "--json");
        (code, output, _) = await allowing.EndAsync();
        code.ShouldBe(1);
        foreach (var (name, plugin) in Plugins(output))
        {
            ((string)plugin["state"]!).ShouldBe(name == "tcp" ? "active" : "left-out");
            if (name != "tcp") ((string)plugin["remedy"]!).ShouldContain((string)plugins[name]["sha256"]!);
        }
    }

    [Fact]
    public async Task A_folder_left_out_fails_the_command_with_reason_and_remedy()
    {
        Directory.CreateDirectory(Path.Combine(_data.Path, "plugins", "Acme.Empty"));
        var (code, output, errors) = await NodeProcess.RunAsync(_data.Path, "plugins");
        code.ShouldBe(1, errors);
        output.ShouldContain(line => line.Contains("Acme.Empty") && line.Contains("left out: there is no Acme.Empty.dll in it. Name the folder"));
    }

    private static Dictionary<string, JsonObject> Plugins(List<string> output) =>
        JsonNode.Parse(output.Single(line => line.StartsWith('{')))!["plugins"]!.AsArray().ToDictionary(p => (string)p!["name"]!, p => p!.AsObject());
}
