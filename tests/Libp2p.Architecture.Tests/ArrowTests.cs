using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

public class ArrowTests
{
    private static IEnumerable<Project> Rooms =>
        Repository.Projects.Where(static project => project.Folder.Split('/')[0] is "abstractions" or "plugins" || project.Name is "Libp2p.Swarm" or "Libp2p.Hosting" or "Libp2p.Hosting.Plugins");

    [Fact]
    public void Project_references_run_one_way() => Rooms.SelectMany(static project => Arrows.Broken(project, project.Projects)).ShouldBeEmpty();

    [Fact]
    public void Assembly_references_run_one_way() => Rooms.SelectMany(static project => Arrows.Broken(project, AssemblyFacts.Of(project.Name).References)).ShouldBeEmpty();

    [Fact]
    public void Only_the_hosts_that_load_plugins_from_folders_reference_McMaster()
    {
        foreach (var project in Repository.Projects.Where(static project => project.Packages.Any(IsMcMaster))) project.Name.ShouldBeOneOf("Libp2p.Hosting.Plugins", "Libp2p.Node");
        foreach (var name in (string[])["Libp2p.Hosting", "Libp2p.Swarm", "Libp2p.Abstractions", .. Repository.Plugins.Select(static plugin => plugin.Name)])
        {
            AssemblyFacts.Of(name).References.ShouldNotContain(static reference => IsMcMaster(reference), name);
        }

        AssemblyFacts.Of("Libp2p.Hosting.Plugins").References.ShouldContain(static reference => IsMcMaster(reference));
    }

    [Theory]
    [InlineData("Libp2p.Transports.X", "plugins/transports/Libp2p.Transports.X", "Libp2p.Muxers.Yamux")]
    [InlineData("Libp2p.Transports.X", "plugins/transports/Libp2p.Transports.X", "Libp2p.Swarm")]
    [InlineData("Libp2p.Common", "plugins/common/Libp2p.Common", "Libp2p.Crypto")]
    [InlineData("Libp2p.Abstractions", "abstractions/Libp2p.Abstractions", "Libp2p.Swarm")]
    [InlineData("Libp2p.Multiformats", "abstractions/Libp2p.Multiformats", "Libp2p.Abstractions")]
    [InlineData("Libp2p.Swarm", "host/Libp2p.Swarm", "Libp2p.Security.Noise")]
    [InlineData("Libp2p.Hosting", "host/Libp2p.Hosting", "Libp2p.Hosting.Plugins")]
    public void A_wrong_arrow_is_found(string project, string folder, string reference) =>
        Arrows.Broken(new Project(project, folder, [reference], []), [reference]).ShouldBe([$"{project} sees {reference}"]);

    [Fact]
    public void A_right_arrow_is_not() =>
        Arrows.Broken(new Project("Libp2p.Transports.X", "plugins/transports/Libp2p.Transports.X", [], []), ["Libp2p.Abstractions", "Libp2p.Crypto", "System.Runtime"]).ShouldBeEmpty();

    private static bool IsMcMaster(string name) => name.StartsWith("McMaster.", StringComparison.Ordinal);
}
