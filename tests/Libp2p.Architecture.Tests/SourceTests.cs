using Libp2p.Architecture.Tests.Reading;

namespace Libp2p.Architecture.Tests;

/// <summary>What holds for the whole source tree.</summary>
public class SourceTests
{
    private const int LongestFile = 600;

    // Sockets of a simulated network need neither gather nor have settings: the one body sends piece by piece, the other ignores what is asked.
    private static readonly string[] Bodies = ["Libp2p.IStreamSocket.SendAsync", "Libp2p.IStreamSocket.Configure"];

    [Fact]
    public void Interfaces_in_the_contracts_have_no_mechanism() => AssemblyFacts.Of("Libp2p.Abstractions").InterfaceBodies.ShouldBe(Bodies, ignoreOrder: true);

    [Fact]
    public void An_interface_with_a_mechanism_is_found() => AssemblyFacts.Of("Libp2p.Architecture.Tests").InterfaceBodies.ShouldBe([$"{typeof(IPlanted).FullName}.Mechanism"]);

    [Fact]
    public void Files_stay_readable_in_one_sitting()
    {
        var rooms = new[] { "abstractions", "generators", "plugins", "host", "tests" };
        var files = rooms.SelectMany(static room => Repository.Files(Path.Combine(Repository.Root, room), "*.cs")).ToList();
        files.Count.ShouldBeGreaterThan(100);
        files.Where(static file => IsTooLong(File.ReadLines(file).Count())).Select(Repository.Relative).ShouldBeEmpty($"split at {LongestFile} lines, on a concept: Type.Concept.cs");
    }

    [Fact]
    public void Every_project_is_in_the_solution() => Missing(File.ReadAllText(Path.Combine(Repository.Root, "Libp2p.Framework.sln")), Repository.Projects).ShouldBeEmpty();

    [Fact]
    public void Every_plugin_and_every_library_of_the_host_has_tests()
    {
        var tested = Repository.Projects.Where(static project => project.Name.EndsWith(".Tests", StringComparison.Ordinal)).SelectMany(static project => project.Projects).ToHashSet();
        var libraries = Repository.Plugins.Select(static plugin => plugin.Name).Concat(["Libp2p.Swarm", "Libp2p.Hosting", "Libp2p.Hosting.Plugins", "Libp2p.Abstractions", "Libp2p.Multiformats", "Libp2p.TestKit"]);
        libraries.Where(name => !tested.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void A_long_file_and_a_project_outside_the_solution_are_found()
    {
        IsTooLong(600).ShouldBeTrue();
        IsTooLong(599).ShouldBeFalse();
        Missing("…\"tests\\A\\A.csproj\"…", [new Project("A", "tests/A", [], []), new Project("B", "tests/B", [], [])]).ShouldBe(["tests/B"]);
    }

    private static bool IsTooLong(int lines) => lines >= LongestFile;

    private static IEnumerable<string> Missing(string solution, IEnumerable<Project> projects) =>
        projects.Where(project => !solution.Contains($"\"{project.Folder}/{project.Name}.csproj\"".Replace('/', '\\'), StringComparison.Ordinal)).Select(static project => project.Folder);
}

/// <summary>For the scanner to find.</summary>
public interface IPlanted
{
    void Contract();

    int Mechanism() => 1;
}
