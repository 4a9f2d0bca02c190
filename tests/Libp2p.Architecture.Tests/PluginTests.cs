using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

/// <summary>What is the same in every plugin.</summary>
public class PluginTests
{
    [Fact]
    public void Every_plugin_folder_has_its_entry_its_options_its_registration_and_its_readme()
    {
        Repository.Plugins.ShouldNotBeEmpty();
        foreach (var plugin in Repository.Plugins) Missing(plugin.Name, Directory.GetFiles(Path.Combine(Repository.Root, plugin.Folder)).Select(Path.GetFileName)!).ShouldBeEmpty(plugin.Name);
    }

    [Fact]
    public void Every_plugin_is_listed_in_the_readme()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (var plugin in Repository.Plugins) IsListed(readme, plugin).ShouldBeTrue($"{plugin.Name} has no row in the table of README.md");
    }

    [Fact]
    public void Public_in_a_plugin_are_its_entry_options_registration_and_roles_alone()
    {
        // What plugins share (plugins/common) is public to them; it ships inside each plugin's folder and is no API.
        foreach (var plugin in Repository.Plugins) AssemblyFacts.Of(plugin.Name).PublicTypes.Where(static type => !MayBePublic(type)).ShouldBeEmpty(plugin.Name);
    }

    [Fact]
    public void A_missing_file_a_missing_row_and_a_public_mechanism_are_found()
    {
        Missing("Libp2p.Transports.Tcp", ["TcpPlugin.cs", "README.md", "TcpBuilderExtensions.cs"]).ShouldBe(["TcpOptions.cs"]);
        Missing("Libp2p.Transports.Tcp", ["TcpPlugin.cs", "TcpOptions.cs", "TcpBuilderExtensions.cs", "README.md"]).ShouldBeEmpty();
        IsListed("| [Libp2p.Transports.Tcp](plugins/…) |", new Project("Libp2p.Transports.Udp", "", [], [])).ShouldBeFalse();
        MayBePublic(new PublicType("Libp2p.Muxers.Yamux.YamuxSession", [])).ShouldBeFalse();
        MayBePublic(new PublicType("Libp2p.Muxers.Yamux.YamuxMuxer", ["Libp2p.IStreamMuxer"])).ShouldBeTrue();
    }

    private static IEnumerable<string> Missing(string plugin, IEnumerable<string> files)
    {
        var name = plugin[(plugin.LastIndexOf('.') + 1)..];
        return ((string[])[$"{name}Plugin.cs", $"{name}Options.cs", $"{name}BuilderExtensions.cs", "README.md"]).Except(files);
    }

    private static bool IsListed(string readme, Project plugin) => readme.Split('\n').Any(line => line.StartsWith('|') && line.Contains($"[{plugin.Name}]", StringComparison.Ordinal));

    private static bool MayBePublic(PublicType type) =>
        type.Name.EndsWith("Plugin", StringComparison.Ordinal) || type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("BuilderExtensions", StringComparison.Ordinal)
        || type.Name == "Libp2p.Transports.Memory.MemoryHub" // what an application hands to AddMemory
        || type.Interfaces.Any(static role => role is "Libp2p.IByteTransport" or "Libp2p.IMultiplexedTransport" or "Libp2p.ISecurityChannel" or "Libp2p.IStreamMuxer"
            or "Libp2p.IConnectionProtector" or "Libp2p.IProtocolHandler" or "Libp2p.IDatastore");
}
