using Libp2p.Fuzz.Mutation;

namespace Libp2p.Fuzz.Tests;

/// <summary>What a stranger may send: corpus, findings of campaigns, and 20,000 mutations a target, the same in every run.</summary>
public class TargetTests
{
    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds_for_all_that_is_known_and_for_mutations_of_it(string name) => MutationRun.Run(FuzzTargets.Get(name), seed: 1, MutationRun.Executions);

    /// <summary>A target that refused its seeds at once would hold for everything.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Has_seeds_within_its_length(string name)
    {
        var target = FuzzTargets.Get(name);
        target.Seeds.ShouldNotBeEmpty();
        target.Seeds.ShouldAllBe(seed => seed.Length <= target.MaxLength);
        FuzzFolders.Files(FuzzFolders.Corpus(name)).ShouldAllBe(file => new FileInfo(file).Length <= target.MaxLength);
    }

    [Fact]
    public void Every_wire_message_is_a_target()
    {
        var names = FuzzTargets.All.Select(target => target.Name).ToList();
        names.ShouldBeUnique();
        names.Count(name => name.StartsWith("wire-", StringComparison.Ordinal)).ShouldBe(FuzzTargets.Schemas.Count());
        FuzzTargets.Schemas.ShouldContain(schema => schema.FullName == "identify.pb.Identify");
    }

    [Fact]
    public void The_corpus_is_small_and_of_known_targets()
    {
        var folder = Path.GetDirectoryName(FuzzFolders.Corpus("any"))!;
        var names = FuzzTargets.All.Select(target => target.Name).ToList();
        Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).ShouldBeSubsetOf(names);
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(1 << 20);
    }
}
