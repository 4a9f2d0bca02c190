using Libp2p.Endurance.Kills;

namespace Libp2p.Endurance.Tests;

/// <summary>One kill of each kind. What is asserted holds at whichever moment it comes.</summary>
public sealed class KillsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("libp2p-kills-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_that_is_killed_starts_again_as_the_same_peer_and_nothing_is_half_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a named pipe instead of the socket that is looked at");
        await using var kills = new KillsCampaign(_folder, seed: 1, samePort: false, TestContext.Current.SendDiagnosticMessage);
        foreach (var moment in Enum.GetValues<KillMoment>())
        {
            await kills.KillAsync(moment);
        }

        await kills.EndAsync();
        kills.Count.ShouldBe(3);
    }
}
